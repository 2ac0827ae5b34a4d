use super::super::{Credential, SigningOptions};
use super::{aws_keys, header, moment, request};
use crate::settings::{CredentialSettings, Secret};

fn every_kind(canary: &str) -> Vec<Credential> {
    let secret = || Secret::new(canary);
    let settings = [
        aws_keys(canary, canary, Some(canary)),
        CredentialSettings::Bearer { token: secret() },
        CredentialSettings::Basic { user: secret(), password: secret() },
    ];
    settings.iter().map(|settings| Credential::new(settings).expect("a credential")).collect()
}

#[test]
fn neither_a_credential_nor_a_signed_request_shows_a_secret() {
    for credential in every_kind("hunter2") {
        assert!(!format!("{credential:?}").contains("hunter2"), "{credential:?}");
        let mut request = request("GET", "https://s3.amazonaws.com/", &[], "");
        credential.sign(&mut request, &SigningOptions::default(), moment("2026-01-01T00:00:00Z")).expect("a signature");
        let shown = format!("{request:?}");
        // An access key is an identifier, and part of what AWS calls a signature.
        assert!(!shown.contains("aHVudGVyMjpodW50ZXIy") && !shown.contains("Bearer") && !shown.contains("token\": \"hunter2"), "{shown}");
    }
}

#[test]
fn the_headers_hold_the_secret_itself() {
    let sign = |settings: CredentialSettings| {
        let mut request = request("GET", "https://example.com/", &[], "");
        let credential = Credential::new(&settings).expect("a credential");
        credential.sign(&mut request, &SigningOptions::default(), moment("2026-01-01T00:00:00Z")).expect("it needs nothing");
        header(&request, "authorization").expect("a header").to_owned()
    };
    assert_eq!(sign(CredentialSettings::Bearer { token: Secret::new("t0ken") }), "Bearer t0ken");
    // The example of RFC 7617.
    let basic = CredentialSettings::Basic { user: Secret::new("Aladdin"), password: Secret::new("open sesame") };
    assert_eq!(sign(basic), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

#[test]
fn what_cannot_be_sent_is_refused_without_being_shown() {
    let refused = [
        CredentialSettings::Bearer { token: Secret::new("hunter2\r\nx: y") },
        CredentialSettings::Basic { user: Secret::new("hunter2:"), password: Secret::new("p") },
        aws_keys("hunter2\n", "s", None),
        aws_keys("a", "s", Some("hunter2 ")),
    ];
    for settings in refused {
        let error = Credential::new(&settings).expect_err("it cannot be sent").to_string();
        assert!(!error.contains("hunter2"), "{error}");
        assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
    }
}

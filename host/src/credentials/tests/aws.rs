use serde::Deserialize;

use super::super::aws::AwsKeys;
use super::super::{Credential, SigningOptions};
use super::{AWS_SECRET, aws_keys, header, moment, request};

/// From AWS's own test suite for Signature Version 4.
const CASES: &str = include_str!("sigv4.json");

#[derive(Deserialize)]
struct Case {
    name: String,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    session_token: Option<String>,
    authorization: String,
}

fn options(service: &str, region: &str) -> SigningOptions {
    SigningOptions { aws_region: Some(region.into()), aws_service: Some(service.into()) }
}

#[test]
fn signatures_are_those_of_awss_test_suite() {
    let cases: Vec<Case> = serde_json::from_str(CASES).expect("cases");
    assert_eq!(cases.len(), 8);
    for case in cases {
        let credential = Credential::new(&aws_keys("AKIDEXAMPLE", AWS_SECRET, case.session_token.as_deref())).expect("keys");
        let mut request = request(&case.method, &case.url, &case.headers, &case.body);
        credential.sign(&mut request, &options("service", "us-east-1"), moment("2015-08-30T12:36:00Z")).expect("a signature");
        assert_eq!(header(&request, "authorization"), Some(&*case.authorization), "{}", case.name);
        assert_eq!(header(&request, "x-amz-security-token"), case.session_token.as_deref(), "{}", case.name);
    }
}

/// From AWS's own library.
#[test]
fn for_other_services_than_s3_the_path_is_encoded_once_more() {
    let credential = Credential::new(&aws_keys("ANOTREAL", "notrealrnrELgWzOk3IfjzDKtFBhDby", None)).expect("keys");
    let url = "https://tj9n5r0m12.execute-api.us-east-1.amazonaws.com/test/@connections/JBDvjfGEIAMCERw%3D";
    let mut request = request("POST", url, &[], "");
    credential.sign(&mut request, &options("service", "us-east-1"), moment("2015-08-30T12:36:00Z")).expect("a signature");
    let authorization = header(&request, "authorization").expect("it is signed");
    assert!(authorization.ends_with("Signature=57d157672191bac40bae387e48bbe14b15303c001fdbb01f4abf295dccb09705"), "{authorization}");
}

/// The examples of S3's documentation, in which the digest of the body is a signed header. Service and region come from the host's name.
#[test]
fn s3_is_signed_as_in_its_documentation() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let credential = Credential::new(&aws_keys("AKIAIOSFODNN7EXAMPLE", secret, None)).expect("keys");
    let range = ("range".to_owned(), "bytes=0-9".to_owned());
    let cases = [
        ("/test.txt", vec![range], "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("/?lifecycle", Vec::new(), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("/?max-keys=2&prefix=J", Vec::new(), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ];
    for (path, headers, signature) in cases {
        let mut request = request("GET", &format!("https://examplebucket.s3.amazonaws.com{path}"), &headers, "");
        credential.sign(&mut request, &SigningOptions::default(), moment("2013-05-24T00:00:00Z")).expect("a signature");
        let authorization = header(&request, "authorization").expect("it is signed");
        assert!(authorization.ends_with(&format!("Signature={signature}")), "{path}: {authorization}");
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(header(&request, "x-amz-content-sha256"), Some(empty));
    }
}

#[test]
fn a_host_that_is_not_awss_needs_the_service() {
    let credential = Credential::new(&aws_keys("AKIDEXAMPLE", AWS_SECRET, None)).expect("keys");
    let sign = |options: &SigningOptions| {
        let mut request = request("GET", "http://127.0.0.1:9000/bucket", &[], "");
        credential.sign(&mut request, options, moment("2026-01-01T00:00:00Z")).map_err(|error| error.to_string())?;
        Ok::<_, String>(header(&request, "authorization").expect("it is signed").to_owned())
    };
    let unknown = sign(&SigningOptions::default()).expect_err("no service");
    assert!(
        unknown.starts_with("the host `127.0.0.1` does not tell which service of AWS it is: name it in the option `aws-service`"),
        "{unknown}"
    );
    let signed = sign(&SigningOptions { aws_service: Some("s3".into()), aws_region: None }).expect("a signature");
    assert!(signed.contains("/20260101/us-east-1/s3/aws4_request"), "{signed}");
    let bad = sign(&options("s3\r\nx: y", "us-east-1")).expect_err("no service");
    assert_eq!(bad, "the option `aws-service` is no name of AWS: expected letters, digits and hyphens, as in `s3`");
    assert!(sign(&options("s3", "")).is_err());
}

#[test]
fn the_environment_is_read_by_the_names_that_aws_gave() {
    let read = |variables: &[(&str, &str)]| {
        AwsKeys::of_environment(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    };
    let keys = read(&[("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "S"), ("AWS_SESSION_TOKEN", "")]).expect("keys");
    assert_eq!((keys.access_key.expose(), keys.secret_key.expose(), keys.session_token), ("A", "S", None));
    let error = read(&[("AWS_ACCESS_KEY_ID", "A")]).expect_err("no secret").to_string();
    assert_eq!(
        error,
        "the environment variable `AWS_SECRET_ACCESS_KEY` is not set; `\"from\": \"environment\"` takes AWS's keys from there"
    );
}

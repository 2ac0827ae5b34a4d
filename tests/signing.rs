//! Signed requests before real servers, which accept them, and refuse the same ones with another key.

use std::time::SystemTime;

use reddalert::credentials::{Credential, SigningOptions};
use reddalert::settings::{AwsSettings, ChefVersion, CredentialSettings, Secret};
use reqwest::{Client, Method, Request};

use crate::support::{Aws, ChefServer};

pub(crate) fn chef(user: &str, key: &str, version: ChefVersion) -> Credential {
    Credential::new(&CredentialSettings::Chef { user: Secret::new(user), key: Secret::new(key), version }).expect("a key")
}

pub(crate) fn aws(access_key: &str, secret_key: &str) -> Credential {
    let keys = AwsSettings::Keys { access_key: Secret::new(access_key), secret_key: Secret::new(secret_key), session_token: None };
    Credential::new(&CredentialSettings::Aws(keys)).expect("keys")
}

/// Signs and sends; the status and the body of the answer.
pub(crate) fn send(
    credential: &Credential,
    options: &SigningOptions,
    method: &str,
    url: &str,
    headers: &[(&'static str, &str)],
    body: &str,
) -> (u16, String) {
    let mut request = Request::new(method.parse::<Method>().expect("a method"), url.parse().expect("a URL"));
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a value"));
    }
    if !body.is_empty() {
        *request.body_mut() = Some(body.to_owned().into());
    }
    credential.sign(&mut request, options, SystemTime::now()).expect("a signature");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let answer = Client::new().execute(request).await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    })
}

#[test]
fn a_chef_server_accepts_every_version_and_refuses_another_key() {
    let Some(server) = ChefServer::start("a_chef_server_accepts_every_version_and_refuses_another_key") else { return };
    let (url, admin, other) = (server.url(), server.key("admin"), server.key("chef-validator"));
    let json = [("accept", "application/json"), ("content-type", "application/json"), ("x-chef-version", "11.4.0")];
    let ask = |credential: &Credential, method: &str, path: &str, body: &str| {
        send(credential, &SigningOptions::default(), method, &format!("{url}{path}"), &json, body)
    };
    let node = r#"{"name": "web-1", "chef_type": "node", "json_class": "Chef::Node", "automatic": {"ec2": {"instance_id": "i-1"}}, "normal": {}, "default": {}, "override": {}, "run_list": []}"#;
    let created = ask(&chef("admin", &admin, ChefVersion::V1_3), "POST", "/nodes", node);
    assert_eq!(created.0, 201, "{}", created.1);
    for version in [ChefVersion::V1_0, ChefVersion::V1_1, ChefVersion::V1_3] {
        let (status, nodes) = ask(&chef("admin", &admin, version), "GET", "/nodes", "");
        assert!(status == 200 && nodes.contains("/nodes/web-1"), "{version:?}: {status} {nodes}");
        // What is asked is not signed, so it may stand behind the path.
        let (status, found) =
            ask(&chef("admin", &admin, version), "POST", "/search/node?q=*:*&start=0&rows=2", r#"{"id": ["ec2", "instance_id"]}"#);
        assert!(status == 200 && found.contains("i-1"), "{version:?}: {status} {found}");
        let (status, said) = ask(&chef("admin", &other, version), "GET", "/nodes", "");
        assert_eq!(status, 401, "{version:?} with the key of another: {said}");
        let (status, said) = ask(&chef("nobody", &admin, version), "GET", "/nodes", "");
        assert_eq!(status, 401, "{version:?} of nobody: {said}");
    }
}

#[test]
fn aws_accepts_signatures_and_refuses_those_of_another_key() {
    // The first three calls set up whom the stand-in then asks for a signature.
    let strict = [("INITIAL_NO_AUTH_ACTION_COUNT", "3")];
    let Some(server) = Aws::start_with("aws_accepts_signatures_and_refuses_those_of_another_key", &strict) else { return };
    server.ask(&["iam", "create-user", "--user-name", "audit"]);
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    server.ask(&["iam", "put-user-policy", "--user-name", "audit", "--policy-name", "all", "--policy-document", policy]);
    let key = server.ask(&[
        "iam",
        "create-access-key",
        "--user-name",
        "audit",
        "--query",
        "AccessKey.[AccessKeyId,SecretAccessKey]",
        "--output",
        "text",
    ]);
    let (access_key, secret_key) = key.split_once('\t').expect("two texts");
    let (right, wrong) = (aws(access_key, secret_key), aws(access_key, &secret_key.to_lowercase()));
    let options = |service: &str| SigningOptions { aws_service: Some(service.into()), aws_region: Some("us-east-1".into()) };
    let s3 = |credential: &Credential, method: &str, path: &str, body: &str| {
        send(credential, &options("s3"), method, &format!("{}{path}", server.endpoint()), &[], body)
    };
    let made = s3(&right, "PUT", "/example-logs", "");
    assert_eq!(made.0, 200, "{}", made.1);
    assert_eq!(s3(&right, "PUT", "/example-logs/a%20b/c%2Bd?x-id=PutObject", "content").0, 200);
    let (status, listed) = s3(&right, "GET", "/example-logs?list-type=2&prefix=a%20b%2F&delimiter=%2F", "");
    assert!(status == 200 && listed.contains("c+d"), "{status} {listed}");
    let (status, said) = s3(&wrong, "GET", "/example-logs?list-type=2", "");
    assert!(status == 403 && said.contains("SignatureDoesNotMatch"), "{status} {said}");
    let caller = |credential: &Credential| {
        let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        send(credential, &options("sts"), "POST", server.endpoint(), &form, "Action=GetCallerIdentity&Version=2011-06-15")
    };
    let (status, said) = caller(&right);
    assert!(status == 200 && said.contains("user/audit"), "{status} {said}");
    assert_eq!(caller(&wrong).0, 403);
}

use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, CallError, ErrorKind, Severity, Window};
use serde_json::{Value, json};

use crate::S3Acl;

const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const SERVER: &str = "https://s3.us-east-1.amazonaws.com";
const LISTING: &str = "?delimiter=%2F&encoding-type=url&list-type=2&prefix=";

fn list(group: &str, item: &str, name: &str, names: &[&str]) -> String {
    let items: Vec<String> = names.iter().map(|name| format!("<{group}><{item}>{name}</{item}></{group}>")).collect();
    format!("<{name}>{}</{name}>", items.concat())
}

fn access_list(grants: &[(&str, &str)]) -> String {
    let grant = |(grantee, permission): &(&str, &str)| {
        let grantee = if grantee.starts_with("http") { format!("<URI>{grantee}</URI>") } else { format!("<ID>{grantee}</ID>") };
        format!("<Grant><Grantee>{grantee}</Grantee><Permission>{permission}</Permission></Grant>")
    };
    let grants = grants.iter().map(grant).collect::<Vec<_>>().concat();
    format!("<AccessControlPolicy><AccessControlList>{grants}</AccessControlList></AccessControlPolicy>")
}

/// A host with these buckets.
fn host(buckets: &[&str]) -> MockHost {
    let names: Vec<String> = buckets.iter().map(|name| format!("<Bucket><Name>{name}</Name></Bucket>")).collect();
    let names = names.concat();
    let all = format!("<ListAllMyBucketsResult><Buckets>{names}</Buckets></ListAllMyBucketsResult>");
    let host = MockHost::new(Window { since: 0, until: 10 }).with_page(&format!("{SERVER}/"), 200, all);
    let region = |host: MockHost, name: &&str| host.with_page(&format!("{SERVER}/{name}?location"), 200, "<LocationConstraint/>");
    buckets.iter().fold(host, region)
}

/// With a bucket's access list, and the keys that it holds at the top.
fn bucket(host: MockHost, name: &str, grants: &[(&str, &str)], keys: &[&str]) -> MockHost {
    host.with_page(&format!("{SERVER}/{name}?acl"), 200, access_list(grants)).with_page(
        &format!("{SERVER}/{name}{LISTING}"),
        200,
        list("Contents", "Key", "ListBucketResult", keys),
    )
}

fn run_with(settings: &Value, host: &MockHost) -> Vec<Alert> {
    mock::run::<S3Acl>(settings, host).expect("a run")
}

fn run(host: &MockHost) -> Vec<Alert> {
    run_with(&json!({"visit": "all", "allowed": [{"uid": "me", "op": "FULL_CONTROL"}]}), host)
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<S3Acl>("cases");
}

#[test]
fn a_grant_that_is_not_allowed_is_told() {
    let grants = [("me", "FULL_CONTROL"), (ALL_USERS, "READ"), ("stranger", "WRITE")];
    let host = bucket(host(&["open"]), "open", &grants, &["a+key/b"]);
    let host = host.with_page(&format!("{SERVER}/open/a%20key/b?acl"), 200, access_list(&[("me", "READ")]));
    let alerts = run(&host);
    assert_eq!(alerts.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), ["open", "open:a key/b"]);
    let texts: Vec<Value> = alerts[0].details.iter().map(reddalert_sdk::Detail::to_json).collect();
    assert_eq!(texts, [json!(format!("{ALL_USERS} READ")), json!("stranger WRITE")]);
    assert_eq!((alerts[0].severity, alerts[1].severity), (Some(Severity::High), Some(Severity::Medium)));
    let request = &host.sent_requests()[1];
    assert_eq!(request.options, [("aws-region".into(), "us-east-1".into()), ("aws-service".into(), "s3".into())]);
}

#[test]
fn what_is_allowed_is_quiet() {
    let new_host = || bucket(host(&["b"]), "b", &[(ALL_USERS, "READ"), ("me", "FULL_CONTROL")], &[]);
    let read = |more: &Value| {
        let mut settings = json!({"visit": "all", "allowed": [{"uid": "me", "op": "FULL_CONTROL"}]});
        for (key, value) in more.as_object().expect("an object") {
            settings[key] = value.clone();
        }
        run_with(&settings, &new_host()).len()
    };
    assert_eq!(read(&json!({"allowed_specific": {"b": [{"gid": ALL_USERS, "op": "READ"}]}})), 0);
    assert_eq!(read(&json!({"allowed_specific": {"other": [{"gid": ALL_USERS, "op": "READ"}]}})), 1);
    assert_eq!(read(&json!({"allowed_specific": {"b": [{"uid": ALL_USERS, "op": "READ"}]}})), 1);
    assert_eq!(read(&json!({"allowed_specific": {"b": [{"gid": ALL_USERS, "op": "WRITE"}]}})), 1);
    assert_eq!(read(&json!({"excluded_buckets": ["b"]})), 0);
}

#[test]
fn folders_are_walked_and_pages_are_turned() {
    let page = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t/1</NextContinuationToken>\
        <Contents><Key>a</Key></Contents></ListBucketResult>";
    let rest = list("CommonPrefixes", "Prefix", "ListBucketResult", &["deep/"]);
    let host = host(&["b"])
        .with_page(&format!("{SERVER}/b?acl"), 200, access_list(&[]))
        .with_page(&format!("{SERVER}/b{LISTING}"), 200, page)
        .with_page(&format!("{SERVER}/b{}", LISTING.replace('?', "?continuation-token=t%2F1&")), 200, rest)
        .with_page(&format!("{SERVER}/b{LISTING}deep%2F"), 200, list("Contents", "Key", "ListBucketResult", &["deep/tmp_1.json", "deep/c"]))
        .with_page(&format!("{SERVER}/b/a?acl"), 200, access_list(&[(ALL_USERS, "READ")]))
        .with_page(&format!("{SERVER}/b/deep/c?acl"), 200, access_list(&[(ALL_USERS, "WRITE")]));
    let alerts = run_with(&json!({"visit": "all", "excluded_keys": ["^.*tmp_\\w*.json$"]}), &host);
    assert_eq!(alerts.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), ["b:a", "b:deep/c"]);
    assert_eq!(alerts[1].severity, Some(Severity::Critical));
}

#[test]
fn q26_one_of_a_few_is_looked_at_by_default() {
    let all = ["a", "b", "c"].iter().fold(host(&["a", "b", "c"]), |host, name| bucket(host, name, &[(ALL_USERS, "READ")], &[]));
    assert_eq!(run_with(&json!({"seed": 1}), &all).len(), 1);
    assert_eq!(run_with(&json!({"visit": "all"}), &all).len(), 3);
    assert_eq!(run_with(&json!({"visit_probability": 1}), &all).len(), 3);
}

#[test]
fn what_is_gone_is_left_out_and_what_is_refused_is_reported() {
    let denied = "<Error><Code>AccessDenied</Code></Error>";
    let host = host(&["gone", "closed", "b"]).with_page(&format!("{SERVER}/gone?location"), 404, "").with_page(
        &format!("{SERVER}/closed?location"),
        403,
        denied,
    );
    let host = bucket(host, "b", &[(ALL_USERS, "READ")], &["x/../y"]);
    assert_eq!(run(&host).len(), 1);
    let skipped = host.skipped_things();
    assert_eq!(skipped[0], ("closed".to_owned(), "S3 answers 403 AccessDenied".to_owned()));
    assert_eq!(skipped[1].0, "b:x/../y");
}

#[test]
fn an_s3_that_does_not_answer_fails_the_rule() {
    let refusal = |host: MockHost| mock::run::<S3Acl>(&json!({"visit": "all"}), &host).expect_err("down").to_string();
    let down = CallError { kind: ErrorKind::Unavailable, status: None, message: "connection refused".into() };
    let new_host = || bucket(host(&["b"]), "b", &[], &[]);
    let url = format!("{SERVER}/b?acl");
    assert_eq!(refusal(new_host().with_response(&url, Err(down))), "S3 cannot be asked about b: connection refused");
    assert_eq!(
        refusal(new_host().with_page(&url, 503, "<Error><Code>SlowDown</Code></Error>")),
        "S3 does not answer about b: 503 SlowDown"
    );
    assert_eq!(refusal(new_host().with_page(&url, 200, "<html/>")), "S3's answer about b cannot be read");
    let refused = new_host().with_page(&format!("{SERVER}/"), 403, "<Error><Code>InvalidAccessKeyId</Code></Error>");
    assert_eq!(refusal(refused), "S3 does not list the buckets: 403 InvalidAccessKeyId");
    let ungranted = MockHost::new(Window { since: 0, until: 10 });
    assert!(refusal(ungranted).ends_with("is not granted"));
}

#[test]
fn another_server_is_asked_when_it_is_named() {
    let host = MockHost::new(Window { since: 0, until: 10 });
    let all = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
    let host = host.with_page("http://minio.test:9000/", 200, all);
    assert_eq!(run_with(&json!({"endpoint": "http://minio.test:9000/"}), &host), []);
}

#[test]
fn settings_are_checked() {
    let refusal = |settings: Value| mock::run::<S3Acl>(&settings, &host(&[])).expect_err("bad settings").to_string();
    assert_eq!(refusal(json!({"visit_probability": -1})), "setting `visit_probability`: -1 is below 0");
    assert!(refusal(json!({"visit": "some"})).starts_with("setting `visit`: unknown variant `some`"));
    assert!(refusal(json!({"allowed": [{"uid": "x"}]})).starts_with("setting `allowed`: missing field `op`"));
    assert!(refusal(json!({"excluded_keys": ["("]})).starts_with("setting `excluded_keys`: `(`"));
}

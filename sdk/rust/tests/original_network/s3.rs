//! The buckets that the original looked at, on a server that answers as moto did for it.

use std::collections::BTreeSet;

use reddalert_sdk::mock::MockHost;
use serde_json::{Map, Value};

const SERVER: &str = "https://s3.us-east-1.amazonaws.com";
const GROUPS: &str = "http://acs.amazonaws.com/groups";

pub(crate) fn serve(host: MockHost, buckets: &Value) -> MockHost {
    let buckets = buckets.as_object().unwrap();
    let names: Vec<String> = buckets.keys().map(|name| format!("<Bucket><Name>{name}</Name></Bucket>")).collect();
    let names = names.concat();
    let host =
        host.with_page(&format!("{SERVER}/"), 200, format!("<ListAllMyBucketsResult><Buckets>{names}</Buckets></ListAllMyBucketsResult>"));
    buckets.iter().fold(host, |host, (name, bucket)| serve_bucket(host, name, bucket))
}

fn serve_bucket(host: MockHost, name: &str, bucket: &Value) -> MockHost {
    let keys: &Map<String, Value> = bucket["keys"].as_object().unwrap();
    let mut host = host.with_page(&format!("{SERVER}/{name}?location"), 200, "<LocationConstraint/>").with_page(
        &format!("{SERVER}/{name}?acl"),
        200,
        access_list(&bucket["acl"]),
    );
    for (key, acl) in keys {
        host = host.with_page(&format!("{SERVER}/{name}/{key}?acl"), 200, access_list(acl));
    }
    let inner = keys.keys().flat_map(|key| key.match_indices('/').map(|(index, _)| &key[..=index]));
    let prefixes: BTreeSet<&str> = inner.chain([""]).collect();
    prefixes.iter().fold(host, |host, prefix| {
        let url = format!("{SERVER}/{name}?delimiter=%2F&encoding-type=url&list-type=2&prefix={}", prefix.replace('/', "%2F"));
        host.with_page(&url, 200, listing(keys, prefix))
    })
}

fn listing(keys: &Map<String, Value>, prefix: &str) -> String {
    let rest = keys.keys().filter_map(|key| key.strip_prefix(prefix));
    let below: BTreeSet<String> =
        rest.clone().filter_map(|key| key.split_once('/')).map(|(folder, _)| format!("{prefix}{folder}/")).collect();
    let here = rest.filter(|key| !key.contains('/')).map(|key| format!("<Contents><Key>{prefix}{key}</Key></Contents>"));
    let below = below.iter().map(|folder| format!("<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>"));
    format!("<ListBucketResult>{}</ListBucketResult>", here.chain(below).collect::<String>())
}

/// The canned lists, of which moto writes one permission a group.
fn access_list(acl: &Value) -> String {
    let groups: &[(&str, &str)] = match acl.as_str().unwrap() {
        "private" => &[],
        "public-read" | "public-read-write" => &[("global/AllUsers", "READ")],
        "authenticated-read" => &[("global/AuthenticatedUsers", "READ")],
        "log-delivery-write" => &[("s3/LogDelivery", "READ_ACP"), ("s3/LogDelivery", "WRITE")],
        other => panic!("no such list: {other}"),
    };
    let groups = groups.iter().map(|(group, permission)| {
        format!("<Grant><Grantee><URI>{GROUPS}/{group}</URI></Grantee><Permission>{permission}</Permission></Grant>")
    });
    let owner = "<Grant><Grantee><ID>OWNER</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>".to_owned();
    let grants: String = groups.chain([owner]).collect();
    format!("<AccessControlPolicy><AccessControlList>{grants}</AccessControlList></AccessControlPolicy>")
}

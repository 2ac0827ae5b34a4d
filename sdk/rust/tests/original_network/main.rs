//! The rules that look at the network against what the original returned for the same inventory and the same servers: the same alerts and the
//! same remembered status, apart from the mended faults, each of which is named here by its number.

#![expect(clippy::unwrap_used, reason = "a test")]

mod case;
mod comparison;
mod s3;

use case::{Case, Redirects};
use comparison::{Differences, differences, same_status};
use non_chef::NonChef;
use route53changed::Route53Changed;
use route53unknown::Route53Unknown;
use s3acl::S3Acl;
use security_headers::SecurityHeaders;
use serde_json::{Value, json};
use sso_unprotected::SsoUnprotected;

#[test]
fn non_chef_gives_what_the_original_gave() {
    let mut case = Case::load("non_chef");
    // Q28: off, unless asked for.
    case.set("chef_managed", json!(true));
    let host = case.host_with_chef();
    let found = differences(&case, &case.run::<NonChef>(&host), |_| "Q8");
    // Q8: the end of the window belongs to the next one.
    assert_eq!(found, Differences::from([("Q8 only theirs ops-web2".to_owned(), 1)]));

    let mut expected = case.remembered_by_the_original();
    expected["first_seen"].as_object_mut().unwrap().remove("i-same-id-2");
    // Q9: what is gone for long is forgotten, so the rule remembers when it saw it.
    let seen = ["i-same-id-1", "i-notags", "i-seen", "i-nokey"].map(|machine| (machine.to_owned(), json!(case::UNTIL)));
    expected["last_seen"] = Value::Object(seen.into_iter().collect());
    same_status(&host, &expected);
}

#[test]
fn route53unknown_gives_what_the_original_gave() {
    let case = Case::load("route53unknown");
    let host = case.host_with_chef();
    let found = differences(&case, &case.run::<Route53Unknown>(&host), |id| if id == "shadowed.example.test." { "Q29" } else { "Q32" });
    let expected = [
        "Q29 only ours shadowed.example.test.",
        "Q32 only ours apublic.example.test.",
        "Q32 only ours mixed.example.test.",
        "Q32 only theirs aprivate.example.test.",
        "Q32 only theirs mixed.example.test.",
    ];
    assert_eq!(found, expected.map(|difference| (difference.to_owned(), 1)).into());

    let known = [
        "apublic.example.test.-203.0.113.50",
        "cec2new.example.test.-ec2-203-0-113-9.compute-1.amazonaws.com",
        "cname.example.test.-shop.partner.test",
        "cseen.example.test.-seen.partner.test",
        "mixed.example.test.-203.0.113.51",
        "shadowed.example.test.-lost.partner.test",
    ];
    same_status(&host, &json!({"known": known}));
}

#[test]
fn route53changed_gives_what_the_original_gave() {
    let case = Case::load("route53changed");
    let host = case.host_with_sites(Redirects::Followed);
    let found = differences(&case, &case.run::<Route53Changed>(&host), |_| "Q33");
    let expected = ["Q33 only ours http://nosuch404.example.test", "Q33 only ours https://nosuch404.example.test"];
    assert_eq!(found, expected.map(|difference| (difference.to_owned(), 1)).into());

    let mut expected = case.remembered_by_the_original();
    for scheme in ["http", "https"] {
        // Q33: the page with status 404 is looked at. It is the one that another name shows with status 200.
        expected["hashes"][format!("{scheme}://nosuch404.example.test")] = expected["hashes"]["http://nosuch200.example.test"].clone();
    }
    same_status(&host, &expected);
}

#[test]
fn sso_unprotected_gives_what_the_original_gave() {
    let case = Case::load("sso_unprotected");
    let host = case.host_with_sites(Redirects::Shown);
    let found = differences(&case, &case.run::<SsoUnprotected>(&host), |id| if id.contains("prefix") { "Q36" } else { "Q35" });
    let expected = [
        "Q35 only theirs http://exemptnodot.example.test",
        "Q35 only theirs https://exemptnodot.example.test",
        "Q36 only ours http://prefix.example.test",
    ];
    assert_eq!(found, expected.map(|difference| (difference.to_owned(), 1)).into());

    let mut expected = case.remembered_by_the_original();
    expected["redirects"].as_object_mut().unwrap().retain(|url, _| !url.contains("exemptnodot"));
    same_status(&host, &expected);
}

#[test]
fn security_headers_gives_what_the_original_gave() {
    let case = Case::load("security_headers");
    let host = case.host_with_sites(Redirects::Shown);
    let found = differences(&case, &case.run::<SecurityHeaders>(&host), |_| "Q35");
    let expected = ["Q35 only theirs http://exemptnodot.example.test", "Q35 only theirs https://exemptnodot.example.test"];
    assert_eq!(found, expected.map(|difference| (difference.to_owned(), 1)).into());

    let mut expected = case.remembered_by_the_original();
    expected["already_checked"].as_array_mut().unwrap().retain(|url| !url.as_str().unwrap().contains("exemptnodot"));
    // Q9: as above.
    let urls = expected["already_checked"].as_array().unwrap().clone();
    expected["last_seen"] = urls.iter().map(|url| (url.as_str().unwrap().to_owned(), json!(case::UNTIL))).collect();
    same_status(&host, &expected);
}

#[test]
fn s3acl_gives_what_the_original_gave() {
    let case = Case::load("s3acl");
    let host = s3::serve(case.host(), &case.input["s3"]);
    assert_eq!(differences(&case, &case.run::<S3Acl>(&host), |_| "none"), Differences::new());
    same_status(&host, &case.remembered_by_the_original());
}

//! Rules that want what belongs to others: settings, secrets, what was remembered, parts of the inventory.

use serde_json::json;

use super::attack::{Attack, Ends, Group, attack};
use super::{fails, nothing};

pub(super) fn groups() -> Vec<Group> {
    vec![Group { title: "Settings and status of others", attacks: status() }, Group { title: "The inventory", attacks: inventory() }]
}

/// Another rule's settings hold a secret, the hostile rule's own as well.
const SECRETS: &str = r#""plugin.elbs": {"allowed_ports": [80, 5551212]}, "plugin.HOSTILE": {"own": true}"#;

fn status() -> Vec<Attack> {
    let own = "a rule gets its own section and nothing else";
    let remembered = |name, tries, key| attack(name, "memory_of_others.wat", tries, own, Ends::Harmless(nothing)).with("KEY", key);
    vec![
        attack(
            "shows_settings",
            "shows_settings.wat",
            "see the settings of another rule",
            own,
            Ends::Harmless(|attack, place, ran| {
                fails(attack, place, ran, &[r#"{"own":true}"#]);
                assert!(!ran.stderr.contains("5551212"), "{}", ran.stderr);
            }),
        )
        .under(SECRETS),
        remembered("remembered_elbs", "see what another rule remembers", "plugin.elbs"),
        remembered("remembered_own_key", "see the progress of all rules", "reddalert"),
        remembered("remembered_path", "leave its section of the status", "../plugin.elbs"),
        attack(
            "remembers_for_others",
            "remembers_for_others.wat",
            "move the progress of another rule, so that it never looks again",
            own,
            Ends::Harmless(|attack, place, ran| {
                nothing(attack, place, ran);
                let status = place.status();
                let moved = json!({"progress": {"elbs": 99_999_999_999_999_i64}});
                let section = json!({"since": 99_999_999_999_999_i64, "reddalert": moved, "plugin.elbs": moved});
                assert_eq!(status[format!("plugin.{}", attack.name)], section);
                assert!(status["since"].as_i64().is_none_or(|since| since < 99_999_999_999_999), "{status}");
                assert!(status["reddalert"]["progress"]["elbs"].as_i64().is_some_and(|progress| progress < 99_999_999_999_999), "{status}");
            }),
        ),
    ]
}

fn inventory() -> Vec<Attack> {
    let path = |name, tries, path: &str, texts| {
        attack(
            name,
            "asks_path.wat",
            tries,
            "the host writes questions itself, from a path that it has read; the times are its own",
            Ends::Fails(texts),
        )
        .with("PATH", path)
    };
    let page = |name, tries, page: &str| {
        attack(
            name,
            "asks_page.wat",
            tries,
            "names of pages are looked up among the rule's own answers",
            Ends::Fails(&["no page of this rule has that name"]),
        )
        .with("PAGE", page)
    };
    let user_data = "only a rule whose manifest lists `aws.launchConfigurations` may read it, which `reddalert rules` shows";
    vec![
        attack(
            "asks_secrets",
            "asks_secrets.wat",
            "read the user data of machines",
            user_data,
            Ends::Fails(&["may not read `aws.launchConfigurations`"]),
        ),
        path(
            "secrets_by_account",
            "read it under the name of an account",
            "prod.eu-west-1.aws/launchConfigurations",
            &["may not read `aws.launchConfigurations`"],
        ),
        path("path_up", "leave EDDA's interface by `..`", "../../../etc/passwd", &["path_up: failed"]),
        path("path_up_encoded", "leave it by an encoded `..`", "view/%2e%2e/%2e%2e/admin", &["path_up_encoded: failed"]),
        path("path_address", "have another server asked", "http://169.254.169.254/latest/meta-data", &["path_address: failed"]),
        path("path_host", "have another host asked", "//169.254.169.254/latest", &["path_host: failed"]),
        path(
            "path_lines",
            "smuggle a second request into the first",
            "view/instances HTTP/1.1\r\nHost: evil\r\n\r\nGET /",
            &["path_lines: failed"],
        ),
        path("path_times", "look at another time than its window", "view/instances;_at=0", &["path_times: failed", "_at"]),
        path("path_callback", "have the answer wrapped in a script", "view/instances;_callback=x", &["path_callback: failed", "_callback"]),
        page("page_first", "read a page of an answer that it never asked for", "0:0"),
        page("page_far", "read beyond everything there is", "18446744073709551615:18446744073709551615"),
        page("page_odd", "read a page with an odd name", "-1:\u{1b}[2J"),
        attack(
            "asks_in_init",
            "asks_in_init.wat",
            "read the inventory in `init`, which `reddalert check` calls too",
            "the inventory is there in `run` only",
            Ends::Fails(&["the inventory is there in `run` only"]),
        ),
    ]
}

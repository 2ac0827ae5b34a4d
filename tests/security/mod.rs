//! Attacks on the whole program. Each is a hostile rule beside an honest one: the attack fails and is named, the honest rule delivers its alert, all
//! within bounds of time and memory. The tables here are also the page `docs/security-tests.md`.

mod attack;
mod building;
mod compiling;
mod files;
mod forging;
mod machine;
mod manifests;
mod page;
mod resources;
mod secrets;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use serde_json::{Value, json};

use self::attack::{Attack, Ends, Group};
use crate::support::{Account, EddaServer, Place, Ran, Reply, project, ran};

/// How much memory the program may have for data, and how much time of the processor: far more than it needs, and far less than an attack wants.
const BOUNDS: &str = r#"ulimit -d 1500000 && ulimit -t 100 && exec timeout 300 "$0" "$@""#;
/// The rule that stands beside the hostile one.
const HONEST: &str = "elbs";
/// A collection that never answers.
pub(crate) const SILENT: &str = "view/silent";

/// All attacks there are.
fn groups() -> Vec<Group> {
    let groups = [resources::groups(), values::groups(), secrets::groups(), forging::groups(), machine::groups(), manifests::groups()];
    groups.into_iter().chain([compiling::groups(), files::groups()]).flatten().collect()
}

/// An inventory with one load balancer that deserves an alert of the honest rule.
fn inventory() -> EddaServer {
    let listener = json!([{"listener": {"loadBalancerPort": 8080}}]);
    let account = Account::empty().with("aws/loadBalancers", json!([{"loadBalancerName": "open", "listenerDescriptions": listener}]));
    EddaServer::start(move |target| if target.contains(SILENT) { Reply::Silence } else { account.answer(target) })
}

/// Runs the hostile rule and the honest one.
fn run(attack: &Attack, config: &str) -> (Place, Ran) {
    let (place, edda) = (Place::new(), inventory());
    place.write("etc/configfile.json", format!("{{{}}}", config.replace("HOSTILE", attack.name)));
    let component = building::component(attack);
    let hostile = place.path("hostile");
    std::fs::create_dir(&hostile).expect("a directory");
    match attack.arrange {
        Some(arrange) => arrange(&hostile, &component),
        None => drop(place.write(&format!("hostile/{}.wasm", attack.name), component)),
    }
    let mut command = bounded(&place.command());
    command.args(["--edda", &edda.url, "-o", attack.output, "--log-format", "human", "--plugins", "hostile", HONEST]);
    // What is no rule cannot be named.
    if attack.arrange.is_none() || matches!(attack.ends, Ends::Fails(_) | Ends::Harmless(_)) {
        command.arg(attack.name);
    }
    let ran = ran(&mut command);
    (place, ran)
}

/// The same program, where the system ends it when it goes over the bounds.
fn bounded(program: &Command) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", BOUNDS]).arg(program.get_program()).current_dir(program.get_current_dir().expect("a directory"));
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // What a rule that reads the environment would find.
    command.env("CANARY", "canary");
    command
}

/// Whatever the hostile rule does, the honest one is as if it were alone.
fn is_unharmed(attack: &Attack, place: &Place, ran: &Ran) {
    let said = format!("{}:\n{}\n{}", attack.name, ran.stdout, ran.stderr);
    let is_honest = |line: &&str| match attack.output {
        "jsonl" => line.starts_with(&format!("{{\"plugin_name\":\"{HONEST}\"")),
        "stdout_tabsep" => line.starts_with(&format!("{HONEST}\t")),
        _ => line.contains("8080"),
    };
    let delivered = ran.stdout.lines().filter(is_honest);
    assert_eq!(delivered.count(), 1, "the honest rule's alert is missing, or not alone: {said}");
    assert!(place.status()["reddalert"]["progress"][HONEST].as_i64().is_some_and(|progress| progress > 0), "{said}");
    assert!(ran.stderr.len() < 300_000, "{}: {} bytes of messages", attack.name, ran.stderr.len());
    assert!(!ran.stderr.contains('\u{1b}') && !ran.stdout.contains('\u{1b}'), "something acts on the terminal: {said}");
    assert!(!ran.stderr.contains("fault of reddalert"), "{said}");
}

fn fails(attack: &Attack, place: &Place, ran: &Ran, texts: &[&str]) {
    is_unharmed(attack, place, ran);
    for text in texts.iter().chain(attack.arrange.is_none().then_some(&attack.name)) {
        assert!(ran.stderr.contains(text), "{}: no `{text}` in\n{}", attack.name, ran.stderr);
    }
    // 4: the inventory is to blame too.
    assert!([2, 4].contains(&ran.code), "{}: exit code {}: {}", attack.name, ran.code, ran.stderr);
    let hostile = &place.status()["reddalert"]["progress"][attack.name];
    assert!(*hostile == json!(0) || hostile.is_null(), "{}: it has looked at nothing: {hostile}", attack.name);
}

fn ends_well(attack: &Attack, place: &Place, ran: &Ran) {
    is_unharmed(attack, place, ran);
    assert_eq!(ran.code, 0, "{}: {}", attack.name, ran.stderr);
}

fn try_attack(attack: &Attack) {
    if let Ends::ShownBy(file, test) = attack.ends {
        let text = std::fs::read_to_string(project().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        return assert!(text.contains(&format!("#[test]\nfn {test}()")), "{file} has no test `{test}`");
    }
    let (place, ran) = run(attack, attack.config);
    match &attack.ends {
        Ends::Fails(texts) | Ends::IsRefused(texts) => fails(attack, &place, &ran, texts),
        Ends::Refuses(texts) => drop(ran.exits(78).says(texts)),
        Ends::Harmless(nothing_came_of_it) => {
            assert!([0, 2].contains(&ran.code), "{}: exit code {}: {}", attack.name, ran.code, ran.stderr);
            is_unharmed(attack, &place, &ran);
            nothing_came_of_it(attack, &place, &ran);
        }
        Ends::ShownBy(..) => {}
    }
    if let Some(lifted) = attack.lifted {
        let (place, ran) = run(attack, lifted);
        ends_well(attack, &place, &ran);
    }
}

/// One that gets through does not hide the others.
fn try_all(groups: Vec<Group>) {
    let attacks = groups.into_iter().flat_map(|group| group.attacks);
    let through: Vec<&str> =
        attacks.filter(|attack| catch_unwind(AssertUnwindSafe(|| try_attack(attack))).is_err()).map(|attack| attack.name).collect();
    assert!(through.is_empty(), "these did not end as they should: {}", through.join(", "));
}

/// The alerts that the hostile rule delivered.
fn alerts_of(attack: &Attack, ran: &Ran) -> Vec<Value> {
    ran.alerts().into_iter().filter(|alert| alert["plugin_name"] == attack.name).collect()
}

/// The rule ended well and delivered nothing.
fn nothing(attack: &Attack, place: &Place, ran: &Ran) {
    ends_well(attack, place, ran);
    assert_eq!(alerts_of(attack, ran), Vec::<Value>::new());
}

#[test]
fn nobody_takes_more_than_its_share() {
    try_all(resources::groups());
}

#[test]
fn no_value_confuses_the_host() {
    try_all(values::groups());
}

#[test]
fn nobody_reads_or_writes_what_belongs_to_others() {
    try_all(secrets::groups());
}

#[test]
fn nobody_speaks_in_anothers_name() {
    try_all(forging::groups());
}

#[test]
fn nobody_leaves_the_sandbox() {
    try_all(machine::groups());
}

#[test]
fn no_manifest_is_misunderstood() {
    try_all(manifests::groups());
}

#[test]
fn the_compiler_comes_to_an_end_and_nothing_foreign_is_run() {
    try_all(compiling::groups());
}

#[test]
fn no_file_passes_for_another() {
    try_all(files::groups());
}

/// The lint `unsafe_code` is denied; this is who may be excepted from it.
#[test]
fn the_host_has_one_unsafe_block() {
    let mut found = Vec::new();
    let mut directories = vec![project().join("host/src"), project().join("host/edda/src")];
    while let Some(directory) = directories.pop() {
        for path in std::fs::read_dir(&directory).expect("a directory").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                directories.push(path);
            } else if path.extension() == Some("rs".as_ref()) {
                let text = std::fs::read_to_string(&path).expect("a source");
                let is_unsafe =
                    |line: &&str| line.trim_start().starts_with("unsafe ") || line.contains("(unsafe_code") || line.contains(" unsafe {");
                found.extend(
                    text.lines().filter(is_unsafe).map(|line| (path.file_name().expect("a name").to_owned(), line.trim().to_owned())),
                );
            }
        }
    }
    let lines: Vec<&str> = found.iter().map(|(_, line)| line.as_str()).collect();
    assert!(found.iter().all(|(file, _)| file == "compiled_rules.rs"), "{found:?}");
    assert!(
        lines.len() == 2 && lines[0].starts_with("#[expect(unsafe_code") && lines[1].starts_with("unsafe { Component::deserialize_file"),
        "{lines:?}"
    );
}

#[test]
fn every_attack_has_a_name_of_its_own_and_every_source_is_used() {
    let groups = groups();
    let attacks: Vec<&Attack> = groups.iter().flat_map(|group| &group.attacks).collect();
    let mut names: Vec<&str> = attacks.iter().map(|attack| attack.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), attacks.len());
    let known = ["logs_without_end.wat", "frame.wat", "reports.wat", "asks_in_init.wat", "computing_start.wat", "computing_init.wat"];
    for file in std::fs::read_dir(project().join("tests/hostile")).expect("a directory").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        assert!(known.contains(&name.as_str()) || attacks.iter().any(|attack| attack.source == name), "{name}: no attack uses it");
    }
}

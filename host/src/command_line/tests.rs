use super::*;
use crate::alert::Severity;
use crate::moment::Moment;
use std::path::Path;
use std::time::Duration;

fn parse(line: &str) -> Result<CommandLine, clap::Error> {
    let quoted = line.split('\'').enumerate().flat_map(|(index, part)| {
        // Every second part stood in quotes.
        if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }
    });
    CommandLine::parse_from(std::iter::once("reddalert").chain(quoted))
}

fn run(line: &str) -> RunOptions {
    match parse(line).unwrap_or_else(|error| panic!("{line}: {error}")).command {
        Command::Run(run) => run,
        other => panic!("{line}: {other:?}"),
    }
}

fn command(line: &str) -> Command {
    parse(line).unwrap_or_else(|error| panic!("{line}: {error}")).command
}

fn rules(line: &str) -> Vec<String> {
    run(line).rules.into_iter().map(String::from).collect()
}

#[test]
fn the_definition_holds_together() {
    Arguments::command().debug_assert();
    RunArguments::command().debug_assert();
}

#[test]
fn without_arguments_everything_is_run_with_the_defaults() {
    let run = run("");
    assert_eq!((run.configfile, run.statusfile.as_path()), (None, Path::new("etc/statusfile.json")));
    assert_eq!((run.since, run.until, run.store_until, run.output), (None, None, None, None));
    assert!(run.rules.is_empty() && run.plugins.is_empty() && !run.learn && !run.dry_run);
}

#[test]
fn lines_of_old_crontabs_are_understood() {
    let line = "--configfile etc/c.json --statusfile etc/s.json --output stdout,mail_html --store-until --silent iam ami";
    let whole = parse(line).expect("an old line");
    assert!(whole.log.silent);
    let long = run(line);
    assert_eq!(long.output.as_deref(), Some("stdout,mail_html"));
    assert_eq!((long.store_until, long.configfile.as_deref()), (Some(true), Some(Path::new("etc/c.json"))));
    let short = run("-c etc/c.json -f etc/s.json -o stdout,mail_html --store-until -l iam ami");
    assert_eq!(short, long);
    let times = run("-s '2025-11-24 09:00:00' -u 1763974860000 -e http://edda:8080/edda secgroups");
    assert_eq!((times.since, times.until), (Some(Moment::At(1_763_974_800_000)), Some(Moment::At(1_763_974_860_000))));
    assert_eq!(times.edda.map(|edda| edda.to_string()).as_deref(), Some("http://edda:8080/edda"));
    // The last of several counts, as it did.
    assert_eq!(run("-o stdout -l -l -o jsonl").output.as_deref(), Some("jsonl"));
    assert_eq!(run("run -o stdout -l -l -o jsonl").output.as_deref(), Some("jsonl"));
}

#[test]
fn rules_may_stand_anywhere() {
    assert_eq!(rules("iam ami"), ["iam", "ami"]);
    assert_eq!(rules("iam -o jsonl ami"), ["iam", "ami"]);
    assert_eq!(rules("--store-until iam"), ["iam"]);
}

#[test]
fn a_rule_with_the_name_of_a_sub_command_runs() {
    assert_eq!(rules("run status"), ["status"]);
    assert_eq!(rules("run run"), ["run"]);
    assert_eq!(rules("-- status"), ["status"]);
    assert_eq!(rules("ami status"), ["ami", "status"]);
    assert_eq!(rules("ami -o jsonl status"), ["ami", "status"]);
    assert_eq!(rules("-o jsonl -- status"), ["status"]);
    assert_eq!(rules("run help"), ["help"]);
    assert_eq!(run("-o check").output.as_deref(), Some("check"));
}

#[test]
fn run_is_what_happens_without_it() {
    let line = "-c c -f f -s -6h -u 5 --store-until=false -e archive:a -o jsonl --plugins p --plugins q --jobs 3 --dry-run --max-time 90s --fail-on high ami";
    let without = run(line);
    assert_eq!(run(&format!("run {line}")), without);
    assert_eq!((without.since, without.store_until), (Some(Moment::Ago(Duration::from_hours(6))), Some(false)));
    assert_eq!((without.jobs.map(usize::from), without.max_time), (Some(3), Some(Duration::from_secs(90))));
    assert_eq!((without.fail_on, without.plugins.len()), (Some(Severity::High), 2));
}

#[test]
fn options_may_stand_before_the_sub_command() {
    assert_eq!(run("-o jsonl run ami"), run("run -o jsonl ami"));
    assert_eq!(command("-c check check --plugins p"), command("check -c check --plugins p"));
    assert!(matches!(command("-c check check"), Command::Check(options) if options.configfile.as_deref() == Some(Path::new("check"))));
    assert!(parse("--log-format json rules").is_ok_and(|line| line.log.log_format == Some(LogFormat::Json)));
    assert!(parse("rules -l").is_ok_and(|line| line.log.silent));
}

#[test]
fn options_of_a_run_are_no_options_of_other_sub_commands() {
    for line in ["--since 5 check", "check --since 5", "-o jsonl rules", "--learn status show"] {
        assert_eq!(exit_of(&parse(line).expect_err(line)), Exit::CommandLine, "{line}");
    }
}

#[test]
fn an_import_names_archive_and_files() {
    let Command::Archive(ArchiveCommand::Import(options)) =
        command("archive import --archive a.sqlite --at 2025-11-24T09:00:00Z --source 1/eu --force dump -")
    else {
        panic!("an import");
    };
    assert_eq!((options.archive.as_path(), options.source.as_deref(), options.force), (Path::new("a.sqlite"), Some("1/eu"), true));
    assert_eq!((options.at, options.files.len()), (Some(Moment::At(1_763_974_800_000)), 2));
    for line in ["archive import dump", "archive import --archive a", "archive", "archive imprt --archive a dump"] {
        assert_eq!(exit_of(&parse(line).expect_err(line)), Exit::CommandLine, "{line}");
    }
}

#[test]
fn the_status_is_shown_and_changed() {
    assert!(matches!(command("status show -f s"), Command::Status(StatusCommand::Show { statusfile }) if statusfile == Path::new("s")));
    let Command::Status(StatusCommand::SetSince { rule, since, .. }) = command("status set-since ami -6h") else { panic!("set-since") };
    assert_eq!((rule.as_str(), since), ("ami", Moment::Ago(Duration::from_hours(6))));
    assert!(matches!(command("status forget ami"), Command::Status(StatusCommand::Forget { rule, .. }) if rule.as_str() == "ami"));
}

#[test]
fn alerts_are_dropped_only_by_yes() {
    assert!(matches!(command("outbox list"), Command::Outbox(OutboxCommand::List { .. })));
    let Command::Outbox(OutboxCommand::Drop { which, yes }) = command("outbox drop --output mail --yes") else { panic!("drop") };
    assert_eq!((which.output.as_deref(), yes), (Some("mail"), true));
    assert_eq!(exit_of(&parse("outbox drop").expect_err("no --yes")), Exit::CommandLine);
}

#[test]
fn a_wrong_flag_comes_with_the_nearest_right_one() {
    let error = parse("--ouput jsonl").expect_err("a wrong flag");
    assert_eq!(exit_of(&error), Exit::CommandLine);
    assert!(error.to_string().contains("'--output'"), "{error}");
}

#[test]
fn wrong_values_are_refused_with_what_is_right() {
    let cases = [
        ("--since yesterday", "is no moment: expected epoch milliseconds"),
        ("--since -5", "is no moment"),
        ("--jobs 0", "--jobs"),
        ("--max-time 10", "is no duration"),
        ("--fail-on worst", "critical"),
        ("-e localhost:8080", "expected the address of an EDDA"),
        ("--log-format xml", "human"),
        ("--learn --dry-run", "cannot be used with"),
        ("AMI", "is no rule name"),
        ("--store-until=maybe", "true, false"),
    ];
    for (line, part) in cases {
        let error = parse(line).expect_err(line);
        assert_eq!(exit_of(&error), Exit::CommandLine, "{line}");
        assert!(error.to_string().contains(part), "{line}: {error}");
    }
}

#[test]
fn the_password_of_an_edda_is_not_hidden_in_an_address() {
    let error = parse("-e http://me:pw@edda/").expect_err("a password");
    assert!(error.to_string().contains("no password"), "{error}");
}

#[test]
fn help_and_version_are_no_failures() {
    for line in
        ["--help", "-h", "--version", "help", "help archive", "run --help", "archive import --help", "check -h", "-o jsonl check --help"]
    {
        assert_eq!(exit_of(&parse(line).expect_err(line)), Exit::Done, "{line}");
    }
}

#[test]
fn help_tells_exit_codes_and_examples() {
    let help = parse("--help").expect_err("help").to_string();
    for part in ["Examples:", "Exit codes", "--since=-6h", "  78  ", "archive", "[RULE]..."] {
        assert!(help.contains(part), "{part}: {help}");
    }
}

#[test]
fn the_shipped_crontab_and_service_are_understood() {
    let after_program = |text: &str, program: &str| {
        let (_, options) = text.split_once(program).expect("the program");
        run(options.lines().next().expect("options"))
    };
    let crontab = after_program(include_str!("../../../etc/crontab"), "&& /usr/local/bin/reddalert");
    let service = after_program(include_str!("../../../etc/reddalert.service"), "ExecStart=/usr/local/bin/reddalert");
    assert_eq!(crontab, service);
    assert_eq!(crontab.statusfile, Path::new("/var/lib/reddalert/statusfile.json"));
}

//! Files that want to pass for a rule, or for another rule.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use super::attack::{Attack, Ends, Group, attack};
use crate::support::shipped_rule;

pub(super) fn groups() -> Vec<Group> {
    vec![Group { title: "Names and files", attacks: names() }]
}

fn named(name: &'static str, tries: &'static str, stopped_by: &'static str, ends: Ends, arrange: fn(&Path, &[u8])) -> Attack {
    Attack { arrange: Some(arrange), ..attack(name, "empty.wat", tries, stopped_by, ends) }
}

fn write(directory: &Path, name: &str, rule: &[u8]) {
    fs::write(directory.join(name), rule).expect("a file");
}

fn names() -> Vec<Attack> {
    let spelled = "the name of a rule is 1 to 64 of the characters a-z, 0-9, _ and -; nothing is folded or mended";
    let regular = "only regular files are opened";
    let no_name = || Ends::IsRefused(&["not a rule:", "its name is no rule name; rename it"]);
    vec![
        named(
            "name_twice",
            "take the place of a rule by its name",
            "the run is refused, with both files",
            Ends::Refuses(&["there are two rules called `elbs`", "hostile/elbs.wasm"]),
            |directory, rule| {
                write(directory, "elbs.wasm", rule);
            },
        ),
        named("name_case", "take it by capital letters", spelled, no_name(), |directory, rule| write(directory, "ELBS.wasm", rule)),
        named("name_suffix", "take it by another spelling of the ending", spelled, no_name(), |directory, rule| {
            write(directory, "elbs.WASM", rule)
        }),
        named("name_unicode", "take it by a letter that looks the same", spelled, no_name(), |directory, rule| {
            write(directory, "е\u{200b}lbs.wasm", rule)
        }),
        named("name_line", "forge a line of the summary by its name", spelled, no_name(), |directory, rule| {
            write(directory, "x\ndone: 0 alerts\n  elbs\u{1b}[2J.wasm", rule);
        }),
        named("name_path", "lead out of the directory by its name", spelled, no_name(), |directory, rule| {
            write(directory, "...wasm", rule)
        }),
        named("name_long", "have a name that is too long for files made from it", spelled, no_name(), |directory, rule| {
            write(directory, &format!("{}.wasm", "a".repeat(65)), rule);
        }),
        named(
            "file_fifo",
            "have the program wait for somebody who writes",
            regular,
            Ends::IsRefused(&["file_fifo.wasm", "it is a FIFO, not a regular file"]),
            |directory, _| {
                assert!(Command::new("mkfifo").arg(directory.join("file_fifo.wasm")).status().expect("mkfifo").success());
            },
        ),
        named(
            "file_fifo_link",
            "the same, behind a link",
            regular,
            Ends::IsRefused(&["file_fifo_link.wasm", "it is a FIFO"]),
            |directory, _| {
                assert!(Command::new("mkfifo").arg(directory.join("fifo")).status().expect("mkfifo").success());
                symlink("fifo", directory.join("file_fifo_link.wasm")).expect("a link");
            },
        ),
        named("file_socket", "be a socket", regular, Ends::IsRefused(&["it is a socket"]), |directory, _| {
            drop(UnixListener::bind(directory.join("file_socket.wasm")).expect("a socket"));
        }),
        named("file_directory", "be a directory", regular, Ends::IsRefused(&["it is a directory"]), |directory, _| {
            fs::create_dir(directory.join("file_directory.wasm")).expect("a directory");
        }),
        named("file_device", "be endless: a link to /dev/zero", regular, Ends::IsRefused(&["it is a device"]), |directory, _| {
            symlink("/dev/zero", directory.join("file_device.wasm")).expect("a link");
        }),
        named("file_nowhere", "be a link to nothing", regular, Ends::IsRefused(&["it cannot be looked at"]), |directory, _| {
            symlink("nowhere", directory.join("file_nowhere.wasm")).expect("a link");
        }),
        named("file_circle", "be a link to itself", regular, Ends::IsRefused(&["it cannot be looked at"]), |directory, _| {
            symlink("file_circle.wasm", directory.join("file_circle.wasm")).expect("a link");
        }),
        named(
            "file_again",
            "run a shipped rule twice: a link to it",
            "a rule that is there under two names is two rules, with a status and alerts of their own",
            Ends::Harmless(|_, _, ran| assert_eq!(ran.code, 0, "{}", ran.stderr)),
            |directory, _| {
                symlink(shipped_rule("elbs"), directory.join("file_again.wasm")).expect("a link");
            },
        ),
    ]
}

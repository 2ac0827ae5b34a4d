//! `reddalert archive prune`: gives up what ended long ago.

use std::fmt::Write as _;

use edda::archive::Archive;
use indicatif::HumanBytes;

use crate::command_line::PruneOptions;
use crate::commands::{now, print};
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::moment::rfc3339_millis;
use crate::run_report::count;

/// Says how many revisions are gone, and what became of their room.
pub(super) fn prune(options: &PruneOptions) -> Result<Exit, Refusal> {
    let age = i64::try_from(options.older_than.as_millis()).unwrap_or(i64::MAX);
    let moment = now().saturating_sub(age);
    let mut archive = Archive::open(&options.archive).or_exit(Exit::Inventory)?;
    let revisions = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX), "revision");
    if options.dry_run {
        let number = archive.count_ended_before(moment).or_exit(Exit::Inventory)?;
        print(&format!("{} that ended before {} would be deleted\n", revisions(number), rfc3339_millis(moment)));
        return Ok(Exit::Done);
    }
    let number = archive.prune(moment).or_exit(Exit::Inventory)?;
    let mut text = format!("deleted {} that ended before {}\n", revisions(number), rfc3339_millis(moment));
    if options.shrink {
        archive.shrink().or_exit(Exit::Inventory)?;
    }
    let size = archive.file_size().or_exit(Exit::Inventory)?;
    if size.free > 0 {
        let (free, total) = (HumanBytes(size.free), HumanBytes(size.total));
        let _ = writeln!(text, "{free} of the file's {total} are free for later imports; --shrink gives them back to the system");
    }
    print(&text);
    Ok(Exit::Done)
}

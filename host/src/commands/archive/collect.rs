//! `reddalert archive collect`: asks AWS through its command line, and takes in what came.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use edda::archive::{Archive, ImportOptions, ImportReport, Wanted, import_collected};

use crate::collecting::{self, AwsCli, Batch, Collection, Request};
use crate::command_line::CollectOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::log::Terminal;
use crate::visible_text::visible;

/// What came is taken in even if something failed; the exit code tells.
pub(super) fn collect(options: &CollectOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let wanted = if options.collections.is_empty() { Ok(Wanted::default()) } else { Wanted::named(&options.collections) };
    let wanted = wanted.or_exit(Exit::CommandLine)?;
    // Opened first, so that no hour is spent on what cannot be kept.
    let mut archive = Archive::open_or_create(&options.archive).or_exit(Exit::Inventory)?;
    let began = crate::commands::now();
    let collection = ask(options, &wanted, terminal).or_exit(Exit::Internal)?;
    if let Some(directory) = &options.keep {
        let unkept = || format!("the answers cannot be kept in `{}`", directory.display());
        collection.batches.iter().try_for_each(|batch| keep(batch, directory)).with_context(unkept).or_exit(Exit::Inventory)?;
    }
    let how = ImportOptions { at: began, now: crate::commands::now(), source: None, force: options.force };
    let mut is_whole = collection.failures.is_empty() && collection.left_out.is_empty();
    for batch in &collection.batches {
        match import_collected(&mut archive, &batch.answers, &how, &batch.from, &wanted) {
            Ok(report) => {
                is_whole &= report.refused.is_empty() && report.incomplete.is_empty();
                say_report(&report, terminal);
            }
            Err(error) => {
                is_whole = false;
                terminal.say(&format!("{}/{}: nothing was taken in: {}\n", batch.from.account, batch.from.region, chain(error)));
            }
        }
    }
    say_failures(&collection, terminal);
    Ok(if is_whole { Exit::Done } else { Exit::Inventory })
}

fn ask(options: &CollectOptions, wanted: &Wanted, terminal: &Terminal) -> io::Result<Collection> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let aws = AwsCli {
        program: options.aws.clone().into_os_string(),
        endpoint_url: options.endpoint_url.clone(),
        time_limit: options.time_limit,
    };
    let (profiles, regions) = (options.profiles.clone(), options.regions.clone());
    let request = Request { profiles, regions, wanted: wanted.clone(), jobs: usize::from(options.jobs) };
    let progress = terminal.progress("calls of aws", 0);
    Ok(runtime.block_on(collecting::collect(aws, &request, |done, all| progress.is_at(done, all))))
}

/// The answers as they came, for this user's eyes only: they show the whole account.
fn keep(batch: &Batch, directory: &Path) -> io::Result<()> {
    let part = if batch.is_global { "global" } else { &batch.from.region };
    let directory = directory.join(&batch.from.account).join(part);
    DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
    // Answers of an earlier time would pass for this one's.
    for entry in fs::read_dir(&directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            fs::remove_file(path)?;
        }
    }
    for answer in &batch.answers {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(directory.join(&answer.name))?;
        file.write_all(&answer.bytes)?;
    }
    Ok(())
}

/// Without somebody who reads along only what is amiss is said.
fn say_report(report: &ImportReport, terminal: &Terminal) {
    let is_amiss = !(report.refused.is_empty() && report.incomplete.is_empty() && report.skipped.is_empty());
    if terminal.is_talkative() || is_amiss {
        terminal.say(&super::import::lines_of(report));
    }
}

fn say_failures(collection: &Collection, terminal: &Terminal) {
    for left_out in &collection.left_out {
        terminal.say(&format!("{}\n", visible(left_out)));
    }
    for failure in &collection.failures {
        let words = failure.words.join(" ");
        terminal.say(&format!("{}: `aws {}` failed: {}\n", visible(&failure.place), visible(&words), describe(failure)));
    }
}

fn describe(failure: &collecting::Failure) -> String {
    let causes = std::iter::successors(std::error::Error::source(&failure.error), |cause| cause.source());
    causes.fold(failure.error.to_string(), |text, cause| format!("{text}: {cause}"))
}

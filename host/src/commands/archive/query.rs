//! `reddalert archive query`: one question, asked and answered.

use std::io::Write as _;

use anyhow::anyhow;
use edda::archive::Archive;
use edda::query::{Refusal as NoAnswer, Request, answer};

use super::output::{Output, unwritten};
use crate::command_line::QueryOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};

/// What people copy together with a question.
const BEGINNINGS: [&str; 2] = ["/edda/api/v2/", "/api/v2/"];

/// Prints the body of the answer as it is; on a terminal its last line is ended.
pub(super) fn query(options: &QueryOptions) -> Result<Exit, Refusal> {
    let archive = Archive::open(&options.archive).or_exit(Exit::Inventory)?;
    let written = options.request.as_str();
    let rest = BEGINNINGS.iter().find_map(|beginning| written.strip_prefix(beginning)).unwrap_or(written);
    let mut out = Output::open();
    let outcome = Request::parse(rest).and_then(|request| answer(&request, &archive, &mut out));
    match outcome {
        Ok(_) => {
            let end = if out.is_attended() { "\n" } else { "" };
            out.write_own(end).and_then(|()| out.flush()).map_or_else(unwritten, |()| Ok(Exit::Done))
        }
        Err(NoAnswer::Write(error)) => unwritten(error),
        Err(no_answer) => {
            let exit = if no_answer.status() == 400 { Exit::CommandLine } else { Exit::Inventory };
            Err(Refusal { exit, error: anyhow!("{}", no_answer.message()) })
        }
    }
}

//! `reddalert rule test`: a rule on its cases.

use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use anyhow::{Context as _, anyhow};
use cases::{Case, Expected, Line, cases_in, difference};

use super::super::print;
use super::case_run::run_case;
use super::trial::Trial;
use crate::command_line::{Colours, TestOptions};
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;
use crate::run_report::count;
use crate::visible_text::visible;

/// Runs the cases and tells how each went.
pub(super) fn test(options: &TestOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let directory = directory_of_cases(&options.directory);
    let cases: Vec<Case> = cases_in(&directory, &options.cases)
        .and_then(|cases| cases.iter().map(|case| Case::read(case)).collect())
        .or_exit(Exit::Settings)?;
    let trial = Trial::load(&rule_file(options)?)?;
    let page = Page { coloured: is_coloured(options.color) };
    let progress = terminal.progress("running cases", cases.len());
    let (mut failed, mut accepted) = (0, 0);
    for case in &cases {
        let seen = run_case(&trial, case)?;
        let difference = compare(case, &seen);
        if difference.is_empty() {
            page.passed(case);
        } else if options.accept {
            case.accept(&seen).or_exit(Exit::Settings)?;
            page.accepted(case);
            accepted += 1;
        } else {
            page.failed(case, &difference);
            failed += 1;
        }
        progress.step();
    }
    drop(progress);
    print(&summary(cases.len(), failed, accepted));
    // The code that alerts have in a run: something came that a human has to look at.
    Ok(if failed > 0 { Exit::Alerts } else { Exit::Done })
}

/// The cases of a rule lie beside it; a directory without such is one of cases.
fn directory_of_cases(directory: &Path) -> PathBuf {
    let cases = directory.join("cases");
    if cases.is_dir() { cases } else { directory.to_owned() }
}

fn rule_file(options: &TestOptions) -> Result<PathBuf, Refusal> {
    if let Some(file) = &options.rule {
        return Ok(file.clone());
    }
    let directory = options.directory.display();
    let entries = fs::read_dir(&options.directory).with_context(|| format!("`{directory}` cannot be read")).or_exit(Exit::CommandLine)?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    let error = match files.as_slice() {
        [file] => return Ok(file.clone()),
        [] => anyhow!("there is no rule in `{directory}`: build it, and name its file with --rule FILE.wasm"),
        _ => anyhow!("there are {} rules in `{directory}`: name the one that is meant with --rule FILE.wasm", files.len()),
    };
    Err(Refusal { exit: Exit::CommandLine, error })
}

/// A case that nobody has said anything about fails with everything that came.
fn compare(case: &Case, seen: &Expected) -> Vec<Line> {
    if let Some(expected) = &case.expected {
        difference(expected, seen)
    } else {
        let place = Line::Place("it has no `expected.json`; --accept writes one of what came:".to_owned());
        std::iter::once(place).chain(difference(&Expected::default(), seen).into_iter().skip(1)).collect()
    }
}

fn summary(cases: usize, failed: usize, accepted: usize) -> String {
    let mut parts = vec![format!("{} passed", cases - failed - accepted)];
    parts.extend((failed > 0).then(|| format!("{failed} failed")));
    parts.extend((accepted > 0).then(|| format!("{accepted} accepted, look at the change before you keep it")));
    format!("{}: {}\n", count(cases, "case"), parts.join(", "))
}

fn is_coloured(when: Colours) -> bool {
    match when {
        Colours::Auto => std::io::stdout().is_terminal(),
        Colours::Always => true,
        Colours::Never => false,
    }
}

/// What is shown. Texts come from rules, so nothing in them reaches the terminal as it is.
struct Page {
    coloured: bool,
}

impl Page {
    fn passed(&self, case: &Case) {
        self.line(Some(AnsiColor::Green), &format!("passed    {}", case.name));
    }

    fn accepted(&self, case: &Case) {
        self.line(Some(AnsiColor::Yellow), &format!("accepted  {}", case.name));
    }

    fn failed(&self, case: &Case, difference: &[Line]) {
        self.line(Some(AnsiColor::Red), &format!("FAILED    {}: {}", case.name, case.about));
        for line in difference {
            let colour = match line {
                Line::Missing(_) => Some(AnsiColor::Red),
                Line::Unexpected(_) => Some(AnsiColor::Green),
                Line::Place(_) | Line::Same(_) => None,
            };
            self.line(colour, &format!("    {}", line.text()));
        }
    }

    fn line(&self, colour: Option<AnsiColor>, text: &str) {
        let style = colour.filter(|_| self.coloured).map_or_else(Style::new, AnsiColor::on_default);
        print(&format!("{style}{}{style:#}\n", visible(text)));
    }
}

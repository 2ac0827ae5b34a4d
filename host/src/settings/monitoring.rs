//! Where a run says that it took place: to machines that notice when it did not.

use std::path::{Path, PathBuf};

use sentry_types::Dsn;
use url::Url;

use super::mistake::Mistake;
use super::reader::Entry;
use super::secret::Secret;

/// What stands for the exit code in `ping-url`.
pub const EXIT_PLACEHOLDER: &str = "{exit}";

/// Who is told how a run went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonitoringSettings {
    /// The file that Prometheus's node exporter reads. Its name ends in `.prom`.
    pub metrics_file: Option<PathBuf>,
    /// An `http:` or `https:` address that is asked for after a run, perhaps with [`EXIT_PLACEHOLDER`] in it.
    pub ping_url: Option<Secret>,
    /// The DSN of a Sentry project, to which the program's own errors go.
    pub sentry: Option<Secret>,
}

impl MonitoringSettings {
    /// Takes in one of the keys of this page. A relative file is taken from `directory`.
    pub(super) fn set(&mut self, entry: &Entry<'_>, directory: &Path) -> Result<(), Mistake> {
        match entry.name() {
            "metrics-file" => {
                let file = directory.join(entry.filled_text()?);
                if file.extension().is_none_or(|extension| extension != "prom") {
                    return Err(entry.wrong_value("expected a file whose name ends in `.prom`: others are not read by the node exporter"));
                }
                self.metrics_file = Some(file);
            }
            "ping-url" => {
                let address = Secret::read(entry, directory)?;
                let tried = Url::parse(&address.expose().replace(EXIT_PLACEHOLDER, "0"));
                if !tried.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
                    return Err(entry.wrong_value("expected an `http:` or `https:` address"));
                }
                self.ping_url = Some(address);
            }
            _ => {
                let dsn = Secret::read(entry, directory)?;
                self.sentry = Some(parse_dsn(dsn.expose()).map_err(|message| entry.wrong_value(message))?);
            }
        }
        Ok(())
    }
}

/// Checks the DSN of a Sentry project. What is wrong with it is said without repeating it.
pub fn parse_dsn(text: &str) -> Result<Secret, String> {
    match text.parse::<Dsn>() {
        Ok(_) => Ok(Secret::new(text)),
        Err(_) => Err("expected the DSN of a Sentry project, as in https://KEY@sentry.example.com/1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Settings, SettingsError};

    fn parse(text: &str) -> Result<Settings, SettingsError> {
        Settings::parse(text, Path::new("/etc/reddalert/c.json"))
    }

    #[test]
    fn the_places_are_read() {
        let text = r#"{"metrics-file": "reddalert.prom", "ping-url": "https://ping.example/x/{exit}",
                       "sentry": "https://key@sentry.example/1"}"#;
        let settings = parse(text).expect("settings");
        assert_eq!(settings.monitoring.metrics_file.as_deref(), Some(Path::new("/etc/reddalert/reddalert.prom")));
        assert_eq!(settings.monitoring.ping_url.expect("an address").expose(), "https://ping.example/x/{exit}");
        assert_eq!(settings.monitoring.sentry.expect("a DSN").expose(), "https://key@sentry.example/1");
    }

    #[test]
    fn what_would_reach_nobody_is_refused_without_being_shown() {
        for (key, value) in [
            ("metrics-file", "reddalert.txt"),
            ("metrics-file", ""),
            ("ping-url", "hunter2"),
            ("ping-url", "ftp://hunter2/x"),
            ("sentry", "https://hunter2"),
            ("sentry", "hunter2"),
        ] {
            let said = parse(&serde_json::json!({key: value}).to_string()).expect_err(value).to_string();
            assert!(said.contains(key) && said.contains("expected") && !said.contains("hunter2"), "{said}");
        }
    }
}

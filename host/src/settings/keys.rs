//! The keys of the config file: one table for the reader, its suggestions, the JSON Schema and the template's test.

/// What stands behind a key. Decides nothing but its form in the JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Any text.
    Text,
    /// One text or a list of them.
    Texts,
    /// A text, or an object that says where it is.
    Secret,
    /// true or false.
    Boolean,
    /// A duration such as `"3h"`.
    Duration,
    /// A duration, or `"never"`.
    DurationOrNever,
    /// A size such as `"64MiB"`.
    Size,
    /// A whole number from 1 to this one.
    Count(u64),
    /// The name of a severity.
    Severity,
    /// What the section `signatures` has.
    Signatures,
    /// An object whose members are sections; each may also stand at the top as `<key>.<name>`.
    Sections,
}

/// One key at the top of the config file.
pub(super) struct Key {
    /// The key.
    pub(super) name: &'static str,
    /// What stands behind it.
    pub(super) form: Form,
    /// Its default as JSON. Empty: none.
    pub(super) default: &'static str,
    /// What it means, for people.
    pub(super) about: &'static str,
}

/// The greatest number of rules that run side by side.
pub(super) const MOST_JOBS: u64 = 256;

const fn key(name: &'static str, form: Form, default: &'static str, about: &'static str) -> Key {
    Key { name, form, default, about }
}

/// Every key at the top of the config file.
pub(super) const KEYS: [Key; 28] = [
    key("$schema", Form::Text, "", "The JSON Schema of this file, for editors."),
    key(
        "edda",
        Form::Text,
        r#""http://localhost:8080/edda""#,
        "Where the inventory is: the address of an EDDA, or `archive:PATH` for an archive (relative to this file).",
    ),
    key("output", Form::Texts, r#""stdout""#, "Where alerts go: names of outputs, as a list or with commas between them."),
    key("store-until", Form::Boolean, "true", "Whether a run remembers how far it has looked, so that the next one goes on from there."),
    key("stale-after", Form::DurationOrNever, r#""3h""#, "How far the inventory may lie behind before a run says so (exit code 4)."),
    key("plugins", Form::Texts, "", "More directories with rules (relative to this file)."),
    key(
        "outbox-limit",
        Form::Size,
        r#""256MiB""#,
        "How large the outbox may become: with more than that no rule runs until outputs take their alerts again (exit code 3).",
    ),
    key("require-manifest", Form::Boolean, "false", "Whether a rule that does not say what it reads is refused."),
    key(
        "trust-writable-rules",
        Form::Boolean,
        "false",
        "Whether rule files count that other users of the machine can write (docs/trust.md).",
    ),
    key(
        "lock",
        Form::Text,
        r#""reddalert.lock""#,
        "The file that says which rules may run, written by `reddalert lock` (relative to this file). The default counts when it is there.",
    ),
    key("signatures", Form::Signatures, "", "Whose signatures make a rule file trusted: `<rule>.wasm.minisig` beside it."),
    key("max-time", Form::Duration, "", "How long a run may take in all; what is not finished by then is stopped."),
    key("jobs", Form::Count(MOST_JOBS), "", "How many rules run side by side. Default: as many as there are processors."),
    key("fail-on", Form::Severity, "", "The exit code is 1 when an alert is at least this severe."),
    key(
        "metrics-file",
        Form::Text,
        "",
        "A file for Prometheus's node exporter, written after each run; its name ends in `.prom` (relative to this file).",
    ),
    key(
        "ping-url",
        Form::Secret,
        "",
        "An address that is asked for after each run, with the exit code for `{exit}`; without `{exit}` in it, after good runs only.",
    ),
    key("sentry", Form::Secret, "", "The DSN of a Sentry project that is told what goes wrong in runs; `--sentry` wins."),
    key("limits", Form::Sections, "", "What a rule may use: `limits.<rule>`."),
    key("grants", Form::Sections, "", "What a rule may reach outside: `grants.<rule>`, one grant or a list (docs/grants.md)."),
    key("credentials", Form::Sections, "", "What signs the requests of rules, without a rule ever seeing it: `credentials.<name>`."),
    key("outputs", Form::Sections, "", "More outputs, and the settings of those named after their kind: `outputs.<name>`."),
    key("plugin", Form::Sections, "", "The settings of a rule: `plugin.<rule>`."),
    key("email_from", Form::Text, r#""reddalert@localhost""#, "The sender of mails."),
    key("email_to", Form::Texts, r#"["root@localhost"]"#, "The receivers of mails."),
    key("email_subject", Form::Text, r#""[reddalert] Report""#, "The subject of mails."),
    key("smtp_host", Form::Text, r#""localhost""#, "The mail server, as `host` or `host:port`."),
    key("es_host", Form::Text, "", "The host of Elasticsearch."),
    key("es_port", Form::Count(65535), "", "The port of Elasticsearch."),
];

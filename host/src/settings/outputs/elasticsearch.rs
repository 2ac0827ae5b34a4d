//! Where documents go: `outputs.<name>` of the kind `elasticsearch`.

use url::Url;

use super::InvalidOutput;
use super::certificates::TrustedCertificates;
use super::login::{Login, is_this_machine};
use super::section::OutputSection;
use crate::settings::mistake::Mistake;
use crate::settings::reader::Entry;
use crate::settings::secret::Secret;
use crate::settings::servers::OldElasticsearchKeys;
use crate::settings::suggestion::did_you_mean;

/// The index of the original.
const INDEX: &str = "reddalert";
const DATASET: &str = "reddalert.alert";
const NAMESPACE: &str = "default";

/// What documents are written to, and in which shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentTarget {
    /// An index, with documents of the original's shape.
    Index(String),
    /// A data stream `logs-<dataset>-<namespace>`, with documents of the Elastic Common Schema.
    DataStream {
        /// What the documents are about.
        dataset: String,
        /// Whose they are.
        namespace: String,
    },
}

/// How the program proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ElasticsearchAccess {
    /// An API key as it is sent: base64 of `id:key`.
    ApiKey(Secret),
    /// A user name and a password.
    Login(Login),
}

/// An Elasticsearch or `OpenSearch` output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElasticsearchSettings {
    /// The address of the server; its path ends with `/`.
    pub url: Url,
    /// Where documents go.
    pub target: DocumentTarget,
    /// Who writes them. None: nobody in particular.
    pub access: Option<ElasticsearchAccess>,
    /// Trusted instead of the system's certificates.
    pub certificates: Option<TrustedCertificates>,
}

impl ElasticsearchSettings {
    /// What the keys of old configs say.
    pub(super) fn of_old_keys(name: &str, old: &OldElasticsearchKeys) -> Result<Self, InvalidOutput> {
        let missing = || InvalidOutput::NeedsSettings { name: name.to_owned(), needed: "`es_host` and `es_port`, or `url` in its section" };
        let url = old_address(old).ok_or_else(missing)?;
        Ok(Self { url, target: DocumentTarget::Index(INDEX.to_owned()), access: None, certificates: None })
    }

    /// Reads a section; none when it does not say where to send. What is wrong with it has been collected then.
    pub(super) fn read(section: &mut OutputSection<'_, '_>, old: &OldElasticsearchKeys) -> Option<Self> {
        let url = if section.has("url") { section.take("url", |entry, _| address(entry)) } else { old_address(old) };
        if url.is_none() && !section.has("url") {
            section.wrong("url", "expected the key `url`: the address of the server, as in `https://es.example.com:9200`");
        }
        let api_key = section.take("api-key", Secret::read);
        let login = Login::read(section);
        let has_key = section.has("api-key");
        section.refuse("user", has_key, "`api-key` and `user` exclude each other: remove one of the two");
        let in_the_clear = url.as_ref().is_some_and(|url| url.scheme() == "http" && !is_this_machine(url.host_str().unwrap_or_default()));
        for key in ["api-key", "password"] {
            section.refuse(key, in_the_clear, "anybody on the way could read this: use `https://` in `url`");
        }
        let has_stream = section.has("data-stream");
        section.refuse("index", has_stream, "`index` and `data-stream` exclude each other: remove one of the two");
        let index = section.take("index", |entry, _| index(entry));
        let stream = section.take("data-stream", |entry, _| data_stream(entry));
        let certificates = section.take("ca", TrustedCertificates::read);
        let target = stream.or(index.map(DocumentTarget::Index)).unwrap_or_else(|| DocumentTarget::Index(INDEX.to_owned()));
        let access = api_key.map(|key| ElasticsearchAccess::ApiKey(encoded(&key))).or(login.map(ElasticsearchAccess::Login));
        Some(Self { url: url?, target, access, certificates })
    }
}

fn old_address(old: &OldElasticsearchKeys) -> Option<Url> {
    let host = old.host.as_ref()?;
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.clone() };
    Url::parse(&format!("http://{host}:{}/", old.port?)).ok()
}

/// Kibana shows a key encoded; the API answers with `id` and `api_key`, which people join with a colon.
fn encoded(key: &Secret) -> Secret {
    use base64::Engine as _;
    let text = key.expose();
    if text.contains(':') { Secret::new(base64::engine::general_purpose::STANDARD.encode(text)) } else { key.clone() }
}

fn address(entry: &Entry<'_>) -> Result<Url, Mistake> {
    let wrong = || entry.wrong_value("expected the address of a server, as in `https://es.example.com:9200`");
    let mut url = Url::parse(entry.text()?).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(entry.wrong_value("no user name and no password may stand in an address: use `user` and `password`"));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// The rules of Elasticsearch for names of indices, so that a slip is told before the first alert.
fn index(entry: &Entry<'_>) -> Result<String, Mistake> {
    let name = entry.filled_text()?;
    let wrong = |character: char| character.is_uppercase() || character.is_control() || "\\/*?\"<>| ,#:".contains(character);
    if name.starts_with(['-', '_', '+', '.']) || name.contains(wrong) || name.len() > 255 {
        return Err(
            entry.wrong_value("this is no name of an index: lower case, none of `\\ / * ? \" < > | , # :` and spaces, no - _ + . first")
        );
    }
    Ok(name.to_owned())
}

fn data_stream(entry: &Entry<'_>) -> Result<DocumentTarget, Mistake> {
    let (mut dataset, mut namespace) = (DATASET.to_owned(), NAMESPACE.to_owned());
    match entry.boolean() {
        Ok(true) => {}
        Ok(false) => return Err(entry.wrong_value("expected true, or an object: leave the key out to write to an index")),
        Err(_) => {
            for part in entry.object().map_err(|_| entry.wrong_value("expected true, or an object with `dataset` and `namespace`"))? {
                match part.name() {
                    "dataset" => dataset = stream_part(&part)?,
                    "namespace" => namespace = stream_part(&part)?,
                    other => {
                        let suggestion = did_you_mean(other, ["dataset", "namespace"]);
                        return Err(part.wrong_key(format!("a data stream has no such key{suggestion} (keys: dataset, namespace)")));
                    }
                }
            }
        }
    }
    Ok(DocumentTarget::DataStream { dataset, namespace })
}

fn stream_part(entry: &Entry<'_>) -> Result<String, Mistake> {
    let name = index(entry)?;
    if name.contains('-') || name.len() > 100 {
        return Err(entry.wrong_value("expected at most 100 characters, none of them a `-`: it separates the parts of the name"));
    }
    Ok(name)
}

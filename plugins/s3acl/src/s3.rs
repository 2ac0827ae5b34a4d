//! Questions to S3, many at once.
//!
//! | answer | what becomes of it |
//! |---|---|
//! | 200 | it is read |
//! | 404 | what was asked about is gone; it is left out |
//! | another status below 500 | it is reported as skipped, under its name |
//! | 500 and above, no answer, not granted, nonsense | the rule fails: strangers are not looked for where S3 does not answer |

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reddalert_sdk::{CallError, Error, Host, Request, Response};
use roxmltree::Document;

use crate::access_list::{Grant, grants};
use crate::answers::{BucketPage, ObjectPage, bucket_page, object_page, refusal, region};

/// Where buckets are listed and looked up.
const FIRST_REGION: &str = "us-east-1";

/// How many questions are asked at once.
const BATCH: usize = 100;

/// More than any answer to these questions has: 1000 keys of 1 KiB, encoded.
const MAX_BODY: u32 = 8 * 1024 * 1024;

/// What need not be encoded in a path.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What need not be encoded in an argument.
const IN_ARGUMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A bucket and the region it is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) region: String,
}

/// A bucket, or an object in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thing {
    pub(crate) bucket: Bucket,
    pub(crate) key: Option<String>,
}

impl Thing {
    /// `bucket` or `bucket:key`.
    pub(crate) fn id(&self) -> String {
        match &self.key {
            Some(key) => format!("{}:{key}", self.bucket.name),
            None => self.bucket.name.clone(),
        }
    }
}

/// What lies under a prefix of a bucket, as far as it has been read.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) bucket: Bucket,
    pub(crate) prefix: String,
    pub(crate) content: ObjectPage,
}

/// The service, as this rule may ask it.
pub(crate) struct S3<'host> {
    host: &'host dyn Host,
    /// Another server than AWS's; empty for AWS.
    endpoint: &'host str,
}

impl<'host> S3<'host> {
    pub(crate) fn new(host: &'host dyn Host, endpoint: &'host str) -> Self {
        Self { host, endpoint: endpoint.trim_end_matches('/') }
    }

    /// The names of all buckets.
    pub(crate) fn bucket_names(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        let mut arguments = String::new();
        loop {
            let answer = self.host.send(&[self.request(FIRST_REGION, "", &arguments)]).pop();
            let answer = answer.unwrap_or_else(|| Err(no_answer())).map_err(|error| failed("the list of buckets", &error))?;
            if answer.status != 200 {
                return Err(Error::new(format!("S3 does not list the buckets: {}", refusal(&answer))));
            }
            let BucketPage { names: page, next } = read("the list of buckets", &answer, bucket_page)?;
            names.extend(page);
            let Some(next) = next else { return Ok(names) };
            arguments = format!("continuation-token={}", utf8_percent_encode(&next, IN_ARGUMENT));
        }
    }

    /// The buckets of these names, each with its region.
    pub(crate) fn buckets(&self, names: Vec<String>) -> Result<Vec<Bucket>, Error> {
        let questions = names.into_iter().map(|name| (name.clone(), self.request(FIRST_REGION, &name, "location"), name)).collect();
        let regions = self.ask(questions, region)?;
        Ok(regions.into_iter().map(|(name, region)| Bucket { name, region }).collect())
    }

    /// The access list of each.
    pub(crate) fn access_lists(&self, things: Vec<Thing>) -> Result<Vec<(Thing, Vec<Grant>)>, Error> {
        let question = |thing: Thing| {
            let path = thing.key.as_ref().map_or(thing.bucket.name.clone(), |key| format!("{}/{key}", thing.bucket.name));
            (thing.id(), self.request(&thing.bucket.region, &path, "acl"), thing)
        };
        self.ask(things.into_iter().map(question).collect(), grants)
    }

    /// Reads one page of each, the first or the next.
    pub(crate) fn turn_page(&self, folders: Vec<Folder>) -> Result<Vec<Folder>, Error> {
        let question = |mut folder: Folder| {
            let prefix = utf8_percent_encode(&folder.prefix, IN_ARGUMENT);
            let mut arguments = format!("delimiter=%2F&encoding-type=url&list-type=2&prefix={prefix}");
            if let Some(next) = folder.content.next.take() {
                arguments.insert_str(0, &format!("continuation-token={}&", utf8_percent_encode(&next, IN_ARGUMENT)));
            }
            let Folder { bucket, prefix, .. } = &folder;
            (format!("{}:{prefix}", bucket.name), self.request(&bucket.region, &bucket.name, &arguments), folder)
        };
        let pages = self.ask(folders.into_iter().map(question).collect(), object_page)?;
        Ok(pages.into_iter().map(|(folder, page)| Folder { content: folder.content.and(page), ..folder }).collect())
    }

    /// Asks all questions, each with what it is about, and reads what is answered.
    fn ask<Q, A>(&self, questions: Vec<(String, Request, Q)>, reader: impl Fn(&Document<'_>) -> Option<A>) -> Result<Vec<(Q, A)>, Error> {
        let mut answered = Vec::new();
        let mut questions = questions.into_iter().peekable();
        while questions.peek().is_some() {
            let batch: Vec<_> = questions.by_ref().take(BATCH).collect();
            let requests: Vec<Request> = batch.iter().map(|(_, request, _)| request.clone()).collect();
            let answers = self.host.send(&requests);
            for ((name, _, question), answer) in batch.into_iter().zip(answers) {
                let answer = answer.map_err(|error| failed(&name, &error))?;
                match answer.status {
                    200 => answered.push((question, read(&name, &answer, &reader)?)),
                    404 => {}
                    500.. => return Err(Error::new(format!("S3 does not answer about {name}: {}", refusal(&answer)))),
                    _ => self.host.skipped(&name, &format!("S3 answers {}", refusal(&answer))),
                }
            }
        }
        Ok(answered)
    }

    fn request(&self, region: &str, path: &str, arguments: &str) -> Request {
        let server = if self.endpoint.is_empty() { format!("https://s3.{region}.amazonaws.com") } else { self.endpoint.to_owned() };
        let mut url = format!("{server}/{}", utf8_percent_encode(path, IN_PATH));
        if !arguments.is_empty() {
            url.push('?');
            url.push_str(arguments);
        }
        Request::get(url).max_body(MAX_BODY).option("aws-region", region).option("aws-service", "s3")
    }
}

fn read<A>(name: &str, answer: &Response, reader: impl Fn(&Document<'_>) -> Option<A>) -> Result<A, Error> {
    let text = answer.text();
    let document = if answer.cut { None } else { Document::parse(&text).ok() };
    document.as_ref().and_then(reader).ok_or_else(|| Error::new(format!("S3's answer about {name} cannot be read")))
}

fn failed(name: &str, error: &CallError) -> Error {
    Error::new(format!("S3 cannot be asked about {name}: {error}"))
}

fn no_answer() -> CallError {
    CallError { kind: reddalert_sdk::ErrorKind::Other, status: None, message: "the host answered nothing".to_owned() }
}

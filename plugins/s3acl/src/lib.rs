//! The rule `s3acl`: alerts about buckets and objects of S3 whose access lists let in whom they should not. It looks at a few of them in each
//! run, level by level, or at all.

mod access_list;
mod answers;
mod s3;
mod sample;
mod settings;

use reddalert_sdk::{Alert, Error, Host, Rule};

use crate::access_list::Grant;
use crate::s3::{Bucket, Listing, S3, Thing};
use crate::sample::Sample;
pub use crate::settings::Settings;

/// The rule.
pub struct S3Acl {
    settings: Settings,
}

reddalert_sdk::export!(S3Acl, manifest = "manifest.json");

/// What lies under a prefix of a bucket.
struct Folder {
    bucket: Bucket,
    prefix: String,
}

/// What a folder holds.
#[derive(Default)]
struct Content {
    keys: Vec<String>,
    prefixes: Vec<String>,
}

impl Rule for S3Acl {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        if settings.visit_probability < 0.0 {
            return Err(Error::new(format!("setting `visit_probability`: {} is below 0", settings.visit_probability)));
        }
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let s3 = S3::new(host, &self.settings.endpoint);
        let mut sample = Sample::new(&self.settings);
        let names = s3.bucket_names()?.into_iter().filter(|name| !self.settings.excludes_bucket(name)).collect();
        let buckets = sample.of(s3.buckets(names)?, 0);

        let things = buckets.iter().map(|bucket| Thing { bucket: bucket.clone(), key: None }).collect();
        let mut alerts = self.alerts(&s3, things)?;
        let mut folders: Vec<Folder> = buckets.into_iter().map(|bucket| Folder { bucket, prefix: String::new() }).collect();
        while !folders.is_empty() {
            let (objects, deeper) = self.look_into(host, &s3, &mut sample, folders)?;
            alerts.extend(self.alerts(&s3, objects)?);
            folders = deeper;
        }
        Ok(alerts)
    }
}

impl S3Acl {
    /// The objects of one level that are looked at, and the folders one level down.
    fn look_into(
        &self,
        host: &dyn Host,
        s3: &S3<'_>,
        sample: &mut Sample<'_>,
        folders: Vec<Folder>,
    ) -> Result<(Vec<Thing>, Vec<Folder>), Error> {
        let (mut objects, mut deeper) = (Vec::new(), Vec::new());
        for (Folder { bucket, prefix }, content) in contents(s3, folders)? {
            let depth = prefix.matches('/').count();
            let keys = content.keys.into_iter().map(|key| Thing { bucket: bucket.clone(), key: Some(key) });
            let keys = keys.filter(|object| !self.settings.excludes_object(&object.id()) && can_be_asked_about(host, object)).collect();
            objects.extend(sample.of(keys, depth));
            deeper.extend(sample.of(content.prefixes, depth).into_iter().map(|prefix| Folder { bucket: bucket.clone(), prefix }));
        }
        Ok((objects, deeper))
    }

    fn alerts(&self, s3: &S3<'_>, things: Vec<Thing>) -> Result<Vec<Alert>, Error> {
        let lists = s3.access_lists(things)?;
        Ok(lists.into_iter().filter_map(|(thing, grants)| self.alert(&thing, &grants)).collect())
    }

    fn alert(&self, thing: &Thing, grants: &[Grant]) -> Option<Alert> {
        let bad: Vec<&Grant> = grants.iter().filter(|grant| !self.settings.allows(&thing.bucket.name, grant)).collect();
        let severity = bad.iter().map(|grant| grant.severity()).max()?;
        let kind = if thing.key.is_some() { "object" } else { "bucket" };
        let alert = Alert::new(thing.id())
            .title(format!("S3 {kind} {} grants {}", thing.id(), bad.first()?.text()))
            .severity(severity)
            .label("region", &thing.bucket.region)
            .label("resource-type", &format!("s3-{kind}"));
        Some(bad.into_iter().fold(alert, |alert, grant| alert.text(grant.text())))
    }
}

/// Everything in each of the folders, read to the end.
fn contents(s3: &S3<'_>, folders: Vec<Folder>) -> Result<Vec<(Folder, Content)>, Error> {
    let first = |Folder { bucket, prefix }| (Listing { bucket, prefix, from: None }, Content::default());
    let mut open: Vec<(Listing, Content)> = folders.into_iter().map(first).collect();
    let mut read = Vec::new();
    while !open.is_empty() {
        let (listings, mut contents): (Vec<Listing>, Vec<Content>) = open.drain(..).unzip();
        let numbered = listings.into_iter().enumerate().collect();
        for ((number, listing), page) in s3.listings(numbered)? {
            let mut content = std::mem::take(&mut contents[number]);
            content.keys.extend(page.keys);
            content.prefixes.extend(page.prefixes);
            match page.next {
                Some(next) => open.push((Listing { from: Some(next), ..listing }, content)),
                None => read.push((Folder { bucket: listing.bucket, prefix: listing.prefix }, content)),
            }
        }
    }
    Ok(read)
}

/// An address has no room for a key with `.` or `..` between slashes: it would mean another object.
fn can_be_asked_about(host: &dyn Host, object: &Thing) -> bool {
    let is_clear = object.key.iter().flat_map(|key| key.split('/')).all(|part| part != "." && part != "..");
    if !is_clear {
        host.skipped(&object.id(), "no address can be made of its name; look at it by hand");
    }
    is_clear
}

#[cfg(test)]
mod tests;

//! The rule `s3acl`: alerts about buckets and objects of S3 whose access lists let in whom they should not. It looks at a few of them in each
//! run, level by level, or at all.

mod access_list;
mod answers;
mod s3;
mod sample;
mod settings;

use reddalert_sdk::{Alert, Error, Host, Rule};

use crate::access_list::Grant;
use crate::answers::ObjectPage;
use crate::s3::{Bucket, Folder, S3, Thing};
use crate::sample::Sample;
pub use crate::settings::Settings;

/// The rule.
pub struct S3Acl {
    settings: Settings,
}

reddalert_sdk::export!(S3Acl, manifest = "manifest.json");

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
        let mut folders: Vec<Folder> = buckets.into_iter().map(|bucket| folder(bucket, String::new())).collect();
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
        for Folder { bucket, prefix, content } in read_to_the_end(s3, folders)? {
            let depth = prefix.matches('/').count();
            let keys = content.keys.into_iter().map(|key| Thing { bucket: bucket.clone(), key: Some(key) });
            let keys = keys.filter(|object| !self.settings.excludes_object(&object.id()) && can_be_asked_about(host, object)).collect();
            objects.extend(sample.of(keys, depth));
            deeper.extend(sample.of(content.prefixes, depth).into_iter().map(|prefix| folder(bucket.clone(), prefix)));
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

fn folder(bucket: Bucket, prefix: String) -> Folder {
    Folder { bucket, prefix, content: ObjectPage::default() }
}

fn read_to_the_end(s3: &S3<'_>, folders: Vec<Folder>) -> Result<Vec<Folder>, Error> {
    let (mut open, mut read) = (folders, Vec::new());
    while !open.is_empty() {
        let (unfinished, finished): (Vec<Folder>, Vec<Folder>) =
            s3.turn_page(open)?.into_iter().partition(|folder| folder.content.next.is_some());
        read.extend(finished);
        open = unfinished;
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

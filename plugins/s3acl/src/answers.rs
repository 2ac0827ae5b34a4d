//! What S3 answers, apart from access lists.

use percent_encoding::percent_decode_str;
use reddalert_sdk::Response;
use roxmltree::{Document, Node};

/// The children of this name, in whatever namespace: servers differ there.
pub(crate) fn children<'a, 'input>(node: Node<'a, 'input>, name: &'static str) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

/// The text of the first child of this name; none if it has none.
pub(crate) fn child_text(node: Node<'_, '_>, name: &'static str) -> Option<String> {
    children(node, name).next().and_then(|child| child.text()).map(ToOwned::to_owned)
}

/// A part of the list of all buckets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BucketPage {
    pub(crate) names: Vec<String>,
    pub(crate) next: Option<String>,
}

pub(crate) fn bucket_page(document: &Document<'_>) -> Option<BucketPage> {
    let root = document.root_element();
    let list = children(root, "Buckets").next()?;
    let names = children(list, "Bucket").map(|bucket| child_text(bucket, "Name")).collect::<Option<_>>()?;
    Some(BucketPage { names, next: child_text(root, "ContinuationToken") })
}

/// The region of a bucket. The oldest buckets have none, and the first of Europe a name of its own.
pub(crate) fn region(document: &Document<'_>) -> Option<String> {
    let root = document.root_element();
    (root.tag_name().name() == "LocationConstraint").then(|| match root.text().unwrap_or_default().trim() {
        "" => "us-east-1".to_owned(),
        "EU" => "eu-west-1".to_owned(),
        region => region.to_owned(),
    })
}

/// A part of what lies under a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ObjectPage {
    pub(crate) keys: Vec<String>,
    /// The prefixes one level down.
    pub(crate) prefixes: Vec<String>,
    pub(crate) next: Option<String>,
}

impl ObjectPage {
    /// With the page that follows.
    pub(crate) fn and(mut self, page: Self) -> Self {
        self.keys.extend(page.keys);
        self.prefixes.extend(page.prefixes);
        Self { next: page.next, ..self }
    }
}

pub(crate) fn object_page(document: &Document<'_>) -> Option<ObjectPage> {
    let root = document.root_element();
    if root.tag_name().name() != "ListBucketResult" {
        return None;
    }
    let names =
        |group: &'static str, name: &'static str| children(root, group).map(move |node| child_text(node, name).map(|text| decoded(&text)));
    let is_cut = child_text(root, "IsTruncated").as_deref() == Some("true");
    Some(ObjectPage {
        keys: names("Contents", "Key").collect::<Option<_>>()?,
        prefixes: names("CommonPrefixes", "Prefix").collect::<Option<_>>()?,
        next: child_text(root, "NextContinuationToken").filter(|_| is_cut),
    })
}

/// Keys come encoded, as XML cannot hold all of them; a space comes as a plus.
fn decoded(key: &str) -> String {
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// `404 NoSuchBucket`: what went wrong, as S3 calls it.
pub(crate) fn refusal(answer: &Response) -> String {
    let text = answer.text();
    let code = Document::parse(&text).ok().and_then(|document| child_text(document.root_element(), "Code"));
    match code {
        Some(code) => format!("{} {code}", answer.status),
        None => answer.status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(xml: &str) -> Document<'_> {
        Document::parse(xml).expect("XML")
    }

    #[test]
    fn the_region_of_old_buckets_is_known() {
        let region_of = |xml: &str| region(&document(xml));
        assert_eq!(region_of("<LocationConstraint xmlns='x'/>").as_deref(), Some("us-east-1"));
        assert_eq!(region_of("<LocationConstraint>EU</LocationConstraint>").as_deref(), Some("eu-west-1"));
        assert_eq!(region_of("<LocationConstraint>eu-central-1</LocationConstraint>").as_deref(), Some("eu-central-1"));
        assert_eq!(region_of("<Error/>"), None);
    }

    #[test]
    fn keys_are_decoded() {
        let xml = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>\
            <Contents><Key>a+b%2Bc/%C3%A4%01</Key></Contents><CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes></ListBucketResult>";
        let page = object_page(&document(xml)).expect("a page");
        assert_eq!((page.keys, page.prefixes, page.next), (vec!["a b+c/ä\u{1}".to_owned()], vec!["d/".to_owned()], Some("t".to_owned())));
        assert_eq!(object_page(&document("<Error/>")), None);
    }

    #[test]
    fn buckets_are_listed() {
        let xml =
            "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>a</Name></Bucket></Buckets></ListAllMyBucketsResult>";
        assert_eq!(bucket_page(&document(xml)), Some(BucketPage { names: vec!["a".to_owned()], next: None }));
    }

    #[test]
    fn a_refusal_names_the_code() {
        let answer = |body: &str| Response { status: 403, body: body.into(), ..Response::default() };
        assert_eq!(refusal(&answer("<Error><Code>AccessDenied</Code></Error>")), "403 AccessDenied");
        assert_eq!(refusal(&answer("")), "403");
    }
}

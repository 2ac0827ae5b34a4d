//! Access lists of S3: who may do what.
//!
//! | whom the grant is for | what it lets them do | severity |
//! |---|---|---|
//! | everybody, or everybody with an AWS account | write, or change the list | critical |
//! | everybody, or everybody with an AWS account | read | high |
//! | somebody else | anything | medium |

use reddalert_sdk::Severity;
use roxmltree::{Document, Node};

use crate::answers::{child_text, children};

/// The groups that strangers are in.
const STRANGERS: [&str; 2] =
    ["http://acs.amazonaws.com/groups/global/AllUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"];

/// One line of an access list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) grantee: Grantee,
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`, `FULL_CONTROL`.
    pub(crate) permission: String,
}

/// Whom a grant is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grantee {
    /// By its URI.
    Group(String),
    /// By the id of the account.
    User(String),
    /// Neither.
    Unnamed,
}

impl Grant {
    /// `<id or uri or Everyone> <permission>`.
    pub(crate) fn text(&self) -> String {
        let grantee = match &self.grantee {
            Grantee::Group(name) | Grantee::User(name) => name,
            Grantee::Unnamed => "Everyone",
        };
        format!("{grantee} {}", self.permission)
    }

    pub(crate) fn severity(&self) -> Severity {
        let is_for_strangers = match &self.grantee {
            Grantee::Group(uri) => STRANGERS.contains(&uri.as_str()),
            Grantee::User(_) => false,
            Grantee::Unnamed => true,
        };
        match (is_for_strangers, self.permission.starts_with("READ")) {
            (true, true) => Severity::High,
            (true, false) => Severity::Critical,
            (false, _) => Severity::Medium,
        }
    }
}

/// Reads an `AccessControlPolicy`. None: it is something else.
pub(crate) fn grants(document: &Document<'_>) -> Option<Vec<Grant>> {
    let root = document.root_element();
    let list = children(root, "AccessControlList").next().filter(|_| root.tag_name().name() == "AccessControlPolicy")?;
    children(list, "Grant").map(grant).collect()
}

fn grant(node: Node<'_, '_>) -> Option<Grant> {
    let grantee = children(node, "Grantee").next()?;
    let grantee = match (child_text(grantee, "URI"), child_text(grantee, "ID")) {
        (Some(uri), _) => Grantee::Group(uri),
        (None, Some(id)) => Grantee::User(id),
        (None, None) => Grantee::Unnamed,
    };
    Some(Grant { grantee, permission: child_text(node, "Permission")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Option<Vec<Grant>> {
        grants(&Document::parse(xml).expect("XML"))
    }

    #[test]
    fn grantees_are_told_apart() {
        let xml = r#"<?xml version="1.0"?><AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>o</ID></Owner>
            <AccessControlList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
            <Grant><Grantee xsi:type="CanonicalUser"><ID>abc</ID><DisplayName>x</DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant>
            <Grant><Grantee xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>
            <Grant><Grantee xsi:type="AmazonCustomerByEmail"/><Permission>WRITE</Permission></Grant>
            </AccessControlList></AccessControlPolicy>"#;
        let grants = read(xml).expect("a list");
        let texts: Vec<String> = grants.iter().map(Grant::text).collect();
        assert_eq!(texts, ["abc FULL_CONTROL", "http://acs.amazonaws.com/groups/global/AllUsers READ", "Everyone WRITE"]);
        assert_eq!(grants.iter().map(Grant::severity).collect::<Vec<_>>(), [Severity::Medium, Severity::High, Severity::Critical]);
    }

    #[test]
    fn something_else_is_no_list() {
        assert_eq!(read("<Error><Code>AccessDenied</Code></Error>"), None);
        let without_permission =
            "<AccessControlPolicy><AccessControlList><Grant><Grantee/></Grant></AccessControlList></AccessControlPolicy>";
        assert_eq!(read(without_permission), None);
        assert_eq!(read("<AccessControlPolicy><AccessControlList/></AccessControlPolicy>"), Some(Vec::new()));
    }
}

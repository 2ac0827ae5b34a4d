//! A mail as HTML: one column, styles in place, nothing from elsewhere, dark text on light. Whatever a rule wrote is escaped by the template.

use maud::{DOCTYPE, Markup, html};

use super::super::format::severity_name;
use super::digest::{Digest, Entry, Group};
use crate::alert::Severity;

const PAGE: &str = "margin:0;padding:16px;background-color:#f4f5f7;color:#1f2328;\
                    font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5";
const COLUMN: &str = "max-width:640px;margin:0 auto";
const HEADLINE: &str = "margin:0 0 16px;font-size:20px;line-height:1.3";
const CARD: &str = "margin:12px 0 0;padding:12px 14px;background-color:#ffffff;border-radius:4px;border-left:4px solid ";
const TITLE: &str = "margin:0;font-size:16px;font-weight:600;overflow-wrap:anywhere";
const SMALL: &str = "margin:4px 0 0;font-size:14px;color:#57606a;overflow-wrap:anywhere";
const REST: &str = "margin:24px 0 0;font-size:14px;color:#57606a";
const DETAIL: &str = "margin:8px 0 0;padding:8px 10px;background-color:#f6f8fa;border-radius:4px;font-family:Consolas,Menlo,monospace;\
                      font-size:13px;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere";

/// The whole page.
pub(in crate::outputs) fn page(digest: &Digest) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (digest.headline) }
            }
            body style=(PAGE) {
                div style=(COLUMN) {
                    h1 style=(HEADLINE) { (digest.headline) }
                    @for group in &digest.groups { (section(group)) }
                    @if let Some(rest) = &digest.rest { p style=(REST) { (rest) } }
                }
            }
        }
    };
    page.into_string()
}

fn section(group: &Group) -> Markup {
    let colour = colour(group.severity);
    let heading = format!("margin:24px 0 0;font-size:14px;font-weight:600;color:{colour}");
    html! {
        h2 style=(heading) { (severity_name(group.severity).to_uppercase()) " \u{b7} " (group.rule) }
        @for entry in &group.entries { (card(entry, colour)) }
    }
}

fn card(entry: &Entry, colour: &str) -> Markup {
    html! {
        div style={ (CARD) (colour) } {
            p style=(TITLE) { (entry.title) }
            @if let Some(id) = &entry.id { p style=(SMALL) { (id) } }
            @for detail in &entry.details { div style=(DETAIL) { (detail) } }
            @if let Some(labels) = &entry.labels { p style=(SMALL) { (labels) } }
            @if let Some(url) = &entry.url {
                p style=(SMALL) { a href=(url) style="color:#0550ae" { (url) } }
            }
        }
    }
}

/// Dark enough to be read as text on the page's background.
fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "#57606a",
        Severity::Low => "#0550ae",
        Severity::Medium => "#8a5a00",
        Severity::High => "#b3400a",
        Severity::Critical => "#a40e26",
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::alert;
    use super::*;
    use crate::alert::Detail;

    #[test]
    fn what_a_rule_writes_is_text_and_nothing_else() {
        let details = vec![Detail::Text("</div><script>alert(1)</script><img src=x onerror='x'>\"&".into())];
        let page = page(&Digest::new(&[alert("iam", "<b>bob</b>", Severity::High, details)], 9));
        assert!(page.contains("&lt;/div&gt;&lt;script&gt;"), "{page}");
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"), "{page}");
    }

    #[test]
    fn only_an_https_address_becomes_a_link() {
        let with_url = |url: &str| {
            let mut alert = (*alert("iam", "bob", Severity::High, vec![])).clone();
            alert.url = Some(url.to_owned());
            page(&Digest::new(&[alert.into()], 9))
        };
        assert!(with_url("https://console.example/\"><script>").contains("href=\"https://console.example/%22%3E%3Cscript%3E\""));
        for url in ["javascript:alert(1)", "http://x", "data:text/html,x", "nonsense"] {
            assert!(!with_url(url).contains("href"), "{url}");
        }
    }
}

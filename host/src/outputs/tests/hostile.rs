use super::{alert, fields};
use crate::alert::Severity;
use crate::alert::{Alert, Detail};
use std::sync::Arc;

/// Texts that try to break out of their place. Whoever can name a machine writes such texts.
pub(in crate::outputs) const HOSTILE: [&str; 16] = [
    "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}",
    "\u{9b}31m\u{90}",
    "left\u{202e}thgir\u{2066}\u{200f}\u{feff}",
    "one\r\nBcc: all@example.com\r\n\r\nbody",
    "one\nRule: forged\nSubject: forged\n.\n",
    "column\tcolumn\\t",
    "</div></p><script>alert(1)</script><img src=http://evil/x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)\" ' style='x",
    "<!channel> <@U123> <https://evil|click> &lt;b&gt; *bold* _it_ `code` ~no~",
    "NUL\u{0}NUL\u{7f}\u{85}",
    "emoji \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} Zoltán 日本語",
    "\u{fffd}\u{fffe}\u{ffff}",
    "{\"create\":{\"_id\":\"x\"}}\n{\"rule\":\"forged\"}",
    "line\u{2028}separator\u{2029}paragraph",
    "=?utf-8?B?Rm9yZ2Vk?= =41=0A soft=",
    "--boundary--\r\nContent-Type: text/html",
];

/// An alert that has a hostile text wherever a rule can put one.
pub(in crate::outputs) fn hostile_alert(text: &str) -> Arc<Alert> {
    let details = vec![Detail::Text(text.to_owned()), fields(serde_json::json!({ "name": text, text: [text] }))];
    let mut alert = (*alert("iam", text, Severity::High, details)).clone();
    alert.title = text.to_owned();
    alert.url = Some(format!("https://x/{text}"));
    Arc::new(alert)
}

/// All of them, and one that is very long.
pub(in crate::outputs) fn hostile_alerts() -> Vec<Arc<Alert>> {
    let mut alerts: Vec<_> = HOSTILE.iter().map(|text| hostile_alert(text)).collect();
    alerts.push(hostile_alert(&"long\u{202e}<&>\n".repeat(20_000)));
    alerts
}

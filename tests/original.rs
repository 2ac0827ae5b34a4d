//! What the original reddalert answered on a recorded inventory, and what ours answers, rule by rule and detail by detail.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Place, project, recorded_account};

const UNTIL: i64 = 1_700_021_600_000;
const RULES: [&str; 6] = ["secgroups", "ami", "elbs", "newtag", "missingtag", "iam"];

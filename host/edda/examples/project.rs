//! Measures what it costs to select the fields that rules use, per document: `cargo run --release --example project -- FILE [SELECTOR]`,
//! where the file holds a list of documents as EDDA answers it.

use std::hint::black_box;
use std::time::Instant;

use edda::query::Selector;
use serde_json::value::RawValue;

const INSTANCE: &str = "(instanceId,imageId,launchTime,tags:(key,value),securityGroups:(groupId),publicIpAddress,privateIpAddress,keyName,\
                        iamInstanceProfile:(arn),placement:(availabilityZone))";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let text = std::fs::read_to_string(arguments.next().ok_or("name a file")?)?;
    let selector = Selector::parse(arguments.next().as_deref().unwrap_or(INSTANCE))?;
    let documents: Vec<&RawValue> = serde_json::from_str(&text)?;
    let bytes: usize = documents.iter().map(|document| document.get().len()).sum();
    let rounds = 1 + 200_000 / documents.len().max(1);
    let mut out = String::new();
    let mut kept = 0;
    let start = Instant::now();
    for _ in 0..rounds {
        for document in &documents {
            out.clear();
            black_box(selector.project_into(document.get(), &mut out)?);
            kept += out.len();
        }
    }
    let count = rounds * documents.len();
    let nanoseconds = start.elapsed().as_nanos() / count as u128;
    eprintln!("{count} documents of {} bytes, {} kept: {nanoseconds} ns each", bytes / documents.len(), kept / count);
    Ok(())
}

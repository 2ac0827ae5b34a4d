//! How large the outbox may become. Alerts that nobody takes must not fill the disk, and none of them is dropped: what the rules do not look at
//! now they look at later, because their windows wait.

use crate::settings::values::size_text;

/// Why no rule is to run; none while the outbox has not more than `limit` bytes.
pub(super) fn why_full(bytes: u64, limit: u64) -> Option<String> {
    (bytes > limit).then(|| {
        format!(
            "it has {bytes} bytes, and `outbox-limit` is {}: no rule runs, and nothing is missed, because the next windows begin where these \
             would have; see to the outputs that alerts wait for (`reddalert outbox list`), or give up what waits (`reddalert outbox drop`)",
            size_text(limit)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_allowed() {
        assert_eq!(why_full(1 << 20, 1 << 20), None);
        let reason = why_full((1 << 20) + 1, 1 << 20).expect("one byte more");
        assert!(reason.starts_with("it has 1048577 bytes, and `outbox-limit` is 1MiB: "), "{reason}");
    }
}

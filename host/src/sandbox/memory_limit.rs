//! How much memory, how many table elements and how many core instances a rule may have: sums over everything that its component is made of.

use wasmtime::ResourceLimiter;

use super::limit_name::LimitName;
use super::stop::Stop;
use crate::settings::Limits;

/// Ends the rule at the growth that goes too far. Were the growth merely refused, the guest would panic, and look like the cause.
pub(super) struct MemoryLimit {
    memory: Sum,
    table_elements: Sum,
    instances: usize,
}

struct Sum {
    used: usize,
    allowed: usize,
}

impl MemoryLimit {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { memory: Sum::new(limits.memory), table_elements: Sum::new(limits.table_elements), instances: as_usize(limits.instances) }
    }

    /// The most that the rule had, in bytes. A memory never shrinks.
    pub(super) fn peak(&self) -> u64 {
        u64::try_from(self.memory.used).unwrap_or(u64::MAX)
    }
}

impl Sum {
    fn new(allowed: u64) -> Self {
        Self { used: 0, allowed: as_usize(allowed) }
    }

    /// False: larger than the memory or table itself says it can become, which the guest is told.
    fn grow(&mut self, current: usize, desired: usize, maximum: Option<usize>, limit: LimitName) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let wanted = self.used.saturating_add(desired.saturating_sub(current));
        if wanted > self.allowed {
            return Err(Stop::Limit(limit).into());
        }
        self.used = wanted;
        Ok(true)
    }
}

/// A growth that is allowed and then fails stays counted: `memory_grow_failed` is called for growths that were never asked about too, so a
/// guest could use it to get room back that it still holds.
impl ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.memory.grow(current, desired, maximum, LimitName::Memory)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.table_elements.grow(current, desired, maximum, LimitName::TableElements)
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.instances
    }

    fn memories(&self) -> usize {
        self.instances
    }
}

fn as_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(bytes: u64) -> MemoryLimit {
        MemoryLimit::new(&Limits { memory: bytes, ..Limits::default() })
    }

    #[test]
    fn two_memories_share_one_limit() {
        let mut limit = limit(100);
        assert!(limit.memory_growing(0, 60, None).expect("first"));
        assert!(limit.memory_growing(0, 40, None).expect("second"));
        let error = limit.memory_growing(40, 41, None).expect_err("one byte more");
        assert_eq!(error.downcast_ref(), Some(&Stop::Limit(LimitName::Memory)));
        assert_eq!(limit.peak(), 100);
    }

    #[test]
    fn a_failed_growth_gives_no_room_back() {
        let mut limit = limit(100);
        assert!(limit.memory_growing(0, 90, None).expect("first"));
        limit.memory_grow_failed(wasmtime::Error::msg("beyond the memory's type")).expect("told");
        assert!(limit.memory_growing(0, 20, None).is_err());
    }

    #[test]
    fn what_a_memory_itself_forbids_is_no_limit_of_ours() {
        let mut limit = limit(100);
        assert!(!limit.memory_growing(0, 90, Some(80)).expect("refused, not stopped"));
        assert_eq!(limit.peak(), 0);
    }
}

//! What a rule may still use: time, calls, bytes. Every host function asks here first, and a rule that computes is asked every tick.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::limit_name::LimitName;
use super::stop::Stop;
use crate::settings::Limits;

/// Made on the thread that runs the rule, and used there only: it reads that thread's processor time, so that a busy machine is not held
/// against the rule.
pub(super) struct Budget {
    limits: Limits,
    stop: Arc<AtomicBool>,
    ends_at: Option<Instant>,
    processor_at_start: Duration,
    processor_while_waiting: Duration,
    waiting: Duration,
    host_calls: u64,
    inventory_bytes: u64,
    log_bytes: u64,
}

impl Budget {
    pub(super) fn new(limits: Limits, stop: Arc<AtomicBool>, ends_at: Option<Instant>) -> Self {
        Self {
            limits,
            stop,
            ends_at,
            processor_at_start: processor_time(),
            processor_while_waiting: Duration::ZERO,
            waiting: Duration::ZERO,
            host_calls: 0,
            inventory_bytes: 0,
            log_bytes: 0,
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// True when the run is to end.
    pub(super) fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// May the rule go on computing?
    pub(super) fn check(&self) -> Result<(), Stop> {
        self.check_run()?;
        within(self.computing() <= self.limits.computing_time, LimitName::ComputingTime)
    }

    fn check_run(&self) -> Result<(), Stop> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Stop::RunEnds);
        }
        if self.ends_at.is_some_and(|end| Instant::now() >= end) {
            return Err(Stop::RunTimeOver);
        }
        Ok(())
    }

    /// Counts `calls` of the host's functions.
    pub(super) fn count_calls(&mut self, calls: usize) -> Result<(), Stop> {
        self.host_calls = self.host_calls.saturating_add(as_u64(calls));
        within(self.host_calls <= self.limits.host_calls, LimitName::HostCalls)
    }

    /// Counts `bytes` on their way from the inventory to the rule.
    pub(super) fn count_inventory_bytes(&mut self, bytes: u64) -> Result<(), Stop> {
        self.inventory_bytes = self.inventory_bytes.saturating_add(bytes);
        within(self.inventory_bytes <= self.limits.inventory_bytes, LimitName::InventoryBytes)
    }

    /// Counts `bytes` for the log. False: they are too many, and the line is to be left out.
    pub(super) fn count_log_bytes(&mut self, bytes: usize) -> bool {
        self.log_bytes = self.log_bytes.saturating_add(as_u64(bytes));
        !self.log_is_full()
    }

    /// True when a line of the log was left out.
    pub(super) fn log_is_full(&self) -> bool {
        self.log_bytes > self.limits.log_bytes
    }

    /// Runs `ask`, which waits for another machine at most until the moment it is given, and counts its time as waiting.
    pub(super) fn wait<T>(&mut self, ask: impl FnOnce(Instant) -> T) -> Result<T, Stop> {
        self.check_run()?;
        let left = self.limits.waiting_time.saturating_sub(self.waiting);
        within(!left.is_zero(), LimitName::WaitingTime)?;
        let (start, processor) = (Instant::now(), processor_time());
        let deadline = start.checked_add(left).into_iter().chain(self.ends_at).min();
        let answer = ask(deadline.unwrap_or(start));
        self.waiting += start.elapsed();
        self.processor_while_waiting += processor_time().saturating_sub(processor);
        self.check_run()?;
        within(self.waiting < self.limits.waiting_time, LimitName::WaitingTime)?;
        Ok(answer)
    }

    /// Processor time of the rule itself, without what the host's answers cost.
    pub(super) fn computing(&self) -> Duration {
        processor_time().saturating_sub(self.processor_at_start).saturating_sub(self.processor_while_waiting)
    }

    pub(super) fn waiting(&self) -> Duration {
        self.waiting
    }

    pub(super) fn host_calls(&self) -> u64 {
        self.host_calls
    }

    pub(super) fn inventory_bytes(&self) -> u64 {
        self.inventory_bytes
    }
}

fn within(allowed: bool, limit: LimitName) -> Result<(), Stop> {
    if allowed { Ok(()) } else { Err(Stop::Limit(limit)) }
}

/// What this thread has computed so far.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

fn as_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(limits: Limits) -> Budget {
        Budget::new(limits, Arc::default(), None)
    }

    #[test]
    fn an_answer_may_take_what_is_left_of_the_waiting_time() {
        let mut budget = budget(Limits { waiting_time: Duration::from_mins(1), ..Limits::default() });
        budget.waiting = Duration::from_secs(20);
        let start = Instant::now();
        let deadline = budget.wait(|deadline| deadline).expect("there is time left");
        assert!(deadline <= start + Duration::from_secs(41) && deadline >= start + Duration::from_secs(40));
    }

    #[test]
    fn an_answer_may_not_take_longer_than_the_run() {
        let end = Instant::now() + Duration::from_secs(5);
        let mut budget = Budget::new(Limits::default(), Arc::default(), Some(end));
        assert_eq!(budget.wait(|deadline| deadline), Ok(end));
    }

    #[test]
    fn no_question_is_asked_when_the_waiting_time_is_used_up() {
        let mut budget = budget(Limits { waiting_time: Duration::from_secs(1), ..Limits::default() });
        budget.waiting = Duration::from_secs(1);
        assert_eq!(budget.wait(|_| panic!("asked")), Err::<(), _>(Stop::Limit(LimitName::WaitingTime)));
    }

    #[test]
    fn a_run_that_ends_stops_computing_and_waiting() {
        let stop = Arc::new(AtomicBool::new(true));
        let mut budget = Budget::new(Limits::default(), stop, None);
        assert_eq!(budget.check(), Err(Stop::RunEnds));
        assert_eq!(budget.wait(|_| ()), Err(Stop::RunEnds));
        let mut budget = Budget::new(Limits::default(), Arc::default(), Some(Instant::now()));
        assert_eq!(budget.check(), Err(Stop::RunTimeOver));
        assert_eq!(budget.wait(|_| ()), Err(Stop::RunTimeOver));
    }

    #[test]
    fn what_the_host_computes_for_an_answer_is_not_the_rules_time() {
        let mut budget = budget(Limits::default());
        let work = || {
            let start = processor_time();
            while processor_time() < start + Duration::from_millis(30) {}
        };
        budget.wait(|_| work()).expect("there is time left");
        assert!(budget.computing() < Duration::from_millis(20), "{:?}", budget.computing());
        work();
        assert!(budget.computing() >= Duration::from_millis(30));
    }

    #[test]
    fn the_last_call_and_the_last_byte_are_allowed() {
        let mut budget = budget(Limits { host_calls: 2, inventory_bytes: 10, log_bytes: 10, ..Limits::default() });
        assert_eq!(budget.count_calls(2), Ok(()));
        assert_eq!(budget.count_calls(1), Err(Stop::Limit(LimitName::HostCalls)));
        assert_eq!(budget.count_inventory_bytes(10), Ok(()));
        assert_eq!(budget.count_inventory_bytes(1), Err(Stop::Limit(LimitName::InventoryBytes)));
        assert!(budget.count_log_bytes(10) && !budget.count_log_bytes(1));
    }
}

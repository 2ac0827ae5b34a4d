use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use edda::query::Selector;

use super::super::fault::InventoryError;
use super::super::splitter::Expected;
use super::super::times::{Moments, Times};
use super::*;
use crate::time_window::{EpochMillis, TimeWindow};

static RUNNING: AtomicBool = AtomicBool::new(false);

/// Answers with these bytes, or panics when there are none; counts how often it was read.
struct Fake<'test> {
    bytes: Option<Vec<u8>>,
    reads: AtomicUsize,
    /// Where two field sets must be waited for before it answers.
    until_two_wait: Option<&'test Answers>,
}

impl Fake<'_> {
    fn new(bytes: &[u8]) -> Self {
        Self { bytes: Some(bytes.to_vec()), reads: AtomicUsize::new(0), until_two_wait: None }
    }

    fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }
}

impl Side for Fake<'_> {
    fn moments(&self, times: &Times, window: TimeWindow) -> Result<Moments, QueryError> {
        Moments::over_http(times, window)
    }

    fn newest_known_until(&self) -> Result<EpochMillis, InventoryError> {
        Ok(0)
    }

    fn known_until(&self, _: &str, _: Asker<'_>) -> Result<EpochMillis, QueryError> {
        Ok(0)
    }

    fn read(&self, _: &Question, asker: Asker<'_>, reading: &mut Reading<'_>) -> Result<(), QueryError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let bytes = self.bytes.as_ref().expect("a bug, on purpose");
        reading.begin();
        let too_few = |answers: &Answers| locked(&entry(answers).state).wanted.len() < 2;
        while self.until_two_wait.is_some_and(too_few) && asker.check().is_ok() {
            std::thread::yield_now();
        }
        reading.take(bytes).and_then(|()| reading.end()).map_err(BodyError::into_query_error)
    }

    fn text(&self, _: &Question, _: Asker<'_>, _: usize) -> Result<String, QueryError> {
        Ok(String::new())
    }
}

fn answers(kept_bytes: usize) -> Answers {
    Answers { kept: Mutex::new(Kept::up_to(kept_bytes)), ..Answers::new(Arc::default()) }
}

fn entry(answers: &Answers) -> Arc<Entry> {
    locked(&answers.entries).values().next().map(Arc::clone).expect("somebody asked")
}

fn get(answers: &Answers, side: &Fake<'_>, selector: &str) -> Result<Arc<Documents>, QueryError> {
    let question =
        Question { base: "aws/x;_expand".to_owned(), collection: "aws.x".to_owned(), moments: Moments::Current, expected: Expected::List };
    let asker = Asker { stopped: &RUNNING, deadline: Instant::now() + Duration::from_mins(1), asked: "aws/x" };
    answers.documents(side, &question, &Some(Selector::parse(selector).expect("a selector")), asker)
}

fn first(documents: &Arc<Documents>) -> Option<&str> {
    documents.get(0)
}

#[test]
fn later_fields_come_from_the_raw_answer() {
    let (answers, side) = (answers(KEPT_BYTES), Fake::new(br#"[{"a":1,"b":2}]"#));
    assert_eq!(first(&get(&answers, &side, "(a)").expect("an answer")), Some(r#"{"a":1}"#));
    assert_eq!(first(&get(&answers, &side, "(b)").expect("an answer")), Some(r#"{"b":2}"#));
    assert_eq!(side.reads(), 1);
}

#[test]
fn one_pass_serves_all_who_wait_when_the_answer_begins() {
    let answers = answers(KEPT_BYTES);
    let side = Fake { until_two_wait: Some(&answers), ..Fake::new(br#"[{"a":1,"b":2}]"#) };
    std::thread::scope(|scope| {
        for selector in ["(a)", "(b)"] {
            let (answers, side) = (&answers, &side);
            scope.spawn(move || {
                get(answers, side, selector).expect("an answer");
                assert_eq!(locked(&entry(answers).state).products.len(), 2, "made together, whoever is first to look");
            });
        }
    });
    assert_eq!(side.reads(), 1);
}

#[test]
fn what_nobody_reads_makes_room_and_can_be_made_again() {
    let (answers, side) = (answers(0), Fake::new(br#"[{"a":1,"b":2}]"#));
    let held = get(&answers, &side, "(a)").expect("an answer");
    assert!(Arc::ptr_eq(&held, &get(&answers, &side, "(a)").expect("an answer")), "a rule holds it");
    let dropped = Arc::downgrade(&held);
    drop(held);
    assert!(dropped.upgrade().is_none(), "nobody holds it");
    assert_eq!(first(&get(&answers, &side, "(a)").expect("an answer")), Some(r#"{"a":1}"#));
    assert_eq!(side.reads(), 1);
}

#[test]
fn the_oldest_documents_make_room() {
    let documents = || {
        let mut documents = Documents::default();
        documents.push(&"x".repeat(100));
        documents.shrink();
        Arc::new(documents)
    };
    let (oldest, newest) = (documents(), documents());
    let mut kept = Kept::up_to(oldest.size() + newest.size());
    kept.add(&oldest);
    kept.add(&newest);
    assert_eq!((Arc::strong_count(&oldest), Arc::strong_count(&newest)), (2, 2));
    kept.add(&documents());
    assert_eq!((Arc::strong_count(&oldest), Arc::strong_count(&newest)), (1, 2));
}

#[test]
fn a_panic_while_an_answer_is_read_takes_nobody_else_down() {
    let answers = answers(KEPT_BYTES);
    let broken = Fake { bytes: None, ..Fake::new(b"") };
    std::thread::scope(|scope| assert!(scope.spawn(|| get(&answers, &broken, "(a)").map(drop)).join().is_err()));
    let side = Fake::new(br#"[{"a":1}]"#);
    assert_eq!(first(&get(&answers, &side, "(a)").expect("an answer")), Some(r#"{"a":1}"#));
}

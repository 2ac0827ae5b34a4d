//! Collecting: asks the AWS command line for everything that the wanted collections are made of, in several accounts and regions, several
//! calls at a time. A call that fails takes nothing else down. Nothing is written here.

mod aws_cli;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use edda::archive::{Call, CollectedFrom, Input, Wanted};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use self::aws_cli::{AwsCli, CallError, Place};

/// What is asked for, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// Profiles of the AWS configuration; none means the credentials that the AWS command line finds itself.
    pub profiles: Vec<String>,
    /// The regions; none means the one that each profile names.
    pub regions: Vec<String>,
    /// The collections.
    pub wanted: Wanted,
    /// How many calls are made at a time.
    pub jobs: usize,
}

/// What came from one region of an account, or from the account as a whole.
#[derive(Debug)]
pub struct Batch {
    /// The account, and the region that was asked.
    pub from: CollectedFrom,
    /// Whether this is what belongs to the account as a whole.
    pub is_global: bool,
    /// The answers, under the names by which an import knows them.
    pub answers: Vec<Input>,
}

/// A call that brought nothing.
#[derive(Debug)]
pub struct Failure {
    /// The account and region, or the profile when not even the account is known.
    pub place: String,
    /// What was called.
    pub words: Vec<String>,
    /// Why it failed.
    pub error: CallError,
}

/// Everything that came, and what did not.
#[derive(Debug, Default)]
pub struct Collection {
    /// In the order of the profiles and regions.
    pub batches: Vec<Batch>,
    /// In no certain order.
    pub failures: Vec<Failure>,
    /// Profiles that were left out, and why.
    pub left_out: Vec<String>,
}

/// Makes all calls. `step` is told how many calls are done, and how many there are so far.
pub async fn collect(aws: AwsCli, request: &Request, step: impl Fn(usize, usize)) -> Collection {
    let caller = Arc::new(Caller { aws, turns: Semaphore::new(request.jobs.max(1)) });
    let mut collection = Collection::default();
    let scopes = scopes(&caller, request, &mut collection).await;
    let mut calls = JoinSet::new();
    let mut all = 0;
    for (at, scope) in scopes.iter().enumerate() {
        for call in request.wanted.first_calls(scope.is_global) {
            caller.start(&mut calls, at, scope, call);
            all += 1;
        }
        let from = CollectedFrom { account: scope.account.clone(), region: scope.region.clone() };
        collection.batches.push(Batch { from, is_global: scope.is_global, answers: Vec::new() });
    }
    let mut done = 0;
    while let Some(joined) = calls.join_next().await {
        done += 1;
        // A task ends early only when the process does.
        let Ok((at, call, outcome)) = joined else { continue };
        match understood(&request.wanted, &call, outcome) {
            Ok((bytes, further)) => {
                all += further.len();
                for further in further {
                    caller.start(&mut calls, at, &scopes[at], further);
                }
                collection.batches[at].answers.push(Input { name: call.file_name(), bytes });
            }
            Err(error) => {
                collection.failures.push(Failure { place: scopes[at].name(), words: call.arguments().to_vec(), error });
            }
        }
        step(done, all);
    }
    // Whatever came first: the same answers make the same import.
    collection.batches.iter_mut().for_each(|batch| batch.answers.sort_by(|left, right| left.name.cmp(&right.name)));
    collection.failures.sort_by(|left, right| (&left.place, &left.words).cmp(&(&right.place, &right.words)));
    collection
}

/// The answer, and the calls that follow from it.
fn understood(wanted: &Wanted, call: &Call, outcome: Result<Vec<u8>, CallError>) -> Result<(Vec<u8>, Vec<Call>), CallError> {
    let answer = call.answer(outcome?);
    let further = wanted.further_calls(call, &answer).ok_or(CallError::NotUnderstood)?;
    Ok((answer, further))
}

/// A region of an account, or (`is_global`) the account as a whole.
#[derive(Clone, Debug)]
struct Scope {
    profile: Option<String>,
    account: String,
    region: String,
    is_global: bool,
}

impl Scope {
    fn name(&self) -> String {
        if self.is_global { self.account.clone() } else { format!("{}/{}", self.account, self.region) }
    }
}

/// Finds out who each profile is, and in which regions it is to look.
async fn scopes(caller: &Arc<Caller>, request: &Request, collection: &mut Collection) -> Vec<Scope> {
    let none = [None];
    let named: Vec<_> = request.profiles.iter().map(|profile| Some(profile.as_str())).collect();
    let mut scopes = Vec::new();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for profile in if named.is_empty() { &none[..] } else { &named[..] } {
        let shown = profile.map_or_else(|| "default credentials".to_owned(), |profile| format!("profile {profile}"));
        let Some((account, regions)) = caller.who(*profile, &shown, &request.regions, &mut collection.failures).await else { continue };
        if let Some(first) = seen.get(&account) {
            collection.left_out.push(format!("{shown} is left out: it is of account {account}, as {first} is"));
            continue;
        }
        seen.insert(account.clone(), shown);
        let scope = |region: &String, is_global| Scope {
            profile: profile.map(ToOwned::to_owned),
            account: account.clone(),
            region: region.clone(),
            is_global,
        };
        scopes.extend(regions.first().map(|region| scope(region, true)));
        scopes.extend(regions.iter().map(|region| scope(region, false)));
    }
    scopes
}

struct Caller {
    aws: AwsCli,
    turns: Semaphore,
}

type Joined = (usize, Call, Result<Vec<u8>, CallError>);

impl Caller {
    fn start(self: &Arc<Self>, calls: &mut JoinSet<Joined>, at: usize, scope: &Scope, call: Call) {
        let (caller, profile, region) = (Arc::clone(self), scope.profile.clone(), scope.region.clone());
        calls.spawn(async move {
            let _turn = caller.turns.acquire().await;
            let place = Place { profile: profile.as_deref(), region: Some(&region) };
            let outcome = caller.aws.call(place, call.arguments()).await;
            (at, call, outcome)
        });
    }

    /// The account of a profile, and its regions.
    async fn who(
        &self,
        profile: Option<&str>,
        shown: &str,
        regions: &[String],
        failures: &mut Vec<Failure>,
    ) -> Option<(String, Vec<String>)> {
        let mut failed = |words: &[String], error| failures.push(Failure { place: shown.to_owned(), words: words.to_vec(), error });
        let mut regions = regions.to_vec();
        if regions.is_empty() {
            let words = ["configure", "get", "region"].map(ToOwned::to_owned);
            match self.region_of(profile, &words).await {
                Ok(region) => regions.push(region),
                Err(error) => {
                    failed(&words, error);
                    return None;
                }
            }
        }
        let mut seen = BTreeSet::new();
        regions.retain(|region| seen.insert(region.clone()));
        let words = ["sts", "get-caller-identity"].map(ToOwned::to_owned);
        let place = Place { profile, region: regions.first().map(String::as_str) };
        let answered = self.aws.call(place, &words).await.and_then(|printed| account_in(&printed).ok_or(CallError::NotUnderstood));
        match answered {
            Ok(account) => Some((account, regions)),
            Err(error) => {
                failed(&words, error);
                None
            }
        }
    }

    /// What the AWS command line itself would take, which is said in the environment or by the profile.
    async fn region_of(&self, profile: Option<&str>, words: &[String]) -> Result<String, CallError> {
        let from_environment = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| std::env::var(name).ok());
        if let Some(region) = from_environment.filter(|region| !region.is_empty()) {
            return Ok(region);
        }
        let unknown = || CallError::Failed("no region is configured; name one with `--region`".to_owned());
        match self.aws.call(Place { profile, region: None }, words).await {
            Ok(printed) => {
                let region = String::from_utf8_lossy(&printed).trim().to_owned();
                if region.is_empty() { Err(unknown()) } else { Ok(region) }
            }
            Err(CallError::Failed(reason)) if reason.ends_with("said nothing") => Err(unknown()),
            Err(error) => Err(error),
        }
    }
}

fn account_in(printed: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Identity {
        account: String,
    }
    serde_json::from_slice(printed).ok().map(|identity: Identity| identity.account).filter(|account| !account.is_empty())
}

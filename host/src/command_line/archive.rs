//! The options of `reddalert archive`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::archive_keeping::{ExportOptions, LogOfArchiveOptions, PruneOptions, QueryOptions, ServeOptions, StatsOptions};
use crate::moment::Moment;
use crate::settings::values::parse_duration;

/// What is done with an archive.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum ArchiveCommand {
    /// Take in answers of the AWS command line or of an EDDA, or records
    ///
    /// All answers of one collection are one snapshot: what it does not show has ended. Files of the AWS command line are called
    /// <service>.<command>[.<parent>].json, as in `aws ec2 describe-instances --output json > ec2.describe-instances.json` and `aws iam
    /// list-groups-for-user --user-name bob --output json > iam.list-groups-for-user.bob.json`; many are known by their content, too. Files
    /// of EDDA are called after their collection, as in aws.securityGroups.json: documents (`;_expand`) are a snapshot, records
    /// (`;_all;_meta`) bring their own times. Nothing is written unless everything can be read.
    #[command(after_help = "\
Examples:
  reddalert archive import --archive archive.sqlite dump/
  reddalert archive import --archive archive.sqlite --at 2025-11-24T09:00:00Z --source 123456789012/eu-west-1 dump/
  aws iam list-groups-for-user --user-name bob | reddalert archive import --archive archive.sqlite --add --collection aws.iamUsers --for bob - users.json
  curl -s 'http://edda/api/v2/aws/securityGroups;_all;_meta' | reddalert archive import --archive archive.sqlite --collection aws.securityGroups -
  reddalert archive import --archive archive.sqlite --format records old-edda.jsonl")]
    Import(ImportOptions),
    /// Ask AWS for everything that the rules may ask about, and take it in
    ///
    /// Runs the AWS command line (`aws`), which must be installed and have credentials. Everything gets the moment before the first call. What
    /// a failed call would have shown stays as it was; then the exit code is 4.
    #[command(after_help = "\
Examples:
  reddalert archive collect --archive archive.sqlite
  reddalert archive collect --archive archive.sqlite --profile prod --profile dev --region eu-west-1 --region us-east-1
  reddalert archive collect --archive archive.sqlite --collections aws.securityGroups,view.instances --keep answers/

As a line of a crontab, every quarter of an hour:
  */15 * * * * reddalert archive collect --archive /var/lib/reddalert/archive.sqlite

The permissions that it needs are in etc/aws-policy.json.")]
    Collect(CollectOptions),
    /// Serve the archive as EDDA serves its inventory, over HTTP, to be read only
    ///
    /// Says on standard error where it listens, and ends in good order on SIGTERM and SIGINT. There is no password and no encryption: listen on
    /// an address that others can reach only behind something that has both.
    #[command(after_help = "\
Examples:
  reddalert archive serve --archive archive.sqlite
  reddalert archive serve --archive archive.sqlite --listen 127.0.0.1:8080 --base /edda
  curl 'http://127.0.0.1:8080/edda/api/v2/aws/securityGroups;_expand;_pp'
  reddalert -e http://127.0.0.1:8080/edda")]
    Serve(ServeOptions),
    /// Ask the archive one question in EDDA's query language
    ///
    /// The answer goes to standard output. What EDDA answers with status 400 ends with exit code 64, any other refusal (404, 410, 500) with 4.
    #[command(after_help = "\
Examples:
  reddalert archive query --archive archive.sqlite 'aws/securityGroups;ipPermissions.fromPort=22;_pp'
  reddalert archive query --archive archive.sqlite 'view/instances;_expand:(instanceId,tags:(key,value))'
  reddalert archive query --archive archive.sqlite 'aws/iamUsers/bob;_all;_diff=3'")]
    Query(QueryOptions),
    /// Write all revisions to standard output, one JSON object a line
    ///
    /// `archive import --format records` takes them in again.
    #[command(after_help = "\
Examples:
  reddalert archive export --archive archive.sqlite | gzip > archive.jsonl.gz
  reddalert archive export --archive archive.sqlite aws.securityGroups view.instances > some.jsonl
  reddalert archive import --archive other.sqlite --format records some.jsonl")]
    Export(ExportOptions),
    /// Show what the archive holds: revisions, up to when it is known, size
    #[command(after_help = "\
Examples:
  reddalert archive stats --archive archive.sqlite
  reddalert archive stats --archive archive.sqlite --json")]
    Stats(StatsOptions),
    /// Delete revisions that ended long ago
    ///
    /// What is current stays, however old it is. The room that becomes free in the file is filled by later imports; --shrink gives it back to
    /// the system, for which the whole file is written anew.
    #[command(after_help = "\
Examples:
  reddalert archive prune --archive archive.sqlite --older-than 90d
  reddalert archive prune --archive archive.sqlite --older-than 365d --shrink

As a line of a crontab, once a week:
  0 3 * * 0 reddalert archive prune --archive /var/lib/reddalert/archive.sqlite --older-than 90d > /dev/null")]
    Prune(PruneOptions),
    /// Show what changed and when, newest first
    #[command(after_help = "\
Examples:
  reddalert archive log --archive archive.sqlite aws.securityGroups
  reddalert archive log --archive archive.sqlite --since=-7d aws.securityGroups sg-0123456789abcdef0
  reddalert archive log --archive archive.sqlite --whole --color always aws.iamUsers | less -R")]
    Log(LogOfArchiveOptions),
}

/// What is taken in.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ImportOptions {
    /// The file of the archive; made if absent
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// The moment that the answers tell about [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<Moment>,
    /// The account and region that the answers are from; other sources are left as they are
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Import although a safety check says no
    #[arg(long)]
    pub force: bool,
    /// What the files hold
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ImportFormat::Answers)]
    pub format: ImportFormat,
    /// The collection that all answers belong to, when neither name nor content says it
    #[arg(long, value_name = "COLLECTION")]
    pub collection: Option<String>,
    /// The resource that all answers are about, as the user whose groups they list
    #[arg(long = "for", value_name = "RESOURCE", requires = "collection", allow_hyphen_values = true)]
    pub parent: Option<String>,
    /// The files are a part only: end nothing that they do not show
    #[arg(long)]
    pub add: bool,
    /// Files, directories, or - for standard input
    #[arg(value_name = "FILE|DIR|-", required = true)]
    pub files: Vec<PathBuf>,
}

/// What imported files hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// Answers of the AWS command line or of an EDDA
    Answers,
    /// One record a line, as `archive export` writes them
    Records,
}

/// What is collected, and how.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct CollectOptions {
    /// The file of the archive; made if absent
    #[arg(long, value_name = "PATH")]
    pub archive: PathBuf,
    /// A profile of the AWS configuration; may be repeated, one for each account [default: what `aws` finds itself]
    #[arg(long = "profile", value_name = "PROFILE", allow_hyphen_values = true)]
    pub profiles: Vec<String>,
    /// A region; may be repeated [default: the configured one]
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Ask this address instead of AWS
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Only these collections, separated by commas [default: all but aws.reservedInstancesOfferings]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub collections: Vec<String>,
    /// Keep the answers in this directory, one directory for each account and region, as `import` takes them
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// How many calls are made at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// How long one call may take, as in 90s or 10m
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = parse_duration)]
    pub time_limit: Duration,
    /// The AWS command line
    #[arg(long, value_name = "PROGRAM", default_value = "aws")]
    pub aws: PathBuf,
    /// Take in even what would end most of a collection
    #[arg(long)]
    pub force: bool,
}

//! Which service of AWS a host is, and in which region, told from its name:
//!
//! | host | service | region |
//! | --- | --- | --- |
//! | `sqs.eu-west-1.amazonaws.com` | `sqs` | `eu-west-1` |
//! | `iam.amazonaws.com` | `iam` | `us-east-1` |
//! | `s3.amazonaws.com`, `bucket.s3.amazonaws.com` | `s3` | `us-east-1` |
//! | `s3-eu-west-1.amazonaws.com`, `bucket.s3.dualstack.eu-west-1.amazonaws.com` | `s3` | `eu-west-1` |
//! | `abc.execute-api.eu-west-1.amazonaws.com` | `execute-api` | `eu-west-1` |

/// Where names of AWS end: everywhere, and in China.
const SUFFIXES: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];
/// Where services are that have no region.
const DEFAULT_REGION: &str = "us-east-1";

/// A service and a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AwsPlace {
    pub(super) service: String,
    pub(super) region: String,
}

impl AwsPlace {
    /// What the name of the host tells. None: it is no host of AWS.
    pub(super) fn of_host(host: &str) -> Option<Self> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let name = SUFFIXES.iter().find_map(|suffix| host.strip_suffix(suffix))?;
        let mut labels: Vec<&str> = name.split('.').collect();
        let region = labels.pop_if(|label| is_region(label));
        let _ = labels.pop_if(|label| *label == "dualstack");
        let last = labels.pop()?;
        let (service, region) = match (last.strip_prefix("s3-").filter(|rest| is_region(rest)), region) {
            (Some(region), None) => ("s3", region),
            (_, region) => (last, region.unwrap_or(DEFAULT_REGION)),
        };
        Some(Self { service: service.to_owned(), region: region.to_owned() })
    }
}

/// `eu-west-1`, `us-gov-east-1`: words and a number, with hyphens between them.
fn is_region(label: &str) -> bool {
    let mut parts = label.rsplit('-');
    let number = parts.next().is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let words: Vec<&str> = parts.collect();
    number && words.len() >= 2 && words.iter().all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_aws_tells_service_and_region() {
        let cases = [
            ("sqs.eu-west-1.amazonaws.com", "sqs", "eu-west-1"),
            ("IAM.amazonaws.com.", "iam", "us-east-1"),
            ("s3.amazonaws.com", "s3", "us-east-1"),
            ("s3.eu-central-1.amazonaws.com", "s3", "eu-central-1"),
            ("s3-eu-west-1.amazonaws.com", "s3", "eu-west-1"),
            ("my.bucket.s3.eu-west-1.amazonaws.com", "s3", "eu-west-1"),
            ("my.bucket.s3-eu-west-1.amazonaws.com", "s3", "eu-west-1"),
            ("bucket.s3.dualstack.us-gov-east-1.amazonaws.com", "s3", "us-gov-east-1"),
            ("ec2.cn-north-1.amazonaws.com.cn", "ec2", "cn-north-1"),
            ("abc.execute-api.us-east-2.amazonaws.com", "execute-api", "us-east-2"),
        ];
        for (host, service, region) in cases {
            assert_eq!(AwsPlace::of_host(host), Some(AwsPlace { service: service.into(), region: region.into() }), "{host}");
        }
    }

    #[test]
    fn other_hosts_tell_nothing() {
        for host in ["localhost", "s3.example.com", "amazonaws.com", "eu-west-1.amazonaws.com", "s3.amazonaws.com.example.com", "127.0.0.1"]
        {
            assert_eq!(AwsPlace::of_host(host), None, "{host}");
        }
    }
}

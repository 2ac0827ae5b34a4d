//! A made-up account of many security groups, as the AWS command line prints it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The moment of the first import; each that follows is 1 ms later.
pub(crate) const AT_FIRST: i64 = 1_763_888_400_000;
/// How many imports give a tenth of the groups their ten revisions.
pub(crate) const IMPORTS: usize = 10;
/// The moment of the import in which 100 groups changed.
pub(crate) const LAST: i64 = AT_FIRST + 10;

/// The id of a group.
pub(crate) fn id(number: usize) -> String {
    // As random as those of AWS.
    let scattered = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("sg-{scattered:017x}")
}

/// The answer at one of the imports.
pub(crate) fn write(file: &Path, groups: usize, step: usize) {
    let mut out = BufWriter::new(File::create(file).expect("a new file"));
    write!(out, r#"{{"SecurityGroups": ["#).expect("a writable file");
    for number in 0..groups {
        let comma = if number == 0 { "" } else { "," };
        writeln!(out, "{comma}{}", group(number, revision(number, step, groups))).expect("a writable file");
    }
    write!(out, "]}}").expect("a writable file");
    out.into_inner().expect("a writable file").sync_all().expect("a writable file");
}

/// Every tenth group changes at each import but the last, in which 100 others do.
fn revision(number: usize, step: usize, groups: usize) -> usize {
    let often = number.is_multiple_of(10);
    match step {
        IMPORTS if often => IMPORTS - 1,
        IMPORTS => usize::from(number % (groups / 100) == 1),
        _ if often => step,
        _ => 0,
    }
}

fn group(number: usize, revision: usize) -> String {
    let id = id(number);
    let (port, net) = (if number.is_multiple_of(1000) { 8443 } else { 8000 + revision }, number % 256);
    format!(
        r#"{{"Description": "of service {number}", "GroupName": "service-{number}", "OwnerId": "123456789012", "GroupId": "{id}",
 "VpcId": "vpc-0a1b2c3d4e5f60718", "Tags": [{{"Key": "Name", "Value": "service-{number}"}}, {{"Key": "team", "Value": "team-{net}"}}],
 "IpPermissions": [{{"FromPort": 22, "IpProtocol": "tcp", "IpRanges": [{{"CidrIp": "10.{net}.0.0/16", "Description": "office"}}],
  "Ipv6Ranges": [], "PrefixListIds": [], "ToPort": 22, "UserIdGroupPairs": []}},
 {{"FromPort": {port}, "IpProtocol": "tcp", "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}], "Ipv6Ranges": [{{"CidrIpv6": "::/0"}}],
  "PrefixListIds": [], "ToPort": {port}, "UserIdGroupPairs": [{{"GroupId": "{id}", "UserId": "123456789012"}}]}}],
 "IpPermissionsEgress": [{{"IpProtocol": "-1", "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}}]}}"#
    )
}

//! A made-up AWS account of any size, as the AWS command line would print it, and the same account a day later. Each document is one of the
//! demo's with other names in it, and as large as EDDA's real ones: a machine has 3 to 4 KB.

use std::path::Path;

use anyhow::{Context as _, Result};
use edda::archive::Input;
use serde_json::{Value, json};

/// Of a hundred things one changes in a day.
const CHANGES: usize = 100;

/// The account, at one of its two moments.
pub(crate) struct Account {
    machines: usize,
    changed: bool,
    machine: Value,
    group: Value,
    load_balancer: Value,
}

impl Account {
    /// An account of so many machines, a tenth as many security groups, and a hundredth as many load balancers and users.
    pub(crate) fn new(machines: usize, demo: &Path) -> Result<Self> {
        let element = |file: &str, pointer: &str| -> Result<Value> {
            let path = demo.join(file);
            let text = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
            let answer: Value = serde_json::from_slice(&text)?;
            answer.pointer(pointer).cloned().with_context(|| format!("no {pointer} in {}", path.display()))
        };
        Ok(Self {
            machines,
            changed: false,
            machine: element("ec2.describe-instances.json", "/Reservations/0")?,
            group: element("ec2.describe-security-groups.json", "/SecurityGroups/1")?,
            load_balancer: element("elb.describe-load-balancers.json", "/LoadBalancerDescriptions/0")?,
        })
    }

    /// The same account a day later.
    pub(crate) fn a_day_later(self) -> Self {
        Self { changed: true, ..self }
    }

    /// What the AWS command line says of it.
    pub(crate) fn answers(&self) -> Vec<Input> {
        let users: Vec<String> = (0..self.users()).map(|number| format!("user-{number}")).collect();
        let (groups, load_balancers) = (self.machines / 10, self.machines / 100);
        let mut answers = vec![
            input("ec2.describe-instances", &json!({"Reservations": self.many(self.machines, Self::reservation)})),
            input("ec2.describe-security-groups", &json!({"SecurityGroups": self.many(groups, Self::security_group)})),
            input("elb.describe-load-balancers", &json!({"LoadBalancerDescriptions": self.many(load_balancers, Self::load_balancer)})),
            input("elb.describe-tags", &json!({"TagDescriptions": self.many(load_balancers, Self::load_balancer_tags)})),
            input("iam.list-users", &json!({"Users": users.iter().map(|name| user(name)).collect::<Vec<_>>()})),
        ];
        for (number, name) in users.iter().enumerate() {
            answers.push(input(&format!("iam.list-groups-for-user.{name}"), &json!({"Groups": self.groups_of_user(number)})));
            answers.push(input(&format!("iam.list-access-keys.{name}"), &json!({"AccessKeyMetadata": []})));
            answers.push(input(&format!("iam.list-user-policies.{name}"), &json!({"PolicyNames": []})));
        }
        answers
    }

    fn many(&self, count: usize, one: fn(&Self, usize) -> Value) -> Vec<Value> {
        (0..count).map(|number| one(self, number)).collect()
    }

    /// Whether the thing of this number is one of those that change.
    fn has_changed(&self, number: usize) -> bool {
        self.changed && number.is_multiple_of(CHANGES)
    }

    /// One of those that change is another machine now: some with a new AMI, some of a new service, some without a service, most like the
    /// one before. Of the others that change, one more tag is all. One in fifty has had no service all along.
    fn reservation(&self, number: usize) -> Value {
        let (turn, changed) = (number / CHANGES, self.has_changed(number));
        let replaced = changed && turn.is_multiple_of(2);
        let kind = if replaced { turn / 2 % 10 } else { 9 };
        let salt = if replaced { "new" } else { "" };
        let machine = Machine {
            salt,
            number,
            image: hex("ami-", if kind == 0 { "new" } else { "" }, number % (self.machines / 100), 8),
            service: match kind {
                1 => Some(format!("new-service-{turn}")),
                2 => None,
                _ if number % 50 == 7 => None,
                _ => Some(format!("service-{}", number % (self.machines / 20))),
            },
            groups: (0..=number % 3).map(|place| (number * 7 + place) % (self.machines / 10)).collect(),
            launched: if replaced { "2025-11-23T20:00:00.000Z".to_owned() } else { launched(number) },
            has_another_tag: changed && !replaced,
        };
        machine.fill(self.machine.clone())
    }

    /// One in ten lets the world in, and one that changes does so at a second port.
    fn security_group(&self, number: usize) -> Value {
        let mut group = self.group.clone();
        group["GroupId"] = json!(group_id(number));
        group["GroupName"] = json!(format!("group-{number}"));
        group["Description"] = json!(format!("what service {number} needs"));
        group["SecurityGroupArn"] = json!(format!("arn:aws:ec2:us-east-1:123456789012:security-group/{}", group_id(number)));
        let mut permissions =
            vec![permission(443, "0.0.0.0/0"), permission(9100, "10.0.0.0/8"), permission(8000 + number % 500, "172.31.0.0/16")];
        permissions.extend(number.is_multiple_of(10).then(|| permission(22, "0.0.0.0/0")));
        permissions.extend(self.has_changed(number).then(|| permission(5432, "0.0.0.0/0")));
        group["IpPermissions"] = permissions.into();
        group
    }

    /// One that changes listens on a second port.
    fn load_balancer(&self, number: usize) -> Value {
        let mut load_balancer = self.load_balancer.clone();
        load_balancer["LoadBalancerName"] = json!(format!("elb-{number}"));
        load_balancer["DNSName"] = json!(format!("elb-{number}.us-east-1.elb.amazonaws.com"));
        load_balancer["CanonicalHostedZoneName"] = json!(format!("elb-{number}.us-east-1.elb.amazonaws.com"));
        let machines = (0..30).map(|place| (number * 100 + place * 3 + 1) % self.machines);
        load_balancer["Instances"] = machines.map(|machine| json!({"InstanceId": hex("i-", "", machine, 17)})).collect();
        if self.has_changed(number) {
            let listener = json!({"Protocol": "TCP", "LoadBalancerPort": 8080, "InstanceProtocol": "TCP", "InstancePort": 8080});
            load_balancer["ListenerDescriptions"] = json!([{"Listener": listener, "PolicyNames": []}]);
        }
        load_balancer
    }

    fn load_balancer_tags(&self, number: usize) -> Value {
        let service = format!("service-{}", number % (self.machines / 20));
        json!({"LoadBalancerName": format!("elb-{number}"), "Tags": [{"Key": "service_name", "Value": service}]})
    }

    fn users(&self) -> usize {
        self.machines / 100 + usize::from(self.changed)
    }

    fn groups_of_user(&self, number: usize) -> Vec<Value> {
        let added = self.has_changed(number).then_some("admins");
        let group = |name: &str| {
            let arn = format!("arn:aws:iam::123456789012:group/{name}");
            json!({"Path": "/", "GroupName": name, "GroupId": hex("", name, 0, 20), "Arn": arn, "CreateDate": "2025-01-01T09:00:00Z"})
        };
        ["developers"].into_iter().chain(added).map(group).collect()
    }
}

/// What tells one machine from another.
struct Machine {
    salt: &'static str,
    number: usize,
    image: String,
    service: Option<String>,
    groups: Vec<usize>,
    launched: String,
    has_another_tag: bool,
}

impl Machine {
    /// A reservation of this machine alone.
    fn fill(&self, mut reservation: Value) -> Value {
        let id = |prefix: &str| hex(prefix, self.salt, self.number, 17);
        let (third, fourth) = (self.number / 256 % 256, self.number % 256);
        let (private, public) = (format!("10.{}.{third}.{fourth}", self.number / 65536), format!("203.0.{third}.{fourth}"));
        reservation["ReservationId"] = json!(id("r-"));
        let groups: Value =
            self.groups.iter().map(|&number| json!({"GroupId": group_id(number), "GroupName": format!("group-{number}")})).collect();
        let machine = &mut reservation["Instances"][0];
        machine["InstanceId"] = json!(id("i-"));
        machine["ImageId"] = json!(self.image);
        machine["LaunchTime"] = json!(self.launched);
        machine["ClientToken"] = json!(id("token-"));
        machine["KeyName"] = json!("operators-2023");
        machine["IamInstanceProfile"] = json!({"Arn": "arn:aws:iam::123456789012:instance-profile/service", "Id": "AIPA0123456789ABCDEF"});
        machine["Placement"]["AvailabilityZone"] = json!(format!("us-east-1{}", char::from(b"abcd"[self.number % 4])));
        machine["PrivateIpAddress"] = json!(private);
        machine["PublicIpAddress"] = json!(public);
        machine["SecurityGroups"] = groups.clone();
        machine["Tags"] = self.tags();
        let disk = &mut machine["BlockDeviceMappings"][0];
        disk["Ebs"]["VolumeId"] = json!(id("vol-"));
        disk["Ebs"]["AttachTime"] = json!(self.launched);
        let interface = &mut machine["NetworkInterfaces"][0];
        interface["NetworkInterfaceId"] = json!(id("eni-"));
        interface["PrivateIpAddress"] = json!(private);
        interface["Association"]["PublicIp"] = json!(public);
        interface["Groups"] = groups;
        reservation
    }

    fn tags(&self) -> Value {
        let number = self.number;
        let mut tags = vec![("Name", format!("machine-{number}")), ("owner", format!("team-{}", number % 40))];
        tags.push(("environment", ["production", "staging", "development"][number % 3].to_owned()));
        tags.extend(number.is_multiple_of(2).then(|| ("aws:autoscaling:groupName", format!("scaling-group-{}", number / 20))));
        tags.extend(self.service.clone().map(|service| ("service_name", service)));
        tags.extend(self.has_another_tag.then(|| ("ticket", format!("OPS-{number}"))));
        tags.into_iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
    }
}

fn input(name: &str, answer: &Value) -> Input {
    Input { name: format!("{name}.json"), bytes: answer.to_string().into_bytes() }
}

fn user(name: &str) -> Value {
    let arn = format!("arn:aws:iam::123456789012:user/{name}");
    json!({"Path": "/", "UserName": name, "UserId": hex("AIDA", name, 0, 17), "Arn": arn, "CreateDate": "2025-01-01T09:00:00Z"})
}

fn permission(port: usize, range: &str) -> Value {
    let ranges = json!([{"CidrIp": range, "Description": "as agreed"}]);
    json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [], "IpRanges": ranges, "Ipv6Ranges": [], "PrefixListIds": []})
}

fn group_id(number: usize) -> String {
    hex("sg-", "", number, 17)
}

/// Some day of the year before.
fn launched(number: usize) -> String {
    format!("2025-{:02}-{:02}T{:02}:00:00.000Z", number % 10 + 1, number / 10 % 28 + 1, number / 280 % 24)
}

/// A name as AWS makes them: the same for the same number, and nothing like that of the next one.
fn hex(prefix: &str, salt: &str, number: usize, digits: usize) -> String {
    let mut state = salt.bytes().fold(number as u64, |state, byte| state.wrapping_mul(257).wrapping_add((u64::from(byte) + 1) << 32));
    let mut mixed = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let first = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let second = (first ^ (first >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        second ^ (second >> 31)
    };
    let digits_of_two = format!("{:016x}{:016x}", mixed(), mixed());
    format!("{prefix}{}", &digits_of_two[..digits])
}

//! The agent against the built-in management server: the whole cycle with a server that is right,
//! with every freedom that it may take, and with everything that it may do wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use assay_drive::target::Identity;
use assay_drive::{Lease, LeasedDevice, PackageState, Target};
use assay_peers::{Family, Switches, faults, start, variants};
use assay_suites::profile::{Hook, Profile};
use assay_suites::suite::{Axis, Case, Role};
use assay_suites::yaml;
use assay_wire::Limits;
use assay_wire::http::{self, Progress, Request, Response};
use assay_wire::recording::{Direction, Event, Place, Recording};
use rstest::rstest;
use tokio::time::timeout;

/// The hooks of the server: their names, and what they are told beside the device.
const HOOKS: [(&str, &str, &[&str]); 5] = [
    (
        "publish-package",
        "publish",
        &["id", "data", "recurrence", "behavior", "source-files"],
    ),
    (
        "order-report",
        "order",
        &["kind", "filter", "path", "recursive"],
    ),
    ("withdraw", "withdraw", &["id"]),
    ("reset", "reset", &[]),
    ("show", "show", &[]),
];

/// What came of a case.
struct Played {
    recording: Recording,
    lease: Lease,
}

/// Plays these steps against a server with these switches.
async fn play(switches: Switches, steps: &str, generation: &str) -> Played {
    let running = start(switches, ([127, 0, 0, 1], 0).into());
    let running = running.await.expect("a peer");
    let mut profile = Profile {
        role: Some(Role::PullServer),
        ..Profile::default()
    };
    profile.target.url = Some(running.pull.clone());
    profile.limits.timeout_ms = Some(2_000);
    for (name, path, values) in HOOKS {
        let values = values.iter().chain(&["device"]);
        let body = values.map(|value| format!("\"{value}\": \"${{json:{value}}}\""));
        let body = body.collect::<Vec<_>>().join(", ");
        let text =
            format!("{{http: {{url: '${{origin}}/admin/pull/{path}', body: '{{{body}}}'}}}}");
        let hook: Hook = yaml::read("hook", &text).expect("a hook");
        profile.hooks.insert(name.to_owned(), hook);
    }
    let target = Target::from_profile(&profile).expect("a target");
    let identity = Identity {
        id: "assay-a".to_owned(),
        user: "assay-a".to_owned(),
        password: None,
        ..Identity::default()
    };
    let mut lease = Lease {
        devices: BTreeMap::from([("a".to_owned(), LeasedDevice::new(identity))]),
    };
    let axes = BTreeMap::from([(Axis::Generation, generation.to_owned())]);
    let case = Case {
        id: "pull.test.peer".to_owned().into(),
        steps: yaml::read("steps", steps).expect("steps"),
        ..Case::default()
    };
    let playing = assay_drive::play(&case, &axes, &target, &mut lease);
    let recording = timeout(Duration::from_mins(1), playing).await;
    Played {
        recording: recording.expect("it ends"),
        lease,
    }
}

impl Played {
    /// Each exchange in a few words: what was asked, and the status that came back.
    fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for (_, event) in &self.recording.events {
            match event {
                Event::Sent {
                    link, span, lawful, ..
                } => {
                    assert!(lawful, "an agent sends nothing unlawful by itself");
                    let raw = self.octets(*link, Direction::Out, *span);
                    match http::request(raw, &Limits::TARGET) {
                        Ok(Progress::Done(request)) => told.push(asked(&request)),
                        other => panic!("{other:?}"),
                    }
                }
                Event::Received { link, span } => {
                    let raw = self.octets(*link, Direction::In, *span);
                    let said = match http::response(raw, "POST", true, &Limits::TARGET) {
                        Ok(Progress::Done(Response { status, .. })) => status.to_string(),
                        _ => "?".to_owned(),
                    };
                    if let Some(last) = told.last_mut() {
                        *last = format!("{last}: {said}");
                    }
                }
                _ => {}
            }
        }
        told
    }

    fn octets(
        &self,
        link: assay_wire::recording::LinkId,
        direction: Direction,
        span: assay_wire::Span,
    ) -> &[u8] {
        self.recording.octets(Place {
            link,
            direction,
            span,
        })
    }

    /// What the hooks answered.
    fn answers(&self) -> Vec<&str> {
        let events = self.recording.events.iter();
        let answers = events.filter_map(|(_, event)| match event {
            Event::Hook { worked, answer, .. } => {
                assert!(worked, "{answer}");
                Some(answer.as_str())
            }
            _ => None,
        });
        answers.collect()
    }

    fn packages(&self) -> Vec<(&str, &PackageState)> {
        let packages = &self.lease.devices["a"].pull.packages;
        let packages = packages
            .iter()
            .map(|(id, known)| (id.as_str(), &known.state));
        packages.collect()
    }
}

fn asked(request: &Request) -> String {
    let value = |name| request.field(name).map(|field| field.value.clone());
    let body = String::from_utf8_lossy(&request.body.octets).into_owned();
    let code = body
        .split_once("messageID=\"")
        .and_then(|(_, rest)| rest.get(..5));
    match value("X-Device-Action").as_deref() {
        Some("Status") => format!("Status {}", code.unwrap_or_default()),
        Some("Report") => format!(
            "Report {}",
            value("X-Device-ReportType").unwrap_or_default()
        ),
        Some(action) => action.to_owned(),
        None => request.method.clone(),
    }
}

fn switches(faults: &[&str], more: &[&str]) -> Switches {
    let mut variants = vec!["seed=drive"];
    variants.extend(more);
    Switches::new(faults, &variants).expect("known switches")
}

const CYCLE: &str = "
- hook: {call: publish-package, with: {id: P, data: 'the octets of the package'}}
- hook: {call: order-report, with: {kind: software, path: '\\Apps', filter: '*', recursive: 'true'}}
- hook: {call: order-report, with: {kind: machine}}
- hook: {call: order-report, with: {kind: file, path: '\\', filter: '*.log', recursive: 'true'}}
- sync: {}
- sync: {}
- hook: {call: show}
";

const FETCHED: [&str; 7] = [
    "Poll: 200",
    "InstructionRequest: 200",
    "LocationRequest: 200",
    "Status 11030: 200",
    "GET: 200",
    "Status 11031: 200",
    "Status 11035: 200",
];

const REPORTED: [&str; 4] = [
    "Report SoftwareInventory: 200",
    "Report FileCollection: 200",
    "Report FileCollection: 200",
    "Report MachineInventory: 200",
];

#[rstest]
#[case("4.2")]
#[case("5.0")]
#[case("6.0")]
#[tokio::test]
async fn a_package_is_fetched_and_the_device_is_a_changed_one(#[case] generation: &str) {
    let played = play(switches(&[], &[]), CYCLE, generation).await;
    let told = [&FETCHED[..], &REPORTED, &["Poll: 200"], &REPORTED].concat();
    assert_eq!(played.told(), told);
    assert_eq!(played.packages(), [("P", &PackageState::Done)]);
    let kept = played.answers().last().copied().unwrap_or_default();
    for known in [
        r#""packages":["P"]"#,
        r#""polls":2"#,
        r#""name":"\\Apps\\till.log","octets":5"#,
        r#""statuses":{"P":[11030,11031,11035]}"#,
    ] {
        assert!(kept.contains(known), "{known} in {kept}");
    }
    let pull = &played.lease.devices["a"].pull;
    assert!(pull.token.is_some() && pull.timestamp.is_some());
}

#[tokio::test]
async fn what_recurs_recurs_and_what_is_withdrawn_is_gone() {
    let steps = "
- hook: {call: publish-package, with: {id: P, recurrence: '0000-00-07 00:00:00', behavior: Execute Only}}
- hook: {call: publish-package, with: {id: Q, source-files: 'false'}}
- sync: {}
- sync: {}
- hook: {call: withdraw, with: {id: P}}
- sync: {}
- hook: {call: reset}
- sync: {}
";
    let played = play(switches(&[], &[]), steps, "5.0").await;
    let without_files = ["InstructionRequest: 200", "Status 11035: 200"];
    let again = ["Poll: 200", "Status 11035: 200"];
    let nothing = ["Poll: 200"];
    let told = [&FETCHED[..], &without_files, &again, &nothing, &nothing].concat();
    assert_eq!(played.told(), told);
    assert_eq!(played.packages(), []);
}

#[tokio::test]
async fn every_freedom_of_a_server_is_borne() {
    for variant in variants(Family::Pull) {
        let played = play(switches(&[], &[variant.name]), CYCLE, "5.0").await;
        let told = played.told();
        let fetched = told.iter().any(|told| told.starts_with("Status 11031"));
        let run = told.iter().any(|told| told.starts_with("Status 11035"));
        assert!(fetched && run, "{}: {told:?}", variant.name);
        let good = told.iter().all(|told| told.contains(": 20"));
        assert!(good, "{}: {told:?}", variant.name);
        assert_eq!(
            played.packages(),
            [("P", &PackageState::Done)],
            "{}",
            variant.name
        );
    }
}

#[tokio::test]
async fn every_fault_of_a_server_is_outlived() {
    for fault in faults(Family::Pull) {
        let played = play(switches(&[fault.name], &[]), CYCLE, "5.0").await;
        let told = played.told();
        assert!(told.len() < 60, "{}: {told:?}", fault.name);
        assert!(!told.is_empty(), "{}", fault.name);
    }
}

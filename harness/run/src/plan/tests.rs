//! Plans of a small suite: what is played with what, what is not, and why.

use assay_suites::profile::{Device, Hook, Owner, Secret};

use super::*;

const SUITE: &str = r#"
assay: 1
role: dm-server
chapter: dm.x
standard: X
requirements:
  - {id: dm.x.any, must: Any., ref: X 1, dies-by: [a]}
  - {id: dm.x.new, must: New., ref: X 1, for: [dm-1.2], dies-by: [b]}
  - {id: dm.x.windows, must: Windows., ref: X 1, for: [windows-mdm], dies-by: [d]}
  - {id: dm.x.secret, must: Secret., ref: X 1, needs: [credentials], dies-by: [c]}
cases:
  - id: dm.x.plain
    does: Says something.
    proves: [dm.x.any]
    over: {version: ["1.1", "1.2"], encoding: [xml, wbxml]}
    steps: [{send: {text: a}}]
  - id: dm.x.negative
    does: Says something wrong.
    proves: [dm.x.any]
    control: dm.x.plain
    over: {version: ["1.1", "1.2"]}
    steps: [{send: {text: b}}]
  - id: dm.x.deeper
    does: Says something more wrong.
    proves: [dm.x.any]
    control: dm.x.negative
    steps: [{send: {text: c}}]
  - id: dm.x.new-only
    does: Says something new.
    proves: [dm.x.new]
    over: {version: ["1.1", "1.2"]}
    steps: [{send: {text: d}}]
  - id: dm.x.of-windows
    does: Says something as Windows does.
    proves: [dm.x.windows]
    speaks: windows-mdm
    needs: [client-certificate]
    steps: [{send: {text: w}}]
  - id: dm.x.hooked
    does: Makes the server say something.
    proves: [dm.x.any]
    steps: [{hook: {call: queue-command}}, {send: {text: e}}]
  - id: dm.x.behind-hooked
    does: Says something where the server could.
    proves: [dm.x.any]
    control: dm.x.hooked
    steps: [{send: {text: f}}]
  - id: dm.x.basic-only
    does: Wants basic.
    proves: [dm.x.any]
    auth: [basic]
    steps: [{send: {text: g}}]
  - id: dm.x.secrets
    does: Wants credentials.
    proves: [dm.x.secret]
    steps: [{send: {text: h}}]
  - id: dm.x.pair
    does: Wants two devices and leave to harm.
    proves: [dm.x.any]
    needs: [second-device]
    steps: [{send: {text: i, abuse: true}}]
"#;

fn catalogue() -> Catalogue {
    let sources = [("x.yaml".to_owned(), SUITE.to_owned())];
    Catalogue::from_sources(sources).expect("a suite")
}

fn profile() -> Profile {
    let mut profile = Profile::for_url("http://target.example/dm").expect("a profile");
    profile.devices[0].password = Some(Secret::Text("a".to_owned()));
    profile
}

fn planned(profile: &Profile, names: &Names) -> Plan {
    let claims = Claims::of(Role::DmServer, profile);
    plan(&catalogue(), profile, &claims, names)
}

fn these(ids: &[&str]) -> Names {
    Names::These(ids.iter().map(|id| (*id).to_owned()).collect())
}

fn names(plan: &Plan) -> Vec<String> {
    plan.planned.iter().map(|it| it.run.name()).collect()
}

fn outside(plan: &Plan, case: &str) -> Vec<(String, State, Vec<String>)> {
    let of_case = plan.outside.iter().filter(|it| it.run.case == case);
    of_case
        .map(|it| (it.run.name(), it.state, it.reasons.clone()))
        .collect()
}

#[test]
fn a_case_is_played_with_every_pair_of_its_axes() {
    let plan = planned(&profile(), &these(&["dm.x.plain"]));
    assert_eq!(
        names(&plan),
        [
            "dm.x.plain@1.1+wbxml",
            "dm.x.plain@1.1+xml",
            "dm.x.plain@1.2+wbxml",
            "dm.x.plain@1.2+xml",
        ]
    );
    assert!(plan.outside.is_empty());
}

#[test]
fn an_axis_that_a_case_does_not_name_has_its_usual_value() {
    let mut profile = profile();
    let plan = planned(&profile, &these(&["dm.x.deeper"]));
    assert!(names(&plan).contains(&"dm.x.deeper@1.2+xml".to_owned()));
    profile.claims.versions = Some(vec!["1.1".to_owned()]);
    profile.claims.encodings = Some(vec!["wbxml".to_owned()]);
    let plan = planned(&profile, &these(&["dm.x.deeper"]));
    assert!(names(&plan).contains(&"dm.x.deeper@1.1+wbxml".to_owned()));
}

#[test]
fn controls_come_along_before_what_they_control_and_are_marked() {
    let plan = planned(&profile(), &these(&["dm.x.deeper"]));
    let all: Vec<_> = plan
        .planned
        .iter()
        .map(|it| (it.run.name(), it.level, it.as_control))
        .collect();
    assert_eq!(
        all,
        [
            ("dm.x.plain@1.2+xml".to_owned(), 0, true),
            ("dm.x.negative@1.2+xml".to_owned(), 1, true),
            ("dm.x.deeper@1.2+xml".to_owned(), 2, false),
        ]
    );
    let control = plan.planned[2].control.as_ref().map(Run::name);
    assert_eq!(control.as_deref(), Some("dm.x.negative@1.2+xml"));
}

#[test]
fn a_control_that_was_picked_itself_is_no_mere_control() {
    let plan = planned(&profile(), &these(&["dm.x.plain", "dm.x.negative"]));
    assert!(plan.planned.iter().all(|it| !it.as_control));
}

#[test]
fn what_is_not_claimed_is_not_applicable() {
    let mut profile = profile();
    profile.claims.versions = Some(vec!["1.2".to_owned()]);
    profile.claims.auth = Some(vec![Scheme::Md5]);
    let plan = planned(&profile, &Names::All);
    let of_negative = outside(&plan, "dm.x.negative");
    let why = "the target does not claim version 1.1".to_owned();
    let name = "dm.x.negative@1.1+xml".to_owned();
    assert_eq!(of_negative, [(name, State::NotApplicable, vec![why])]);
    let (_, state, reasons) = &outside(&plan, "dm.x.basic-only")[0];
    assert_eq!(*state, State::NotApplicable);
    assert_eq!(reasons, &["the target does not claim auth basic"]);
}

#[test]
fn what_holds_for_another_protocol_is_not_applicable() {
    let plan = planned(&profile(), &these(&["dm.x.new-only"]));
    assert_eq!(names(&plan), ["dm.x.new-only@1.2+xml"]);
    let (name, state, reasons) = &outside(&plan, "dm.x.new-only")[0];
    assert_eq!(
        (name.as_str(), *state),
        ("dm.x.new-only@1.1+xml", State::NotApplicable)
    );
    assert_eq!(reasons, &["nothing that it proves holds for dm-1.1"]);
}

#[test]
fn what_a_case_speaks_is_played_where_it_is_claimed_beside_others_or_alone() {
    let mut profile = profile();
    let of_windows = |profile: &Profile| outside(&planned(profile, &Names::All), "dm.x.of-windows");
    let (_, state, reasons) = &of_windows(&profile)[0];
    assert_eq!(*state, State::NotApplicable);
    assert_eq!(reasons, &["the target does not claim protocol windows-mdm"]);
    for alone in [false, true] {
        let beside = if alone { &[][..] } else { &[Protocol::Dm12] };
        let protocols = [beside, &[Protocol::WindowsMdm]].concat();
        profile.claims.protocols = Some(protocols);
        profile.target.client_cert_pem = None;
        let (_, state, reasons) = &of_windows(&profile)[0];
        assert_eq!(*state, State::Unreached);
        assert_eq!(reasons, &["a client certificate (target.client-cert)"]);
        profile.target.client_cert_pem = Some("PEM".to_owned());
        assert_eq!(of_windows(&profile), []);
        // Who speaks nothing else is spoken to so in every case.
        let others = outside(&planned(&profile, &Names::All), "dm.x.new-only");
        let is_out = others.iter().any(|(name, ..)| name.ends_with("@1.2+xml"));
        assert_eq!(is_out, alone);
    }
}

#[test]
fn what_the_profile_does_not_give_is_unreached_and_named() {
    let mut profile = profile();
    let pair = |profile: &Profile| outside(&planned(profile, &Names::All), "dm.x.pair");
    let (_, state, reasons) = &pair(&profile)[0];
    assert_eq!(*state, State::Unreached);
    assert_eq!(reasons, &["2 devices", "owner: mine"]);
    profile.devices.push(Device {
        id: "b".to_owned(),
        ..Device::default()
    });
    profile.owner = Some(Owner::Mine);
    assert_eq!(pair(&profile), []);
    profile.owner = None;
    profile.target.url = Some("http://[::1]:8080/dm".to_owned());
    assert_eq!(pair(&profile), [], "loopback is always the user's own");
}

#[test]
fn a_case_without_hook_is_unreached_and_so_is_what_it_controls() {
    let mut profile = profile();
    let plan = planned(&profile, &Names::All);
    for case in ["dm.x.hooked", "dm.x.behind-hooked"] {
        let (_, state, reasons) = &outside(&plan, case)[0];
        assert_eq!(*state, State::Unreached, "{case}");
        assert_eq!(reasons, &["hook queue-command"], "{case}");
    }
    let hook = Hook::Run(vec!["true".to_owned()]);
    profile.hooks.insert("queue-command".to_owned(), hook);
    let plan = planned(&profile, &these(&["dm.x.behind-hooked"]));
    assert_eq!(
        names(&plan),
        ["dm.x.hooked@1.2+xml", "dm.x.behind-hooked@1.2+xml"]
    );
}

#[test]
fn credentials_count_where_each_device_has_them() {
    let mut profile = profile();
    let secrets = |profile: &Profile| outside(&planned(profile, &Names::All), "dm.x.secrets");
    assert_eq!(secrets(&profile), []);
    profile.devices.push(Device {
        id: "b".to_owned(),
        ..Device::default()
    });
    let (_, state, reasons) = &secrets(&profile)[0];
    assert_eq!(*state, State::Unreached);
    assert_eq!(reasons, &["user and password of each device"]);
}

#[test]
fn a_profile_without_devices_reaches_nothing() {
    let mut profile = profile();
    profile.devices.clear();
    let plan = planned(&profile, &Names::All);
    assert!(plan.planned.is_empty());
    let (_, state, reasons) = &outside(&plan, "dm.x.plain")[0];
    assert_eq!(
        (*state, reasons.as_slice()),
        (State::Unreached, &["1 devices".to_owned()][..])
    );
}

#[test]
fn another_role_has_a_plan_of_its_own() {
    let profile = profile();
    let claims = Claims::of(Role::CpServer, &profile);
    let plan = plan(&catalogue(), &profile, &claims, &Names::All);
    assert!(plan.planned.is_empty() && plan.outside.is_empty());
}

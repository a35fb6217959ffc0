//! The device management service: what its subjects show of recordings made by hand, and that
//! nothing a server answers is too much.

use assay_judge::{Judgement, Verdict};
use assay_wire::Span;
use assay_wire::recording::{Event, Link, LinkId, Recording};
use rstest::rstest;

use crate::tape::{compiled, judged_in};

const HEAD: &str = "assay: 1\nrole: pull-server\nchapter: pull.test\nstandard: S\n";
const URL: &str = "http://h/packages/1/a.cab";

/// A recording of one device, each exchange one step on.
#[derive(Default)]
pub(crate) struct Tape {
    recording: Recording,
    steps: u32,
}

impl Tape {
    pub(crate) fn new(generation: &str) -> Self {
        let mut tape = Self::default();
        tape.recording.case = "pull.test.case".into();
        tape.recording
            .axes
            .insert("generation".into(), generation.into());
        tape.recording.links.push(Link::default());
        tape
    }

    /// A request with this head behind the first line, and the octets of its answer.
    pub(crate) fn exchange(&mut self, first: &str, fields: &str, body: &str, answer: &[u8]) {
        let request = format!(
            "{first} HTTP/1.1\r\nHost: h\r\n{fields}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let link = &mut self.recording.links[0];
        let (out, came) = (link.out.len(), link.r#in.len());
        link.out.extend(request.as_bytes());
        link.r#in.extend(answer);
        let sent = Event::Sent {
            link: LinkId(0),
            span: Span::new(out, link.out.len()),
            step: self.steps,
            device: "a".into(),
            session: 0,
            lawful: true,
        };
        let received = Event::Received {
            link: LinkId(0),
            span: Span::new(came, link.r#in.len()),
        };
        self.steps += 1;
        self.recording.events.extend([(0, sent), (0, received)]);
    }

    /// A message with this action, and an answer 200 with this document.
    pub(crate) fn post(&mut self, action: &str, body: &str, answer: &str) {
        let fields = format!(
            "X-Device-UUID: u\r\nX-Device-Auth: t1\r\nX-Device-Timestamp: \r\nX-Device-Action: {action}\r\n"
        );
        let answer = ok(
            "text/xml",
            "X-Device-Auth: t2\r\nX-Device-Timestamp: now\r\n",
            answer,
        );
        self.exchange("POST /dm", &fields, body, &answer);
    }

    /// The recording.
    pub(crate) fn done(self) -> Recording {
        self.recording
    }

    /// A GET of the package.
    pub(crate) fn get(&mut self, fields: &str, answer: &[u8]) {
        self.exchange("GET /packages/1/a.cab", fields, "", answer);
    }
}

pub(crate) fn ok(media: &str, fields: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{fields}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

const POLLED: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
    <PollResponse xmlns=\"http://www.microsoft.com/DeviceManagement.xsd\"><Settings>\
    <ClientSettings version=\"1.0\"><PollServer>h</PollServer>\
    <PollInterval>0000-00-00 01:00:00</PollInterval><FailureRetryCount>5</FailureRetryCount>\
    <FailureRetryInterval>180</FailureRetryInterval></ClientSettings>\
    <SoftwareInventorySettings><Enabled>True</Enabled><Interval>0000-01-00 00:00:00</Interval>\
    <FileFilterItem><Filter>*.exe</Filter><Path>\\Apps</Path><Recursive>true</Recursive></FileFilterItem>\
    </SoftwareInventorySettings></Settings>\
    <ApplicablePackages><Package ID=\"A\"/><Package ID=\"B\"/><Package ID=\"A\"/></ApplicablePackages></PollResponse>";

const INSTRUCTIONS: &str = "<p:Instructions xmlns:p=\"urn:x\"><p:Package><p:ID>A</p:ID><p:Required>Yes</p:Required>\
    <p:Name><![CDATA[Fonts]]></p:Name><p:PackageSize>6</p:PackageSize><p:Flags>06 00 00 00</p:Flags>\
    <p:StartTime UTC=\"true\">2031-05-04 09:05:00</p:StartTime><p:Recurrence><p:Interval>0000-00-01 00:00:00</p:Interval>\
    <p:Behavior>Execute Only</p:Behavior><p:LocalDestination>\\x</p:LocalDestination></p:Recurrence>\
    <p:CommandLine>run</p:CommandLine></p:Package></p:Instructions>";

/// A whole cycle.
fn cycle() -> Recording {
    let mut tape = Tape::new("4.2");
    tape.post("Poll", "<DevicePoll><Identification/></DevicePoll>", POLLED);
    let ask = "<InstructionsRequest><Package ID=\"A\"/></InstructionsRequest>";
    tape.post("InstructionRequest", ask, INSTRUCTIONS);
    let location = format!(
        "<PackageLocation><PackageID>A</PackageID><Locations><Location metric=\"1\"><HTTP><URL>{URL}</URL></HTTP>\
         <IPSubnets><Subnet>192.0.2.0</Subnet></IPSubnets></Location><Location><SMB><SMBPath>\\\\s\\x</SMBPath></SMB></Location>\
         </Locations></PackageLocation>"
    );
    let ask = "<PackageLocationRequest><PackageID>A</PackageID></PackageLocationRequest>";
    tape.post("LocationRequest", ask, &location);
    tape.get("", &ok("application/octet-stream", "", "\u{1}bcdef"));
    let part = |range: &str, body: &str| {
        format!(
            "HTTP/1.1 206 P\r\nContent-Range: {range}\r\nAccept-Ranges: bytes\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    tape.get("Range: bytes=2-3\r\n", part("bytes 2-3/6", "cd").as_bytes());
    tape.get("Range: bytes=2-\r\n", part("bytes 3-5/6", "def").as_bytes());
    let status = "<Status><StatusMessage packageID=\"A\" messageID=\"11030\"/></Status>";
    tape.post("Status", status, "");
    tape.exchange(
        "POST /dm",
        "X-Device-UUID: u\r\nX-Device-Action: Report\r\nX-Device-ReportType: SoftwareInventory\r\n",
        "<FileReport/>",
        b"HTTP/1.1 404 No\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>gone</html>..x",
    );
    tape.recording
}

fn suite(each: &str, when: &str, holds: &str) -> String {
    format!(
        "{HEAD}requirements:\n  - id: pull.test.one\n    must: It holds.\n    ref: R 1\n    each: {each}\n    \
         when: |\n      {when}\n    holds: |\n      {holds}\ncases:\n  - id: pull.test.case\n    \
         does: Plays.\n    proves: [pull.test.one]\n    steps:\n      - poll: {{}}\n"
    )
}

fn looked(each: &str, when: &str, holds: &str) -> Judgement {
    judged_in("pull/test.yaml", &suite(each, when, holds), &cycle())
}

#[rstest]
#[case(
    "exchange",
    "exchange.number == 1",
    "exchange.action == 'poll' && exchange.polls == 0 && !exchange.first_poll"
)]
#[case(
    "exchange",
    "exchange.number == 1",
    "has(exchange.sent_token) && exchange.sent_token == 't1' && has(exchange.received_token) && exchange.received_token == 't2' && !has(exchange.newest_token)"
)]
#[case(
    "exchange",
    "exchange.number == 2",
    "exchange.action == 'instructions' && has(exchange.package) && exchange.package == 'A' && exchange.polls == 1"
)]
#[case(
    "exchange",
    "exchange.number == 2",
    "has(exchange.newest_token) && exchange.newest_token == 't2' && exchange.reply_root == 'Instructions'"
)]
#[case(
    "exchange",
    "exchange.number == 4",
    "exchange.action == 'download' && has(exchange.package) && exchange.package == 'A' && exchange.accepted && !exchange.replied"
)]
#[case(
    "exchange",
    "exchange.number == 7",
    "exchange.action == 'status' && has(exchange.package) && exchange.package == 'A' && !exchange.replied"
)]
#[case(
    "exchange",
    "exchange.number == 8",
    "exchange.action == 'report' && has(exchange.report_type) && exchange.report_type == 'software' && exchange.refused && !exchange.replied"
)]
#[case(
    "reply",
    "reply.root == 'PollResponse'",
    "reply.declared && reply.declared_encoding == 'utf-8' && !reply.prefixed && !reply.has_cdata"
)]
#[case(
    "reply",
    "reply.root == 'Instructions'",
    "!reply.declared && reply.prefixed && reply.has_cdata && reply.namespace == 'urn:x' && size(reply.instructions) == 1"
)]
#[case(
    "poll_response",
    "true",
    "poll_response.packages == ['A', 'B', 'A'] && poll_response.duplicates && poll_response.all_named && poll_response.package_count == 3"
)]
#[case(
    "poll_response",
    "true",
    "poll_response.ordered == ['software'] && poll_response.settings == ['ClientSettings', 'SoftwareInventorySettings']"
)]
#[case(
    "client_settings",
    "true",
    "client_settings.has_version && client_settings.retry_count == '5' && client_settings.poll_server == 'h'"
)]
#[case(
    "report_order",
    "true",
    "report_order.wanted && !report_order.has_version && report_order.wanted_files == ['*.exe|\\\\Apps']"
)]
#[case(
    "filter",
    "true",
    "filter.recursive == 'true' && report_order.kind == 'software'"
)]
#[case(
    "interval",
    "interval.of == 'PollInterval'",
    "interval.valid && !interval.zero && interval.months == 0"
)]
#[case(
    "interval",
    "interval.of == 'FailureRetryInterval'",
    "!interval.valid && interval.parent == 'ClientSettings'"
)]
#[case(
    "interval",
    "interval.parent == 'SoftwareInventorySettings'",
    "interval.valid && interval.months == 1"
)]
#[case(
    "interval",
    "interval.parent == 'Recurrence'",
    "interval.text == '0000-00-01 00:00:00'"
)]
#[case(
    "instruction",
    "true",
    "instruction.asked && instruction.listed && instruction.size_number == 6 && instruction.flags_valid && instruction.flags_value == 6"
)]
#[case(
    "instruction",
    "true",
    "instruction.utc == 'true' && instruction.start_time_valid && instruction.has_recurrence && instruction.behavior == 'Execute Only'"
)]
#[case(
    "instruction",
    "true",
    "instruction.destination_parent == 'Recurrence' && instruction.command_parent == 'Package' && !has(instruction.source_files)"
)]
#[case(
    "package_location",
    "true",
    "package_location.asked && package_location.count == 2"
)]
#[case(
    "location",
    "has(location.url)",
    "location.has_metric && location.metric == '1' && location.subnets == ['192.0.2.0'] && package_location.asked"
)]
#[case(
    "location",
    "!has(location.url)",
    "!location.has_metric && has(location.smb_path)"
)]
#[case(
    "download",
    "exchange.number == 4",
    "download.status == 200 && download.complete && download.octets == 6 && download.package_size == 6 && !download.ranged"
)]
#[case(
    "download",
    "exchange.number == 4",
    "has(download.package) && !has(download.same) && !download.with_headers"
)]
#[case(
    "download",
    "exchange.number == 5",
    "download.ranged && download.from == 2 && download.to == 3 && download.first == 2 && download.last == 3 && download.total == 6"
)]
#[case(
    "download",
    "exchange.number == 5",
    "download.same && download.complete && download.accept_ranges == 'bytes'"
)]
#[case(
    "download",
    "exchange.number == 6",
    "!has(download.to) && has(download.same) && !download.same"
)]
fn the_subjects_show_a_cycle(#[case] each: &str, #[case] when: &str, #[case] holds: &str) {
    let judgement = looked(each, when, holds);
    let findings: Vec<&str> = judgement
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(judgement.verdict, Verdict::Pass, "{findings:?}");
    assert_eq!(findings, [""]);
}

#[test]
fn a_finding_tells_the_exchange_and_the_octets() {
    let judgement = looked("instruction", "true", "instruction.flags_value == 3");
    let found = &judgement.findings[0];
    assert_eq!(found.verdict, Verdict::Fail);
    assert_eq!(
        found.message,
        "instruction of exchange 2: instruction.flags_value is 6"
    );
    assert!(found.sent[2].contains("Package ID A"), "{:?}", found.sent);
    assert!(
        found.answered[2].contains("Flags 06 00 00 00"),
        "{:?}",
        found.answered
    );
    assert!(
        found
            .snippet
            .as_ref()
            .is_some_and(|snippet| snippet.contains("Flags"))
    );
}

#[rstest]
#[case::dm_subject("status", "true", "no such subject; there is exchange, reply,")]
#[case::dm_field("exchange", "exchange.credentials", "no field")]
fn the_words_of_another_family_are_unknown(
    #[case] each: &str,
    #[case] holds: &str,
    #[case] says: &str,
) {
    let troubles = compiled("pull/test.yaml", &suite(each, "true", holds))
        .err()
        .expect("a mistake");
    let told: Vec<&str> = troubles.iter().map(|it| it.message.as_str()).collect();
    assert!(told.iter().any(|told| told.contains(says)), "{told:?}");
}

#[rstest]
#[case::html(ok("text/html", "", "<html><body>Sorry</body></html>"))]
#[case::nothing(ok("text/xml", "", ""))]
#[case::silence(Vec::new())]
#[case::half(ok("text/xml", "", &POLLED[..POLLED.len() / 2]))]
#[case::short(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<PollResponse>".to_vec())]
#[case::other_document(ok("text/xml", "", INSTRUCTIONS))]
#[case::redirect(b"HTTP/1.1 302 Found\r\nLocation: /dm\r\nContent-Length: 0\r\n\r\n".to_vec())]
#[case::many(ok("text/xml", "", &format!("<PollResponse><ApplicablePackages>{}</ApplicablePackages></PollResponse>", "<Package ID=\"A\"/>".repeat(100_000))))]
fn no_answer_is_too_much(#[case] answer: Vec<u8>) {
    let mut tape = Tape::new("5.0");
    let fields = "X-Device-UUID: u\r\nX-Device-Action: Poll\r\n";
    tape.exchange("POST /dm", fields, "<DevicePoll/>", &answer);
    let holds = "exchange.well_formed && exchange.reply_root == 'PollResponse' && has(reply.poll_response) && !reply.poll_response.duplicates";
    let suite = format!(
        "{HEAD}requirements:\n  - {{id: pull.test.one, must: It holds., ref: R 1}}\ncases:\n  - id: pull.test.case\n    \
         does: Plays.\n    proves: [pull.test.one]\n    steps:\n      - poll: {{}}\n      - expect:\n          holds: |\n            {holds}\n"
    );
    let judgement = judged_in("pull/test.yaml", &suite, &tape.recording);
    assert!(judgement.verdict != Verdict::Pass, "{judgement:#?}");
    assert!(judgement.verdict != Verdict::Error, "{judgement:#?}");
}

#[test]
fn monitors_of_another_role_do_not_look() {
    let dm = "assay: 1\nrole: dm-server\nchapter: dm.test\nstandard: S\nrequirements:\n  - id: dm.test.one\n    \
              must: It holds.\n    ref: R 1\n    each: exchange\n    holds: |\n      exchange.number == 99\n";
    let pull = suite("exchange", "true", "exchange.number < 99");
    let catalogue = assay_suites::Catalogue::from_sources([
        ("dm/test.yaml".to_owned(), dm.to_owned()),
        ("pull/test.yaml".to_owned(), pull),
    ])
    .expect("suites that load");
    let rules = assay_judge::Rules::compile(&catalogue).expect("rules that compile");
    let (_, case) = catalogue.case("pull.test.case").expect("a case");
    let judgement = assay_judge::judge(&rules, &catalogue, case, &crate::tape::profile(), &cycle());
    assert_eq!(
        judgement.looked.keys().collect::<Vec<_>>(),
        ["pull.test.one"]
    );
}

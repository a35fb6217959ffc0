//! Documents of the device management service against the decoder, the typed views and the
//! builders: each is noted for what it announces, is what its folder says, and means what a draft
//! with the same content builds.

use crate::common::{bytes, meaning};
use assay_vectors::{Kind, Vector, all, get};
use assay_wire::pull::{
    AdapterDraft, ClientSettingsDraft, DevicePollDraft, DirectoryDraft, FileDraft, FileReportDraft,
    FilterDraft, InstructionsDraft, InventoryDraft, LocationDraft, LocationRequestDraft,
    OrderDraft, PackageDraft, PackageLocationDraft, PollResponseDraft, RecurrenceDraft,
    StatusDraft, StatusMessageDraft, instructions_request,
};
use assay_wire::pull::{Generation, Kind as Document, ReportKind};
use assay_wire::{Limits, Tree, dump, xml};
use rstest::rstest;

const A: &str = "5A5A0000-0000-4000-8000-00000000000A";
const B: &str = "5A5A0000-0000-4000-8000-00000000000B";

fn documents() -> impl Iterator<Item = Vector> {
    all().filter(|vector| vector.kind == Kind::Document && vector.name.starts_with("pull/"))
}

fn folder(vector: &Vector) -> &'static str {
    vector.name.split('/').nth(1).unwrap_or_default()
}

#[test]
fn documents_are_noted_for_what_they_announce_and_nothing_else() {
    let mut others = Vec::new();
    for vector in documents() {
        let octets = bytes(&vector);
        let (tree, notes) = xml::read(&octets, &Limits::TARGET)
            .unwrap_or_else(|bad| panic!("{}: {bad:?}", vector.path));
        let notes: Vec<_> = notes.iter().map(|note| note.kind).collect();
        if notes.join(" ") != vector.announced("notes") {
            others.push(format!("{} {}", vector.path, notes.join(" ")));
        }
        assert!(tree.root().is_some(), "{}", vector.path);
        assert!(!dump::lines(&octets, assay_wire::Encoding::Xml).is_empty());
    }
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn a_document_is_what_its_folder_says() {
    for vector in documents() {
        let octets = bytes(&vector);
        let (tree, _) = xml::read(&octets, &Limits::TARGET).expect(vector.path);
        let kind = match folder(&vector) {
            "device-poll" => Document::DevicePoll,
            "poll-response" => Document::PollResponse,
            "instructions-request" => Document::InstructionsRequest,
            "instructions" => Document::Instructions,
            "location-request" => Document::LocationRequest,
            "package-location" => Document::PackageLocation,
            "status" => Document::Status,
            "file-report" => Document::FileReport,
            "inventory" => Document::Inventory,
            other => panic!("{other} is no document of the service"),
        };
        let is_other = vector.name.ends_with("bad-other-root");
        assert_eq!(
            Document::of(&tree) == Some(kind),
            !is_other,
            "{}",
            vector.path
        );
    }
}

#[test]
fn every_document_has_good_ones_and_is_of_a_generation_that_there_is() {
    for vector in documents() {
        let generation = vector.announced("generation");
        let is_known = Generation::ALL
            .iter()
            .any(|known| known.name() == generation);
        assert!(is_known || generation.is_empty(), "{}", vector.path);
        let is_bad = vector
            .name
            .rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with("bad-"));
        let is_blamed =
            !vector.announced("notes").is_empty() || !vector.announced("breaks").is_empty();
        assert_eq!(is_bad, is_blamed, "{}", vector.path);
        let minimal = format!("pull/{}/minimal", folder(&vector));
        assert!(get(&minimal).is_some(), "{minimal}");
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what a draft may leave out")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn adapter() -> AdapterDraft {
    AdapterDraft {
        address: "192.0.2.17".into(),
        subnet: "255.255.255.0".into(),
        mac: some("02-00-5E-10-00-01"),
    }
}

fn device_poll() -> Tree<'static> {
    let draft = DevicePollDraft {
        system: "Conformance Agent".into(),
        system_version: "1.0.0.0".into(),
        id: "0BADF00D-1111-2222-3333-00C0FFEE0001".into(),
        device_name: "till-07".into(),
        user_name: some("clerk"),
        domain: some("SHOP"),
        platform: "Acme Till".into(),
        processor: "2577".into(),
        code_page: some("1252"),
        lower_code_page: false,
        lcid: some("1033"),
        adapters: vec![adapter()],
        token: some("tok-0001"),
        timestamp: some("05/04/2031 09:00:00 AM"),
    };
    draft.tree()
}

fn poll_response() -> Tree<'static> {
    let order = |kind, interval: &str, filters| OrderDraft {
        version: some("1.0"),
        enabled: some("true"),
        filters,
        ..OrderDraft::new(kind, interval)
    };
    let filter = |filter: &str, more: [Option<String>; 3]| {
        let [recursive, exclude_compressed, exclude_encrypted] = more;
        FilterDraft {
            filter: filter.to_owned(),
            path: "\\Apps".into(),
            recursive,
            exclude_compressed,
            exclude_encrypted,
        }
    };
    let software = filter("*.exe", [some("true"), some("false"), some("true")]);
    let draft = PollResponseDraft {
        client: Some(ClientSettingsDraft {
            version: some("1.0"),
            poll_server: some("dm.example.test"),
            poll_interval: some("0000-00-00 00:30:00"),
            retry_count: some("3"),
            retry_interval: some("0000-00-00 00:01:00"),
        }),
        orders: vec![
            order(ReportKind::Software, "0000-00-07 00:00:00", vec![software]),
            order(
                ReportKind::File,
                "0000-00-01 00:00:00",
                vec![filter("*.log", [None, None, None])],
            ),
            order(ReportKind::Machine, "0000-00-01 00:00:00", Vec::new()),
        ],
        packages: vec![A.into(), B.into()],
    };
    draft.tree()
}

fn instructions(bend: impl Fn(&mut PackageDraft)) -> Tree<'static> {
    let mut package = PackageDraft {
        id: A.into(),
        required: "Yes".into(),
        name: "Till fonts".into(),
        short_description: some("Fonts"),
        long_description: some("Fonts for receipts"),
        size: "4096".into(),
        flags: "03 00 00 00".into(),
        start_time: "2031-05-04 09:05:00".into(),
        utc: some("true"),
        recurrence: None,
        local_destination: "\\Storage\\pkg\\fonts".into(),
        command_line: some("dmscript.exe setup.dms"),
        source_files: some("Yes"),
    };
    bend(&mut package);
    InstructionsDraft {
        packages: vec![package],
    }
    .tree()
}

fn recurring() -> Tree<'static> {
    instructions(|package| {
        package.short_description = None;
        package.long_description = None;
        package.recurrence = Some(RecurrenceDraft {
            interval: "0000-00-01 00:00:00".into(),
            behavior: "Execute Only".into(),
        });
    })
}

fn location_request() -> Tree<'static> {
    let pair = |address: &str, subnet: &str| (address.to_owned(), subnet.to_owned());
    let draft = LocationRequestDraft {
        package_id: A.into(),
        directory: some("site-north"),
        addresses: vec![
            pair("192.0.2.17", "192.0.2.0"),
            pair("198.51.100.4", "198.51.100.0"),
        ],
    };
    draft.tree()
}

fn package_location() -> Tree<'static> {
    let draft = PackageLocationDraft {
        package_id: A.into(),
        locations: vec![
            LocationDraft {
                metric: some("1"),
                smb_path: some("\\\\dp\\pkg\\a"),
                url: some("http://dp.example.test/pkg/a.cab"),
                directory: some("site-north"),
                subnets: vec!["192.0.2.0".into(), "198.51.100.0".into()],
            },
            LocationDraft {
                metric: some("20"),
                url: some("http://far.example.test/a.cab"),
                ..LocationDraft::default()
            },
        ],
    };
    draft.tree()
}

fn status() -> Tree<'static> {
    let message = |id: &str, time: &str, parameters| StatusMessageDraft {
        package_id: A.into(),
        message_id: id.to_owned(),
        timestamp: format!("2031-05-04 {time}"),
        parameters,
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let told = vec![pair("bytes", "4096"), pair("host", "dp.example.test")];
    let draft = StatusDraft {
        messages: vec![
            message("11030", "09:06:12", Vec::new()),
            message("11031", "09:07:00", told),
        ],
    };
    draft.tree()
}

fn file_report() -> Tree<'static> {
    let folder = |name: &str, files, directories| DirectoryDraft {
        name: name.to_owned(),
        created: some("2031-01-01 00:00:00"),
        last_accessed: some("2031-05-04 08:00:00"),
        attributes: some(""),
        files,
        directories,
    };
    let file = FileDraft {
        name: "till.exe".into(),
        version: some("3.1.0"),
        company: some("Acme"),
        description: some("Till"),
        size: "51200".into(),
        created: some("2031-01-01 00:00:00"),
        last_modified: some("2031-02-02 10:00:00"),
        last_accessed: some("2031-05-04 08:00:00"),
        attributes: some("ARCHIVE|READONLY"),
    };
    let inner = folder("\\Apps\\lib", Vec::new(), Vec::new());
    let draft = FileReportDraft {
        directories: vec![folder("\\Apps", vec![file], vec![inner])],
    };
    draft.tree()
}

fn inventory() -> Tree<'static> {
    let item = |name: &str, properties: &[(&str, &str)]| {
        let owned = properties
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        (name.to_owned(), owned.collect())
    };
    let draft = InventoryDraft {
        kind: some("machine"),
        items: vec![
            item("Device_FileSystem", &[("Name", "root"), ("Size", "9000")]),
            item("Device_FileSystem", &[("Name", "Storage")]),
            item("Acme_Printer", &[("Paper", "58")]),
        ],
    };
    draft.tree()
}

#[rstest]
#[case("device-poll/full", device_poll())]
#[case("poll-response/full", poll_response())]
#[case("instructions-request/minimal", instructions_request(A))]
#[case("instructions/full", instructions(|_| {}))]
#[case("instructions/full-4.2", instructions(|it| it.source_files = None))]
#[case("instructions/recurring", recurring())]
#[case("location-request/full", location_request())]
#[case("package-location/full", package_location())]
#[case("status/full", status())]
#[case("file-report/full", file_report())]
#[case("inventory/full", inventory())]
fn a_draft_builds_what_the_vector_says(#[case] name: &str, #[case] built: Tree<'static>) {
    let vector = get(&format!("pull/{name}")).expect(name);
    let octets = bytes(&vector);
    let (read, _) = xml::read(&octets, &Limits::TARGET).expect(name);
    assert_eq!(meaning(&built), meaning(&read));
    // What was written is read again as it was.
    let written = xml::write(&built, &xml::Style::default());
    let (again, _) = xml::read(&written, &Limits::TARGET).expect(name);
    assert_eq!(meaning(&again), meaning(&read));
}

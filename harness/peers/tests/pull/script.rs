//! Everything an agent may put to the management server, in one long script.
//!
//! Each question is asked in a way that some switch answers otherwise.

use assay_wire::tree::Namespace;

use crate::agent::{Agent, document};
use crate::http::Noted;

/// What is asked in one go, of a peer that may have been asked other things before.
pub(crate) type Section = fn(&str, &mut Vec<Noted>);

/// Everything, in order.
pub(crate) const SECTIONS: [Section; 7] =
    [walk, polls, tokens, packages, downloads, statuses, reports];

const A: &str = "5A5A0000-0000-4000-8000-00000000000A";
const B: &str = "5A5A0000-0000-4000-8000-00000000000B";
const NONE: &str = "5A5A0000-0000-4000-8000-0000000000FF";

/// What an agent does in its life.
fn walk(url: &str, all: &mut Vec<Noted>) {
    let mut agent = Agent::new(url, "0BADF00D-1111-2222-3333-00C0FFEE0001");
    agent.hook(
        "publish",
        &format!(
            r#"{{"device":"$me","id":"{A}","name":"Till fonts","required":"true","size":"4096","flags":"02 00 00 00","recurrence":"","optional":""}}"#
        ),
    );
    agent.hook(
        "publish",
        &format!(
            r#"{{"device":"$me","id":"{B}","optional":true,"data":"hello","recurrence":"0000-00-07 00:00:00","behavior":"Execute Only"}}"#
        ),
    );
    for order in [
        r#""kind":"software","interval":"0000-00-07 00:00:00","filter":"*.exe","path":"\\Apps","recursive":"true""#,
        r#""kind":"software","filter":"*.dll","path":"\\Windows","recursive":false"#,
        r#""kind":"machine","interval":"0000-00-01 00:00:00""#,
        r#""kind":"file","filter":"*.log","path":"\\Apps","exclude-compressed":"true""#,
    ] {
        agent.hook("order", &format!(r#"{{"device":"$me",{order}}}"#));
    }
    agent.poll("first poll");
    agent.poll("second poll");
    for package in [A, B] {
        agent.instructions(&format!("instructions {package}"), package);
    }
    if let Some(url) = agent.location("location", A) {
        agent.status("started", A, &["11030"], &[]);
        agent.download("download", "GET", &url, &[]);
        agent.status("succeeded", A, &["11031"], &[("bytes", "4096")]);
        agent.status("executed", A, &["11035"], &[]);
    }
    agent.status("failed", B, &["11032"], &[]);
    agent.report("software inventory", "SoftwareInventory", SOFTWARE);
    agent.report("machine inventory", "MachineInventory", MACHINE);
    agent
        .with("X-Device-FullyQualifiedFilename", Some("\\Apps\\till.log"))
        .with("Content-Type", Some("application/octet-stream"))
        .report("file", "FileCollection", b"hello");
    agent.poll("third poll");
    // A bent server may have lost it.
    agent.ask_hook("withdraw", &format!(r#"{{"device":"$me","id":"{A}"}}"#));
    agent.poll("a poll after a withdrawal");
    agent.hook("show", r#"{"device":"$me"}"#);
    agent.done(all);
}

const SOFTWARE: &[u8] = b"<FileReport><Directory Name=\"\\Apps\" Created=\"2031-01-01 00:00:00\">\
    <File Name=\"till.exe\" Version=\"3.1.0\" Company=\"Acme\" Description=\"Till\" Size=\"51200\" \
    Created=\"2031-01-01 00:00:00\" LastModified=\"2031-02-02 10:00:00\" Attributes=\"ARCHIVE\"/>\
    </Directory></FileReport>";

const MACHINE: &[u8] = b"<Inventory type=\"machine\"><InventoryItem name=\"Device_OS\">\
    <Property name=\"MajorVersion\">6</Property></InventoryItem></Inventory>";

/// All that a poll may look like.
fn polls(url: &str, all: &mut Vec<Noted>) {
    let mut agent = Agent::new(url, &"54657374".repeat(6));
    agent.poll("a device that nobody knows, of 48 digits");
    agent.poll("the same again");
    for name in ["Domain", "MAC", "CodePage", "Connection", "NetworkAdapter"] {
        let mut tree = agent.draft().tree();
        let root = tree.root().expect("a root");
        let found = tree.descend(root).find(|&node| tree.name(node) == name);
        tree.detach(found.expect("an element"));
        agent.poll_with(&format!("a poll without {name}"), &tree);
    }
    let mut draft = agent.draft();
    draft.lower_code_page = true;
    agent.poll_with("a poll with codePage", &draft.tree());
    let mut tree = agent.draft().tree();
    let root = tree.root().expect("a root");
    let block = tree.child(root, "Identification").expect("a block");
    let inside: Vec<_> = tree.elements(block).collect();
    for &child in inside.iter().rev() {
        tree.detach(child);
        tree.attach(Some(block), child);
    }
    agent.poll_with("a poll in reverse", &tree);
    let mut tree = agent.draft().tree();
    assay_wire::pull::set_namespace(&mut tree, &Namespace::None);
    agent.poll_with("a poll without namespace", &tree);
    agent.with("x-device-uuid", Some(&"54657374".repeat(6)));
    agent.with("X-DEVICE-ACTION", Some("Poll"));
    agent.poll("field names in other letters");
    agent.with("X-Device-UUID", None).poll("no device id");
    agent
        .with("X-Device-UUID", Some(""))
        .poll("an empty device id");
    let long = "x".repeat(299);
    agent.with("X-Device-UUID", Some(&long));
    agent.with("X-Device-Auth", Some(""));
    agent.with("X-Device-Timestamp", Some(""));
    agent.post("a long device id", "Poll", &document(&agent.draft().tree()));
    let long = "x".repeat(300);
    agent
        .with("X-Device-UUID", Some(&long))
        .poll("too long a device id");
    agent.post(
        "an unknown action",
        "Dance",
        &document(&agent.draft().tree()),
    );
    agent.with("X-Device-Action", None).poll("no action");
    agent.report("an unknown type", "Gossip", MACHINE);
    agent.with("X-Device-Action", Some("Report"));
    agent.post("no type", "Report", MACHINE);
    agent.post("another document", "Poll", MACHINE);
    agent.download("a poll by GET", "GET", url, &[]);
    agent.poll("a usual poll");
    agent.done(all);
}

/// Which tokens open the door.
fn tokens(url: &str, all: &mut Vec<Noted>) {
    let mut agent = Agent::new(url, "assay-tokens");
    agent.hook("publish", &format!(r#"{{"device":"$me","id":"{A}"}}"#));
    agent.poll("a first poll");
    let first = agent.token.clone();
    agent.poll("a second poll");
    agent.instructions("the newest token", A);
    agent
        .with("X-Device-Auth", Some(&first))
        .instructions("the token before", A);
    agent
        .with("X-Device-Auth", Some("wrong"))
        .instructions("a wrong token", A);
    agent
        .with("X-Device-Auth", None)
        .instructions("no token", A);
    agent
        .with("X-Device-Auth", Some(""))
        .instructions("an empty token", A);
    agent
        .with("X-Device-Auth", Some("wrong"))
        .poll("a poll with a wrong token");
    agent
        .with("X-Device-Timestamp", None)
        .instructions("no timestamp", A);
    agent
        .with("X-Device-Timestamp", Some("yesterday"))
        .instructions("another timestamp", A);
    agent.poll("a third poll");
    agent.done(all);
}

/// Instructions.
fn packages(url: &str, all: &mut Vec<Noted>) {
    let mut agent = Agent::new(url, "assay-packages");
    let mut other = Agent::new(url, "assay-others");
    other.hook("publish", &format!(r#"{{"device":"$me","id":"{NONE}"}}"#));
    for more in [
        r#""id":"p1","flags":4,"utc":"false","start-time":"2031-05-04 09:05:00""#,
        r#""id":"p2","recurrence":"0000-00-00 01:00:00","source-files":"No","size":0"#,
        r#""id":"p3","flags":"06 00 00 00","name":"LONG","command":"a b c","destination":"\\x""#,
    ] {
        let more = more.replace("LONG", &"n".repeat(300));
        agent.hook("publish", &format!(r#"{{"device":"$me",{more}}}"#));
    }
    agent.poll("a poll for three");
    for id in ["p1", "p2", "p3"] {
        agent.instructions(&format!("instructions {id}"), id);
        agent.location(&format!("location {id}"), id);
    }
    agent.instructions("instructions of another device", NONE);
    agent.location("location of another device", NONE);
    agent.instructions("instructions of nobody", "nothing");
    agent.location("location of nobody", "nothing");
    agent.instructions("instructions without a name", "");
    agent.location("location without a name", "");
    other.poll("the other polls");
    other.instructions("the other's own", NONE);
    agent.hook("assign", &format!(r#"{{"device":"$me","id":"{NONE}"}}"#));
    agent.poll("a poll for four");
    agent.instructions("what was the other's", NONE);
    for (label, platform, version) in [
        ("4.2 by its platform", "Windows CE .NET 4.2", None),
        ("4.21 by its version", "Till", Some("4.21")),
    ] {
        let mut draft = agent.draft();
        platform.clone_into(&mut draft.platform);
        agent.with("X-Device-client-version", version);
        agent.poll_with(&format!("an agent of {label}"), &draft.tree());
        agent.instructions(&format!("instructions for {label}"), "p1");
    }
    agent.done(all);
    other.done(all);
}

/// Downloads.
fn downloads(url: &str, all: &mut Vec<Noted>) {
    let mut agent = Agent::new(url, "assay-downloads");
    agent.hook("publish", r#"{"device":"$me","id":"one","size":"1000"}"#);
    agent.hook(
        "publish",
        r#"{"device":"$me","id":"many","collection":"true"}"#,
    );
    agent.poll("a poll for downloads");
    for id in ["one", "many"] {
        let Some(url) = agent.location(&format!("location {id}"), id) else {
            continue;
        };
        agent.download(&format!("all of {id}"), "GET", &url, &[]);
        for range in ["bytes=0-99", "bytes=900-", "bytes=-10", "bytes=1000-"] {
            let label = format!("{range} of {id}");
            agent.download(&label, "GET", &url, &[("Range", range)]);
        }
        let old = [("Range", "bytes=5-"), ("If-Range", "\"old\"")];
        agent.download("a range of what is gone", "GET", &url, &old);
        for depth in ["0", "1"] {
            let label = format!("listing {id} to depth {depth}");
            let response = agent.download(&label, "PROPFIND", &url, &[("Depth", depth)]);
            let entries = response.map_or(0, |response| {
                let text = String::from_utf8_lossy(&response.body.octets).into_owned();
                text.matches("<D:href>").count()
            });
            if let Some(note) = agent.http.notes.last_mut() {
                note.raw.push_str(&format!("{entries} entries"));
            }
        }
        agent.download("a post to a package", "POST", &url, &[]);
    }
    agent.download(
        "no package",
        "GET",
        "http://x/packages/none/package.cab",
        &[],
    );
    agent.done(all);
}

/// Statuses.
fn statuses(url: &str, all: &mut Vec<Noted>) {
    let mut agent = Agent::new(url, "assay-statuses");
    agent.hook("publish", &format!(r#"{{"device":"$me","id":"{A}"}}"#));
    agent.poll("a poll for statuses");
    agent.status("one", A, &["11030"], &[]);
    agent.status("the same again", A, &["11030"], &[]);
    agent.status("two", A, &["11031", "11035"], &[]);
    agent.status(
        "with parameters",
        A,
        &["11032"],
        &[("error", "5"), ("x", "")],
    );
    agent.status("an unknown code", A, &["11099"], &[]);
    agent.status("of no package here", NONE, &["11030"], &[]);
    agent.status("without messages", A, &[], &[]);
    agent.status("without a number", A, &["done"], &[]);
    agent.hook("show", r#"{"device":"$me"}"#);
    agent.done(all);
}

/// Reports.
fn reports(url: &str, all: &mut Vec<Noted>) {
    let mut agent = Agent::new(url, "assay-reports");
    agent.poll("a poll for reports");
    for (label, kind, body) in [
        ("software", "SoftwareInventory", SOFTWARE),
        (
            "nested and bare",
            "SoftwareInventory",
            b"<FileReport><Directory Name='\\'><Directory Name='\\A'><File Name='a' Size='1'/>\
              </Directory></Directory></FileReport>",
        ),
        ("machine", "MachineInventory", MACHINE),
        (
            "items twice",
            "MachineInventory",
            b"<Inventory type='machine'><InventoryItem name='Device_FileSystem'/>\
              <InventoryItem name='Device_FileSystem'/></Inventory>",
        ),
        (
            "items of a maker",
            "MachineInventory",
            b"<Inventory type='machine'><InventoryItem name='Acme_Scale'/></Inventory>",
        ),
        (
            "with namespace and declaration",
            "MachineInventory",
            b"<?xml version='1.0'?>\
              <Inventory xmlns='http://www.microsoft.com/DeviceManagement.xsd'/>",
        ),
        ("malformed", "SoftwareInventory", b"<FileReport><Directory"),
        ("the other document", "SoftwareInventory", MACHINE),
    ] {
        agent.report(label, kind, body);
    }
    for (label, name, media, body) in [
        ("text", "\\a.log", "application/octet-stream", &b"hello"[..]),
        (
            "octets",
            "\\a.bin",
            "application/octet-stream",
            b"\xff\x00\xfe<",
        ),
        ("two backslashes", "\\\\d\\a.exe", "text/plain", b"MZ"),
        ("nothing", "\\..\\..\\etc\\passwd", "x/y", b""),
    ] {
        agent
            .with("X-Device-FullyQualifiedFilename", Some(name))
            .with("Content-Type", Some(media))
            .report(&format!("a file: {label}"), "FileCollection", body);
    }
    agent.report("a file without name", "FileCollection", b"x");
    agent.hook("publish", &format!(r#"{{"device":"$me","id":"{A}"}}"#));
    agent.post("a malformed poll", "Poll", b"<DevicePoll>");
    agent.post(
        "a poll with a DTD",
        "Poll",
        b"<!DOCTYPE DevicePoll><DevicePoll/>",
    );
    agent.poll("a poll after those");
    agent.hook("show", r#"{"device":"$me"}"#);
    agent.done(all);
}

//! How fast documents are converted, against libwbxml where it is installed; that string tables
//! cost linear time; that a large document takes memory in proportion.
//!
//! `cargo bench -p assay-wire --bench wbxml`. The documents are built here. libwbxml runs as a
//! child of its own, a turn for each turn of ours, so that a busy machine slows both alike.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use assay_wire::wbxml::{self, Strings, Style};
use assay_wire::{Limits, xml};

const LIMITS: Limits = Limits {
    bytes: 1 << 26,
    depth: 64,
    attributes: 64,
    nodes: 2_000_000,
    notes: 64,
};

/// A turn: long enough to be measured, short enough that a busy machine meets both alike.
const TURN: Duration = Duration::from_millis(60);
const TURNS: usize = 9;

fn main() -> ExitCode {
    // Before anything else has used memory.
    let bounded = memory();
    let mut good = bounded;
    good &= tables();

    let here = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let oracle = compile(&here);
    if oracle.is_none() {
        println!("libwbxml: skipped: install libwbxml2-dev and a C compiler");
    }
    for (label, size) in [("2 KB", 2_000), ("64 KB", 64_000)] {
        let text = message(size).into_bytes();
        let binary = encode(&text, Strings::AsGiven);
        println!(
            "{label}: {} octets of XML, {} of WBXML",
            text.len(),
            binary.len()
        );
        parts(&text, &binary);
        good &= compare(
            "  WBXML -> XML",
            10.0,
            &here,
            oracle.as_deref(),
            "decode",
            &binary,
            decode,
        );
        good &= compare(
            "  XML -> WBXML",
            3.0,
            &here,
            oracle.as_deref(),
            "encode",
            &text,
            |text| encode(text, Strings::AsGiven),
        );
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn encode(text: &[u8], strings: Strings) -> Vec<u8> {
    let (tree, notes) = xml::read(text, &LIMITS).expect("the benchmark's own document");
    assert!(notes.is_empty(), "{notes:?}");
    wbxml::write(
        &tree,
        &Style {
            strings,
            ..Style::default()
        },
    )
    .expect("writable")
}

fn decode(binary: &[u8]) -> Vec<u8> {
    let (tree, _, notes) = wbxml::read(binary, &LIMITS).expect("the benchmark's own document");
    assert!(notes.is_empty(), "{notes:?}");
    xml::write(&tree, &xml::Style::default())
}

/// What each half of a conversion takes alone.
fn parts(text: &[u8], binary: &[u8]) {
    let (tree, _) = xml::read(text, &LIMITS).expect("the benchmark's own document");
    let style = Style::default();
    let spent = [
        turn(binary, |_| {
            wbxml::read(binary, &LIMITS).expect("its own document")
        }),
        turn(text, |_| xml::write(&tree, &xml::Style::default())),
        turn(text, |_| {
            xml::read(text, &LIMITS).expect("its own document")
        }),
        turn(binary, |_| wbxml::write(&tree, &style).expect("writable")),
    ];
    let [read, write, parse, encode] = spent.map(|nanoseconds| nanoseconds / 1000.0);
    println!(
        "  WBXML -> tree {read:.1} µs, tree -> XML {write:.1} µs, XML -> tree {parse:.1} µs, tree \
         -> WBXML {encode:.1} µs"
    );
}

/// A client's message of DM 1.2, of at least this many octets: header, statuses, results.
fn message(size: usize) -> String {
    let mut text = String::from(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD>\
         <VerProto>DM/1.2</VerProto><SessionID>17</SessionID><MsgID>2</MsgID>\
         <Target><LocURI>https://dm.example.com/dm?sid=4711</LocURI></Target>\
         <Source><LocURI>IMEI:493005100592800</LocURI><LocName>device</LocName></Source>\
         <Cred><Meta><Format xmlns=\"syncml:metinf\">b64</Format>\
         <Type xmlns=\"syncml:metinf\">syncml:auth-md5</Type></Meta>\
         <Data>Zz6EivR3yeaaENcRN6lpAQ==</Data></Cred>\
         <Meta><MaxMsgSize xmlns=\"syncml:metinf\">65536</MaxMsgSize></Meta></SyncHdr><SyncBody>",
    );
    let mut command = 1;
    while text.len() < size {
        let said = write!(
            text,
            "<Status><CmdID>{}</CmdID><MsgRef>1</MsgRef><CmdRef>{command}</CmdRef><Cmd>Get</Cmd>\
             <TargetRef>./DevDetail/Ext/Item{command}</TargetRef><Data>200</Data></Status>\
             <Results><CmdID>{}</CmdID><MsgRef>1</MsgRef><CmdRef>{command}</CmdRef><Item><Source>\
             <LocURI>./DevDetail/Ext/Item{command}</LocURI></Source><Meta>\
             <Format xmlns=\"syncml:metinf\">chr</Format>\
             <Type xmlns=\"syncml:metinf\">text/plain</Type></Meta>\
             <Data>the value of item {command} &amp; some more of it</Data></Item></Results>",
            command * 2,
            command * 2 + 1,
        );
        said.expect("a string takes all");
        command += 1;
    }
    text.push_str("<Final/></SyncBody></SyncML>");
    text
}

/// Nanoseconds a document over one turn of ours.
fn turn<T>(bytes: &[u8], convert: impl Fn(&[u8]) -> T) -> f64 {
    let start = Instant::now();
    let mut documents = 0_u32;
    loop {
        black_box(convert(black_box(bytes)));
        documents += 1;
        let spent = start.elapsed();
        if spent >= TURN {
            return spent.as_secs_f64() * 1e9 / f64::from(documents);
        }
    }
}

/// Ours and theirs by turns; prints the median ratio and whether it reaches the target.
fn compare(
    label: &str,
    target: f64,
    here: &Path,
    oracle: Option<&Path>,
    mode: &str,
    bytes: &[u8],
    convert: impl Fn(&[u8]) -> Vec<u8>,
) -> bool {
    let Some(oracle) = oracle else {
        let mut ours: Vec<f64> = (0..TURNS).map(|_| turn(bytes, &convert)).collect();
        println!("{label}: {:.0} documents/s", 1e9 / median(&mut ours));
        return true;
    };
    let file = here.join(format!("{mode}-{}", bytes.len()));
    std::fs::write(&file, bytes).expect("the scratch directory takes files");
    let mut theirs = Theirs::start(oracle, mode, &file);
    let mut turns: Vec<(f64, f64)> = (0..TURNS)
        .map(|_| (turn(bytes, &convert), theirs.turn()))
        .collect();
    turns.sort_by(|one, other| (one.1 / one.0).total_cmp(&(other.1 / other.0)));
    let (ours, theirs) = turns[TURNS / 2];
    let ratio = theirs / ours;
    let verdict = if ratio >= target { "reached" } else { "MISSED" };
    println!(
        "{label}: {:.0} documents/s, libwbxml {:.0}: {ratio:.1} times ({target} {verdict})",
        1e9 / ours,
        1e9 / theirs,
    );
    ratio >= target
}

fn median(of: &mut [f64]) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// Compiles the loop over libwbxml; none where it or a compiler is missing.
fn compile(here: &Path) -> Option<PathBuf> {
    let program = here.join("libwbxml");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/libwbxml.c");
    let compiled = Command::new("cc")
        .args(["-O2", "-I/usr/include/libwbxml-1.0", "-o"])
        .args([&program, &source])
        .args(["-lwbxml2"])
        .stderr(Stdio::null())
        .status();
    compiled
        .is_ok_and(|status| status.success())
        .then_some(program)
}

/// libwbxml in a process of its own.
struct Theirs {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Theirs {
    fn start(program: &Path, mode: &str, file: &Path) -> Self {
        let mut child = Command::new(program)
            .arg(mode)
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("what was compiled starts");
        let input = child.stdin.take().expect("piped");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        Self {
            child,
            input,
            output,
        }
    }

    fn turn(&mut self) -> f64 {
        writeln!(self.input, "{}", TURN.as_millis()).expect("libwbxml takes the document");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        line.trim().parse().expect("nanoseconds")
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The cost of string tables at growing sizes; linear when an octet costs the same throughout.
fn tables() -> bool {
    let mut octet: Vec<f64> = Vec::new();
    for kilobytes in [16, 64, 256] {
        let text = message(kilobytes * 1000).into_bytes();
        let (tree, _) = xml::read(&text, &LIMITS).expect("the benchmark's own document");
        let mut spent = [Strings::Inline, Strings::Shared, Strings::Table].map(|strings| {
            let style = Style {
                strings,
                ..Style::default()
            };
            let mut turns: Vec<f64> = (0..5)
                .map(|_| turn(&text, |_| wbxml::write(&tree, &style).expect("writable")))
                .collect();
            median(&mut turns) / 1000.0
        });
        println!(
            "tree -> WBXML, {kilobytes} KB: inline {:.0} µs, shared table {:.0} µs, all in the \
             table {:.0} µs",
            spent[0], spent[1], spent[2]
        );
        octet.extend(
            spent
                .iter_mut()
                .skip(1)
                .map(|spent| *spent / text.len() as f64),
        );
    }
    // Sixteen times the size: caches cost something, a square would cost sixteen times as much.
    let linear = octet[4] < 4.0 * octet[0] && octet[5] < 4.0 * octet[1];
    println!(
        "string tables are {}",
        if linear { "linear" } else { "NOT LINEAR" }
    );
    linear
}

/// The memory that a document of 4 MB takes, where the system tells (Linux).
fn memory() -> bool {
    let text = message(4_000_000).into_bytes();
    let binary = encode(&text, Strings::AsGiven);
    let mut good = true;
    for (label, bytes) in [("WBXML", &binary), ("XML", &text)] {
        let start = Instant::now();
        let Some(before) = peak(true) else {
            println!("memory: skipped: this system does not tell");
            return true;
        };
        let nodes = match label {
            "XML" => xml::read(bytes, &LIMITS).map(|(tree, _)| tree.len()),
            _ => wbxml::read(bytes, &LIMITS).map(|(tree, ..)| tree.len()),
        };
        let nodes = nodes.expect("the benchmark's own document");
        let grown = peak(false).unwrap_or(before).saturating_sub(before);
        let times = grown as f64 / text.len() as f64;
        let verdict = if times <= 12.0 { "bounded" } else { "TOO MUCH" };
        println!(
            "4 MB as {label} ({} octets): {nodes} nodes in {:.0} ms, {} KB more memory, {times:.1} \
             times the text ({verdict})",
            bytes.len(),
            start.elapsed().as_secs_f64() * 1e3,
            grown / 1024,
        );
        good &= times <= 12.0;
    }
    good
}

/// The largest resident size of this process in octets, since it was last reset.
fn peak(reset: bool) -> Option<usize> {
    if reset {
        std::fs::write("/proc/self/clear_refs", "5").ok()?;
    }
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}

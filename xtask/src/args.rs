//! The arguments of every verb.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

/// Assay: does a device-management server do what the standards say?
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one, and it is read once"
)]
pub(crate) enum Verb {
    /// Judge a target; the built-in servers of all roles where none is given
    Conform(Conform),
    /// Run the built-in servers alone
    Serve(Serve),
    /// Prove that the suites catch each fault of the built-in servers, and nothing else
    Prove(Prove),
    /// Check suites, vectors, rules and their links to the faults
    Lint(Lint),
    /// List cases, requirements, faults or variants
    List(List),
    /// Explain a requirement, a case or a fault
    Explain(Explain),
    /// Show what is in a file: offset, hex, meaning
    Decode(Decode),
    /// Write a provisioning document, SI or SL as WBXML, as a push, or as short messages
    Encode(Encode),
}

#[derive(ClapArgs)]
pub(crate) struct Conform {
    /// The URL of the target; the built-in servers where not given
    #[arg(long, value_name = "URL")]
    pub(crate) target: Option<String>,
    /// The role that the target plays: dm-server, cp-server, ppg, pull-server; found out where not given
    #[arg(long)]
    pub(crate) role: Option<String>,
    /// The profile of the target
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Only cases whose id, or a requirement that they prove, or its row, matches; a control comes along
    #[arg(long, value_name = "PATTERN")]
    pub(crate) only: Vec<String>,
    /// Not these cases
    #[arg(long, value_name = "PATTERN")]
    pub(crate) skip: Vec<String>,
    /// How many cases at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = jobs)]
    pub(crate) jobs: usize,
    /// Write report.json, junit.xml, report.txt and the recordings of what went wrong
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Show what would be played and what it leaves behind; needs no connection
    #[arg(long, conflicts_with = "report")]
    pub(crate) plan: bool,
    /// A fault of the built-in servers, to see a case fail
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    pub(crate) fault: Vec<String>,
    /// A variant of the built-in servers
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    pub(crate) variant: Vec<String>,
    /// Suites from a folder instead of those built in
    #[arg(long, value_name = "DIR")]
    pub(crate) suites: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) identity: Identity,
}

/// How many cases at the same time: at least one.
fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("nothing would be played".to_owned()),
        Ok(jobs) => Ok(jobs),
        Err(error) => Err(format!("{error}")),
    }
}

/// What stands beside a bare URL.
#[derive(ClapArgs)]
pub(crate) struct Identity {
    /// The user name of the device; usually its id
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// Its password; better in a file or a profile, since others can read a command line
    #[arg(long, conflicts_with = "password_file")]
    pub(crate) password: Option<String>,
    /// A file whose first line is its password
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// The id of the device, one of the profile or another; usually assay-a. May be given twice
    #[arg(long, value_name = "ID")]
    pub(crate) device: Vec<String>,
    /// A PEM file of further roots to trust
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// A PEM file with a client certificate and its key
    #[arg(long, value_name = "FILE")]
    pub(crate) client_cert: Option<PathBuf>,
    /// Take any certificate
    #[arg(long)]
    pub(crate) insecure: bool,
    /// A header field for every request: 'Name: value'
    #[arg(long, value_name = "FIELD")]
    pub(crate) header: Vec<String>,
    /// Milliseconds for one exchange
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: Option<u64>,
    /// The target is mine: cases that may harm it are played too
    #[arg(long)]
    pub(crate) mine: bool,
    /// The seed of what is chosen freely: the first SessionID of each device. Usually the clock
    #[arg(long)]
    pub(crate) seed: Option<u64>,
}

#[derive(ClapArgs)]
pub(crate) struct Serve {
    /// Where to listen; with TLS on the port above. Every device named `assay-` and a word is known, the
    /// user being that name, the password `secret-` and that name
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// A fault to switch on
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// A variant to switch on
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Vec<String>,
    /// Write `ca.pem` and `client.pem` there, for --ca and --client-cert
    #[arg(long, value_name = "DIR")]
    pub(crate) certificates: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub(crate) struct Prove {
    /// Only these faults, variants and trivial peers
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Play the whole suite against each fault, which shows all collateral
    #[arg(long)]
    pub(crate) all: bool,
    /// How many cases at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = jobs)]
    pub(crate) jobs: usize,
    /// Write prove.json and prove.txt
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub(crate) struct Lint {
    /// Suites from a folder instead of those built in
    #[arg(long, value_name = "DIR")]
    pub(crate) suites: Option<PathBuf>,
    /// Also list the rows of the fact sheets that have no requirement yet
    #[arg(long)]
    pub(crate) rows: bool,
}

#[derive(ClapArgs)]
pub(crate) struct List {
    /// What to list
    #[arg(value_parser = ["cases", "requirements", "faults", "variants", "vectors"], default_value = "cases")]
    pub(crate) what: String,
    /// Only those whose name matches
    #[arg(long, value_name = "PATTERN")]
    pub(crate) only: Vec<String>,
}

#[derive(ClapArgs)]
pub(crate) struct Explain {
    /// The id of a requirement or a case, or the name of a fault or a row (DM-SRV-096)
    pub(crate) id: String,
}

#[derive(ClapArgs)]
pub(crate) struct Decode {
    /// A file of octets, or .hex with comments
    pub(crate) file: PathBuf,
    /// xml, wbxml, push, sms, tpdu, pap, smpp or trigger; found out from the octets where not given
    #[arg(long)]
    pub(crate) r#as: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct Encode {
    /// A document as text
    pub(crate) file: PathBuf,
    /// What to write: the document alone, the push, its short messages, those in TPDUs, the body of
    /// a request to a gateway, a package; package 0 from `<notification server= session=/>`
    #[arg(
        long,
        value_parser = ["wbxml", "push", "sms", "tpdu", "pap", "cab", "trigger"],
        default_value = "push"
    )]
    pub(crate) r#as: String,
    /// How the push is protected: netwpin, userpin, usernetwpin, userpinmac
    #[arg(long, value_name = "METHOD")]
    pub(crate) sec: Option<String>,
    /// The PIN that keys the MAC; for userpinmac the digits in front of the check digits
    #[arg(long = "mac-pin", value_name = "DIGITS")]
    pub(crate) pin: Option<String>,
    /// The IMSI that keys the MAC
    #[arg(long, value_name = "DIGITS")]
    pub(crate) imsi: Option<String>,
    /// Who sends the short messages
    #[arg(long, value_name = "NUMBER", default_value = "12345")]
    pub(crate) from: String,
    /// Whom a gateway is asked to push to
    #[arg(long, value_name = "NUMBER", default_value = "+15550101")]
    pub(crate) to: String,
    /// Write the octets into this file rather than hex with comments to the output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

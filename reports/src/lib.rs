//! Renders what a run came to. Computes nothing: every number and verdict is in the summary.

mod card;
mod console;
mod json;
mod junit;
mod matrix;
mod text;

use std::fs;
use std::io;
use std::path::Path;

use assay_run::{Proof, Summary};

pub use card::{card, cards};
pub use console::console;
pub use json::json;
pub use junit::junit;
pub use matrix::matrix;

/// What the reports of a run are called.
const RUN: [&str; 3] = ["report.json", "junit.xml", "report.txt"];
/// What the reports of a proof are called.
const PROOF: [&str; 2] = ["prove.json", "prove.txt"];

/// Where a report directory keeps recordings.
pub const RECORDINGS: &str = "recordings";

/// Makes a directory ready for the reports of a run that begins: it is made if need be, and what an
/// earlier run left there is taken away, so that nobody takes it for what this run came to.
///
/// # Errors
///
/// What the file system says, with the path in the message: a directory that cannot be written is
/// found before anything is played.
pub fn begin(directory: &Path) -> io::Result<()> {
    let recordings = directory.join(RECORDINGS);
    let is_ours = RUN.iter().any(|name| directory.join(name).is_file());
    if is_ours && recordings.is_dir() {
        fs::remove_dir_all(&recordings).map_err(|error| named(&recordings, &error))?;
    }
    cleared(directory, &RUN)
}

/// The same for a proof.
///
/// # Errors
///
/// As [`begin`].
pub fn begin_proof(directory: &Path) -> io::Result<()> {
    cleared(directory, &PROOF)
}

fn cleared(directory: &Path, names: &[&str]) -> io::Result<()> {
    fs::create_dir_all(directory).map_err(|error| named(directory, &error))?;
    for path in names.iter().map(|name| directory.join(name)) {
        // Written first: whether that can be done shows at once.
        put(&path, "")?;
        fs::remove_file(&path).map_err(|error| named(&path, &error))?;
    }
    Ok(())
}

/// Writes `report.json`, `junit.xml` and `report.txt` into a directory, which is made if need be.
///
/// # Errors
///
/// What the file system says, with the path in the message.
pub fn write(directory: &Path, summary: &Summary) -> io::Result<()> {
    fs::create_dir_all(directory).map_err(|error| named(directory, &error))?;
    put(&directory.join("report.json"), &json(summary)?)?;
    put(&directory.join("junit.xml"), &junit(summary)?)?;
    put(
        &directory.join("report.txt"),
        &format!("{}{}", cards(summary), console(summary)),
    )
}

/// Writes `prove.json` and `prove.txt` into a directory, which is made if need be.
///
/// # Errors
///
/// What the file system says, with the path in the message.
pub fn write_proof(directory: &Path, proof: &Proof) -> io::Result<()> {
    fs::create_dir_all(directory).map_err(|error| named(directory, &error))?;
    let text = serde_json::to_string_pretty(proof).map_err(io::Error::other)?;
    put(&directory.join("prove.json"), &(text + "\n"))?;
    put(&directory.join("prove.txt"), &matrix(proof))
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text).map_err(|error| named(path, &error))
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("cannot write {}: {error}", path.display()),
    )
}

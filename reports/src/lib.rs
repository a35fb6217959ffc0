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
pub use json::{json, prove_schema, report_schema};
pub use junit::junit;
pub use matrix::matrix;

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

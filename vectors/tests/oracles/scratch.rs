//! A folder for the files that other tools read and write; it goes when the test is over.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// An empty folder, four levels below one of its own, so that a name that climbs stays inside.
pub(crate) struct Scratch {
    outer: PathBuf,
    pub(crate) folder: PathBuf,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("oracle-{}-{number}", std::process::id());
        let outer = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let folder = outer.join("a/b/c/d");
        std::fs::create_dir_all(&folder).expect("the scratch directory takes folders");
        Self { outer, folder }
    }

    /// A file of these octets beside the folder, not in it.
    pub(crate) fn file(&self, name: &str, octets: &[u8]) -> PathBuf {
        let file = self.outer.join(name);
        std::fs::write(&file, octets).expect("the scratch directory takes files");
        file
    }

    /// The files in the folder, by name.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(&self.folder).expect("the folder is there");
        let mut files: Vec<_> = entries
            .filter_map(|entry| {
                let path = entry.expect("an entry").path();
                let name = path.file_name()?.to_string_lossy().into_owned();
                Some((name, std::fs::read(&path).ok()?))
            })
            .collect();
        files.sort();
        files
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left over does no harm.
        let _ = std::fs::remove_dir_all(&self.outer);
    }
}

/// Runs a tool.
pub(crate) fn run<A: AsRef<OsStr>>(tool: &Path, arguments: &[A]) -> Output {
    let run = Command::new(tool).args(arguments).output();
    run.expect("the tool starts")
}

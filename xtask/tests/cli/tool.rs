//! Runs the binary, and takes from its output what differs from run to run.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Longer than any answer takes on a slow machine, and no run may take longer.
pub(crate) const PROMPT: Duration = Duration::from_secs(20);

/// What a run of the binary came to.
pub(crate) struct Ran {
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// A run that goes on.
pub(crate) struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

/// Runs `cargo xtask` with these arguments to its end.
pub(crate) fn xtask(args: &[&str]) -> Ran {
    start(args).end()
}

/// The same, where nobody reads what it prints; its exit code.
pub(crate) fn unread(args: &[&str]) -> Option<i32> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary");
    drop(child.stdout.take());
    child.wait().expect("an end").code()
}

/// Starts `cargo xtask` with these arguments.
pub(crate) fn start(args: &[&str]) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    let out = read(child.stdout.take().expect("a pipe"));
    let err = read(child.stderr.take().expect("a pipe"));
    Running { child, out, err }
}

fn read(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut octets = Vec::new();
        let _ = pipe.read_to_end(&mut octets);
        let _ = sender.send(String::from_utf8_lossy(&octets).into_owned());
    });
    receiver
}

impl Running {
    /// Sends it a signal: `INT`, as Ctrl-C does, or `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("a shell").success());
    }

    /// Waits for its end; one that does not come is a failure of the test.
    pub(crate) fn end(mut self) -> Ran {
        let (out, err) = (self.out.recv_timeout(PROMPT), self.err.recv_timeout(PROMPT));
        let (Ok(out), Ok(err)) = (out, err) else {
            let _ = self.child.kill();
            panic!("it does not end");
        };
        let code = self.child.wait().expect("an end").code();
        Ran { code, out, err }
    }
}

impl fmt::Display for Ran {
    /// The exit code and both streams, without ports and without folders of this machine.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        let text = format!(
            "exit code {code}\n--- out\n{}--- err\n{}",
            self.out, self.err
        );
        let text = text.replace(env!("CARGO_TARGET_TMPDIR"), "[tmp]");
        f.write_str(&without_ports(&text))
    }
}

fn without_ports(text: &str) -> String {
    let mut pieces = text.split("127.0.0.1:");
    let mut all = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        all += "127.0.0.1:[port]";
        all += piece.trim_start_matches(|letter: char| letter.is_ascii_digit());
    }
    all
}

/// `cargo xtask serve` in a process of its own, ended when dropped.
pub(crate) struct Served {
    child: Child,
    /// The URL of the service.
    pub(crate) dm: String,
    /// The same over TLS.
    pub(crate) secure: String,
    /// The URL of the management service.
    pub(crate) pull: String,
}

impl Served {
    /// Starts it with these arguments and waits until it is ready.
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("serve")
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        let lines = out.lines().map_while(Result::ok);
        let lines: Vec<String> = lines.take_while(|line| line != "ready").collect();
        let value = |name: &str| {
            let found = lines
                .iter()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            found.expect("a line of its own").to_owned()
        };
        Self {
            dm: value("dm"),
            secure: value("dm-secure"),
            pull: value("pull"),
            child,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An empty folder for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A file with this text in a folder of its own; its path.
pub(crate) fn file(test: &str, name: &str, text: &str) -> String {
    let path = folder(test).join(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

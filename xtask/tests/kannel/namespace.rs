//! Runs a test in a network namespace with nothing but a loopback interface, and in a process
//! namespace, so that whatever it starts ends with it.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{skip, tool};

/// Says to the process inside that it is inside.
const INSIDE: &str = "ASSAY_INSIDE";

/// Runs `body` inside: this test program is started there once more, for the test of this name
/// alone. Nothing happens where a tool or a namespace is missing.
pub(crate) fn inside(test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        let up = Command::new("ip")
            .args(["link", "set", "lo", "up"])
            .status();
        assert!(up.expect("ip").success(), "there is a loopback interface");
        return body();
    }
    let needed = [
        ("bearerbox", "kannel"),
        ("wapbox", "kannel"),
        ("ip", "iproute2"),
        ("unshare", "util-linux"),
    ];
    if needed.iter().any(|&(name, of)| tool(name, of).is_none()) {
        return;
    }
    // Without the rights of root, a user namespace gives them.
    let Some(flags) = ["-npf", "-rnpf"].into_iter().find(|flags| allowed(flags)) else {
        return skip("needs a network namespace");
    };
    let this = std::env::current_exe().expect("this program");
    let ran = unshare(flags, &this)
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("unshare");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("1 passed"), "there is a test {test}: {said}");
}

fn allowed(flags: &str) -> bool {
    let ran = unshare(flags, Path::new("true"))
        .stderr(Stdio::null())
        .status();
    ran.is_ok_and(|status| status.success())
}

fn unshare(flags: &str, program: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args([flags, "--kill-child"]).arg(program);
    command
}

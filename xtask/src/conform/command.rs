//! How a run was asked for, as it is written into reports.

use crate::args::Conform;

/// How the run was asked for, without what was picked, and without secrets: a report is shown to
/// others.
pub(super) fn command(args: &Conform) -> String {
    let identity = &args.identity;
    let mut command = "cargo xtask conform".to_owned();
    let mut add = |name: &str, value: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+=@%,".contains(c);
        let value = if value.chars().all(plain) {
            value.to_owned()
        } else {
            format!("'{}'", value.replace('\'', "'\\''"))
        };
        command = format!("{command} --{name} {value}");
    };
    let path = |path: &std::path::PathBuf| path.display().to_string();
    let given = [
        ("target", args.target.clone()),
        ("role", args.role.clone()),
        ("profile", args.profile.as_ref().map(path)),
        ("suites", args.suites.as_ref().map(path)),
        ("user", identity.user.clone()),
        (
            "password",
            identity.password.as_ref().map(|_| "…".to_owned()),
        ),
        ("password-file", identity.password_file.as_ref().map(path)),
        ("ca", identity.ca.as_ref().map(path)),
        ("client-cert", identity.client_cert.as_ref().map(path)),
        (
            "timeout",
            identity.timeout.map(|timeout| timeout.to_string()),
        ),
        ("seed", identity.seed.map(|seed| seed.to_string())),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            add(name, &value);
        }
    }
    let repeated = [
        ("fault", &args.fault),
        ("variant", &args.variant),
        ("device", &identity.device),
    ];
    for (name, values) in repeated {
        for value in values {
            add(name, value);
        }
    }
    for field in &identity.header {
        let name = field.split(':').next().unwrap_or_default();
        add("header", &format!("{name}: …"));
    }
    for (name, given) in [("insecure", identity.insecure), ("mine", identity.mine)] {
        if given {
            command = format!("{command} --{name}");
        }
    }
    command
}

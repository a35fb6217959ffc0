//! The arithmetic of a proof, with a suite of three requirements and a server that knows no DM.

use std::io;
use std::sync::Arc;

use assay_judge::Rules;
use assay_run::{Bench, Proof, ProveOptions, Suite, prove};
use assay_suites::Catalogue;
use assay_suites::profile::Profile;
use assay_suites::suite::Role;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const SUITE: &str = r#"
assay: 1
role: dm-server
chapter: dm.x
standard: X
requirements:
  - {id: dm.x.status, must: It answers with 200., ref: X 1, dies-by: [status-404]}
  - {id: dm.x.server, should: It says who it is., ref: X 2, dies-by: [nameless, anonymous]}
  - {id: dm.x.body, must: It gives a body., ref: X 3, dies-by: [bodiless]}
cases:
  - id: dm.x.get
    does: Asks.
    proves: [dm.x.status]
    steps:
      - send: {text: a, lawful: true}
      - expect:
          holds: |
            has(exchange.http) && exchange.http.status == 200
  - id: dm.x.ask
    does: Asks who is there.
    proves: [dm.x.server]
    steps:
      - send: {text: b, lawful: true}
      - expect:
          holds: |
            has(exchange.http) && exchange.http.has_field("server")
  - id: dm.x.read
    does: Reads.
    proves: [dm.x.body]
    control: dm.x.get
    steps:
      - send: {text: c, lawful: true}
      - expect:
          holds: |
            has(exchange.http) && exchange.http.body_octets > 0
"#;

/// Servers that are broken by name.
#[derive(Default)]
struct Broken {
    faults: &'static [&'static str],
    variants: &'static [&'static str],
    trivial: &'static [&'static str],
}

struct Server(JoinHandle<()>);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl Bench for Broken {
    type Peer = Server;

    fn role(&self) -> Role {
        Role::DmServer
    }

    fn faults(&self) -> Vec<String> {
        names(self.faults)
    }

    fn variants(&self) -> Vec<String> {
        names(self.variants)
    }

    fn trivial(&self) -> Vec<String> {
        names(self.trivial)
    }

    async fn start_trivial(&self, name: &str) -> io::Result<(Server, Profile)> {
        self.start(&names(&[name]), &[]).await
    }

    async fn start(&self, faults: &[String], variants: &[String]) -> io::Result<(Server, Profile)> {
        let is_on = |name: &str| faults.iter().chain(variants).any(|on| on == name);
        let status = if is_on("status-404") { 404 } else { 200 };
        let nameless = is_on("nameless") || is_on("quietly-nameless");
        let server = if nameless { "" } else { "Server: Some/1\r\n" };
        let body = if is_on("bodiless") { "" } else { "body" };
        let answer = format!(
            "HTTP/1.1 {status} X\r\n{server}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/dm", listener.local_addr()?);
        let served = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let profile = Profile::for_url(&url).map_err(io::Error::other)?;
        Ok((Server(served), profile))
    }
}

async fn proved(bench: Broken, options: ProveOptions) -> Proof {
    let sources = [("x.yaml".to_owned(), SUITE.to_owned())];
    let catalogue = Catalogue::from_sources(sources).expect("a suite");
    let rules = Rules::compile(&catalogue).expect("rules");
    let suite = Arc::new(Suite { catalogue, rules });
    prove(&bench, &suite, &options, &|_| {})
        .await
        .expect("a proof")
}

fn all() -> ProveOptions {
    ProveOptions {
        jobs: 1,
        ..ProveOptions::default()
    }
}

#[tokio::test]
async fn what_is_proved_has_no_gaps() {
    let faults = &["status-404", "nameless", "bodiless"];
    let proof = proved(
        Broken {
            faults,
            variants: &["same"],
            ..Broken::default()
        },
        all(),
    )
    .await;
    assert_eq!((proof.faults.total, proof.faults.declared), (3, 3));
    assert_eq!(proof.faults.killed, 3);
    assert_eq!(
        (proof.requirements.tested, proof.requirements.killing),
        (3, 3)
    );
    assert_eq!((proof.variants.total, proof.variants.alarms), (1, 0));
    // One requirement names a fault that nobody has; all else is proved.
    assert_eq!(proof.gaps, ["no peer has the fault anonymous"]);
    assert_eq!(proof.matrix[0].by, ["dm.x.get@1.2+xml"]);
}

#[tokio::test]
async fn a_fault_that_nothing_catches_is_a_gap() {
    // `anonymous` changes nothing, `unnamed` belongs to nobody.
    let faults = &["status-404", "anonymous", "unnamed"];
    let proof = proved(
        Broken {
            faults,
            ..Broken::default()
        },
        all(),
    )
    .await;
    assert_eq!(
        (
            proof.faults.total,
            proof.faults.declared,
            proof.faults.killed
        ),
        (3, 2, 1)
    );
    assert_eq!(
        (proof.requirements.tested, proof.requirements.killing),
        (3, 1)
    );
    let has = |text: &str| proof.gaps.iter().any(|gap| gap.starts_with(text));
    for gap in [
        "no requirement names the fault unnamed",
        "no peer has the fault nameless",
        "no peer has the fault bodiless",
        "anonymous survives dm.x.server: dm.x.ask@1.2+xml pass",
        "dm.x.server kills no fault",
        "dm.x.body kills no fault",
    ] {
        assert!(has(gap), "{gap} in {:?}", proof.gaps);
    }
    assert_eq!(proof.gaps.len(), 6, "{:?}", proof.gaps);
}

#[tokio::test]
async fn a_variant_with_a_finding_is_an_alarm() {
    let variants = &["same", "quietly-nameless"];
    let proof = proved(
        Broken {
            variants,
            ..Broken::default()
        },
        all(),
    )
    .await;
    assert_eq!((proof.variants.total, proof.variants.alarms), (2, 1));
    assert!(proof.variant_runs[0].alarms.is_empty());
    let alarms = &proof.variant_runs[1].alarms;
    assert!(
        alarms
            .iter()
            .any(|it| it.starts_with("dm.x.server in dm.x.ask@1.2+xml")),
        "{alarms:?}"
    );
    assert!(
        proof
            .gaps
            .iter()
            .any(|gap| gap.starts_with("variant quietly-nameless: "))
    );
}

#[tokio::test]
async fn only_what_was_asked_for_is_proved() {
    let faults = &["status-404", "nameless", "bodiless"];
    let options = ProveOptions {
        only: names(&["nameless"]),
        ..all()
    };
    let proof = proved(
        Broken {
            faults,
            variants: &["same"],
            ..Broken::default()
        },
        options,
    )
    .await;
    assert_eq!((proof.matrix.len(), proof.variant_runs.len()), (1, 0));
    assert_eq!((proof.faults.total, proof.faults.killed), (3, 1));
    assert!(proof.matrix[0].killed && proof.matrix[0].collateral.is_empty());
}

#[tokio::test]
async fn the_whole_suite_shows_what_else_a_fault_breaks() {
    let faults = &["status-404", "nameless", "bodiless"];
    let only = names(&["bodiless"]);
    let options = ProveOptions {
        only,
        all: true,
        ..all()
    };
    let proof = proved(
        Broken {
            faults,
            ..Broken::default()
        },
        options,
    )
    .await;
    assert_eq!(proof.matrix[0].by, ["dm.x.read@1.2+xml"]);
    assert!(proof.matrix[0].collateral.is_empty());
}

#[tokio::test]
async fn a_trivial_server_that_passes_is_a_gap() {
    // Of two case runs one may pass by chance.
    let trivial = &["status-404", "same", "bodiless"];
    let proof = proved(
        Broken {
            trivial,
            ..Broken::default()
        },
        all(),
    )
    .await;
    assert_eq!((proof.trivial.total, proof.trivial.passing), (3, 1));
    // What is recommended does not count, nor what is blocked.
    let [not_found, same, bodiless] = &proof.trivial_runs[..] else {
        panic!("{:?}", proof.trivial_runs);
    };
    assert_eq!((not_found.mandatory, not_found.passed.len()), (2, 0));
    assert_eq!(same.passed, ["dm.x.get@1.2+xml", "dm.x.read@1.2+xml"]);
    assert_eq!(bodiless.passed, ["dm.x.get@1.2+xml"]);
    let gap = "a server that same passes dm.x.get@1.2+xml, dm.x.read@1.2+xml";
    assert!(proof.gaps.iter().any(|it| it == gap), "{:?}", proof.gaps);
}

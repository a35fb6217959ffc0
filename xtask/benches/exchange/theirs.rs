//! What we are measured against: reqwest that only sends and reads, and hurl that asserts.

use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::header::CONTENT_TYPE;
use tokio::runtime::Runtime;

use crate::messages::MEDIA;
use crate::{SESSION, SESSIONS};

/// A bare client.
pub(crate) struct Reqwest {
    client: reqwest::Client,
    url: reqwest::Url,
    runtime: Runtime,
}

impl Reqwest {
    pub(crate) fn new(url: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().build();
        Self {
            client: client.expect("a client"),
            url: url.parse().expect("a URL"),
            runtime: crate::runtime(),
        }
    }

    /// Sends every request and reads every answer.
    pub(crate) fn turn(&self, requests: &[String]) {
        self.runtime.block_on(async {
            for body in (0..SESSIONS).flat_map(|_| requests) {
                let request = self.client.post(self.url.clone()).body(body.clone());
                let request = request.header(CONTENT_TYPE, MEDIA);
                let response = request.send().await.expect("an answer");
                let body = response.bytes().await.expect("a whole answer");
                assert!(body.ends_with(b"</SyncML>"));
            }
        });
    }
}

/// hurl with a file of six assertions: one of a header, five of paths.
pub(crate) struct Hurl {
    file: PathBuf,
}

impl Hurl {
    /// The `hurl` of the search path, if there is one.
    pub(crate) fn find(url: &str, request: &str) -> Option<Self> {
        Command::new("hurl").arg("--version").output().ok()?;
        let here = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = |path: &str| {
            let steps = path
                .split('/')
                .map(|name| format!("/*[local-name()='{name}']"));
            format!("xpath \"string({})\"", steps.collect::<String>())
        };
        let text = format!(
            "POST {url}\nContent-Type: {MEDIA}\nfile,exchange.xml;\nHTTP 200\n[Asserts]\n\
             header \"Content-Type\" == \"{MEDIA}\"\n{} == \"1\"\n{} == \"2\"\n{} == \"DM/1.2\"\n\
             {} == \"200\"\n{} == \"./DevDetail/Ext/Item2/7\"\n",
            path("SyncML/SyncHdr/SessionID"),
            path("SyncML/SyncHdr/MsgID"),
            path("SyncML/SyncHdr/VerProto"),
            path("SyncML/SyncBody/Status/Data"),
            path("SyncML/SyncBody/Get/Item/Target/LocURI"),
        );
        let file = here.join("exchange.hurl");
        std::fs::write(here.join("exchange.xml"), request).expect("the scratch directory");
        std::fs::write(&file, text).expect("the scratch directory");
        Some(Self { file })
    }

    /// As many exchanges as a turn of the others has, in one process.
    pub(crate) fn turn(&self) {
        let status = Command::new("hurl")
            .args(["--no-output", "--repeat"])
            .arg((SESSION * SESSIONS).to_string())
            .arg(&self.file)
            .status();
        assert!(status.expect("it was found").success());
    }
}

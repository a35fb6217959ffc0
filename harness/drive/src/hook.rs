//! Hooks: an HTTP request or a command line of the profile that makes a target do what no message
//! of the protocol asks for.
//!
//! Hooks are ordinary calls, no evidence: they go around the recorder, through a client of their
//! own. Whether what a hook was asked for came about is seen in later exchanges, not here.

use std::collections::BTreeMap;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use assay_suites::profile::{Hook, HttpHook};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Method, redirect};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::time::timeout;

use crate::target::Target;

/// The most octets kept of what a hook answered.
pub const ANSWER_BYTES: usize = 2048;

/// The values that every hook may name; empty where a step does not give them.
pub const VALUES: &[&str] = &[
    "action",
    "address",
    "auth",
    "behavior",
    "carrier",
    "collection",
    "command",
    "compression",
    "created",
    "data",
    "description",
    "destination",
    "device",
    "document",
    "enabled",
    "exclude-compressed",
    "exclude-encrypted",
    "expires",
    "extension",
    "filter",
    "flags",
    "format",
    "gateway",
    "href",
    "id",
    "imsi",
    "initiator",
    "interval",
    "kind",
    "long",
    "name",
    "nonce",
    "nonce-lost",
    "notify",
    "optional",
    "pap",
    "path",
    "pin",
    "push-id",
    "recurrence",
    "recursive",
    "required",
    "security",
    "server-auth",
    "server-id",
    "server-password",
    "server-url",
    "session-id",
    "short",
    "si-id",
    "signed",
    "size",
    "smpp",
    "source-files",
    "start-time",
    "target",
    "text",
    "type",
    "udp",
    "ui-mode",
    "utc",
    "version",
    "xml",
];

/// How long the output of a command is awaited after its end, in case a child of it holds on to it.
const REST: Duration = Duration::from_millis(200);

/// Calls a hook with these values filled in, and gives what it answered, cut to [`ANSWER_BYTES`].
///
/// # Errors
/// In words: a name that no value has, a request that got no 2xx, a command that did not start or
/// did not end with 0, or a deadline that passed. A command is killed then.
pub async fn call(
    hook: &Hook,
    values: &BTreeMap<String, String>,
    target: &Target,
) -> Result<String, String> {
    let answer = call_whole(hook, values, target, ANSWER_BYTES).await;
    answer.map(|octets| cut(&octets))
}

/// The same, with so many octets of the answer as they are.
pub(crate) async fn call_whole(
    hook: &Hook,
    values: &BTreeMap<String, String>,
    target: &Target,
    most: usize,
) -> Result<Vec<u8>, String> {
    let mut known: BTreeMap<&str, &str> = VALUES.iter().map(|name| (*name, "")).collect();
    let origin = target.origin();
    known.insert("origin", &origin);
    known.extend(
        values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let limit = target.limits.timeout;
    let called = async {
        match hook {
            Hook::Http(http) => request(http, &known, target, most).await,
            Hook::Run(words) => run(words, &known, most).await,
        }
    };
    timeout(limit, called).await.unwrap_or_else(|_| {
        Err(format!(
            "the hook did not end within {} ms",
            limit.as_millis()
        ))
    })
}

/// Fills in `${name}`, and `${json:name}` with what JSON escapes.
fn fill(text: &str, known: &BTreeMap<&str, &str>) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((hole, after)) = behind.split_once('}') else {
            return Err(format!("`${{{behind}` in the hook has no end"));
        };
        let (name, escaped) = match hole.strip_prefix("json:") {
            Some(name) => (name, true),
            None => (hole, false),
        };
        let Some(value) = known.get(name) else {
            let names: Vec<&str> = known.keys().copied().collect();
            let names = names.join(", ");
            return Err(format!(
                "the hook names ${{{hole}}}, but the names are {names}"
            ));
        };
        if escaped {
            let quoted = serde_json::Value::from(*value).to_string();
            let inner = quoted
                .strip_prefix('"')
                .and_then(|text| text.strip_suffix('"'));
            filled.push_str(inner.unwrap_or(&quoted));
        } else {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

async fn request(
    hook: &HttpHook,
    known: &BTreeMap<&str, &str>,
    target: &Target,
    most: usize,
) -> Result<Vec<u8>, String> {
    let url = fill(&hook.url, known)?;
    let tls = target
        .tls
        .ordinary()
        .map_err(|error| format!("cannot set up TLS: {error}"))?;
    let client = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .tls_backend_preconfigured(tls)
        .build()
        .map_err(|error| deepest(&error))?;
    let method = hook.method.as_deref().unwrap_or("POST");
    let method =
        Method::from_bytes(method.as_bytes()).map_err(|_| format!("no method: {method}"))?;
    let mut request = client.request(method.clone(), &url);
    for (name, value) in &hook.headers {
        let value = fill(value, known)?;
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_str(&value).ok());
        let Some((name, value)) = parsed else {
            return Err(format!("no header field: {name}"));
        };
        request = request.header(name, value);
    }
    if let Some(body) = &hook.body {
        request = request.body(fill(body, known)?);
    }
    let place = format!("{method} {url}");
    let mut response = request
        .send()
        .await
        .map_err(|error| format!("{place}: {}", deepest(&error)))?;
    let status = response.status();
    let mut answer = Vec::new();
    while answer.len() < most {
        match response.chunk().await {
            Ok(Some(octets)) => answer.extend_from_slice(&octets),
            Ok(None) => break,
            Err(error) => return Err(format!("{place}: {}", deepest(&error))),
        }
    }
    if status.is_success() {
        answer.truncate(most);
        return Ok(answer);
    }
    Err(format!("{place}: {status}{}", told(&cut(&answer))))
}

async fn run(
    words: &[String],
    known: &BTreeMap<&str, &str>,
    most: usize,
) -> Result<Vec<u8>, String> {
    let words: Vec<String> = words
        .iter()
        .map(|word| fill(word, known))
        .collect::<Result<_, _>>()?;
    let Some((program, arguments)) = words.split_first() else {
        return Err("the command line of the hook is empty".to_owned());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let status = {
        let output = async {
            tokio::join!(
                keep(out, &mut said, most),
                keep(err, &mut complained, ANSWER_BYTES)
            );
        };
        tokio::pin!(output);
        let status = tokio::select! {
            status = child.wait() => {
                // Past this the command is over, whoever else still holds its output open.
                let _ = timeout(REST, &mut output).await;
                status
            }
            () = &mut output => child.wait().await,
        };
        status.map_err(|error| format!("{program}: {error}"))?
    };
    if status.success() {
        return Ok(said);
    }
    let words = if complained.is_empty() {
        &said
    } else {
        &complained
    };
    Err(format!(
        "{program} ended with {}{}",
        ending(status),
        told(&cut(words))
    ))
}

/// Reads all, and keeps as much as an answer may have.
async fn keep(from: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>, most: usize) {
    let Some(mut from) = from else { return };
    let mut buffer = [0; 1024];
    while let Ok(len @ 1..) = from.read(&mut buffer).await {
        let room = most.saturating_sub(kept.len()).min(len);
        kept.extend_from_slice(buffer.get(..room).unwrap_or_default());
    }
}

fn ending(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| status.to_string(), |code| code.to_string())
}

/// An answer as text, trimmed, cut to [`ANSWER_BYTES`].
pub(crate) fn cut(octets: &[u8]) -> String {
    let octets = octets.get(..ANSWER_BYTES).unwrap_or(octets);
    let mut text = String::from_utf8_lossy(octets).trim().to_owned();
    text.truncate(text.floor_char_boundary(ANSWER_BYTES));
    text
}

fn told(answer: &str) -> String {
    if answer.is_empty() {
        return String::new();
    }
    format!(": {answer}")
}

/// The innermost of an error and its causes, which is the one that says what happened.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use assay_suites::profile::Profile;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    fn target(url: &str) -> Target {
        let mut profile = Profile::default();
        profile.target.url = Some(url.to_owned());
        profile.limits.timeout_ms = Some(2_000);
        Target::from_profile(&profile).unwrap()
    }

    fn values() -> BTreeMap<String, String> {
        let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        BTreeMap::from([value("device", "assay-a"), value("data", "a \"b\"\n")])
    }

    fn command(words: &[&str]) -> Hook {
        Hook::Run(words.iter().map(|word| (*word).to_owned()).collect())
    }

    /// Takes one request, answers with `answer`, and gives what was asked.
    async fn once(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"!") {
                let mut buffer = [0; 1024];
                let len = stream.read(&mut buffer).await.unwrap();
                asked.extend_from_slice(&buffer[..len]);
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(asked).unwrap()
        });
        (origin, served)
    }

    fn http() -> Hook {
        Hook::Http(HttpHook {
            method: None,
            url: "${origin}/queue/${device}".to_owned(),
            headers: BTreeMap::from([("x-kind".to_owned(), "<${kind}>".to_owned())]),
            body: Some("{\"data\": \"${json:data}\"}!".to_owned()),
        })
    }

    #[tokio::test]
    async fn a_request_has_its_values_filled_in() {
        let answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok";
        let (origin, served) = once(answer).await;
        let target = target(&format!("{origin}/dm?x"));
        assert_eq!(call(&http(), &values(), &target).await, Ok("ok".to_owned()));
        let asked = served.await.unwrap();
        assert!(
            asked.starts_with("POST /queue/assay-a HTTP/1.1\r\n"),
            "{asked}"
        );
        assert!(asked.contains("x-kind: <>\r\n"), "{asked}");
        assert!(asked.ends_with(r#"{"data": "a \"b\"\n"}!"#), "{asked}");
    }

    #[tokio::test]
    async fn only_2xx_is_success_and_redirects_are_not_followed() {
        let answer = "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 4\r\n\r\nthis";
        let (origin, served) = once(answer).await;
        let error = call(&http(), &values(), &target(&origin))
            .await
            .unwrap_err();
        assert_eq!(
            error,
            format!("POST {origin}/queue/assay-a: 302 Found: this")
        );
        served.await.unwrap();
    }

    #[tokio::test]
    async fn an_unknown_name_is_answered_with_the_known_ones() {
        let hook = command(&["true", "${devise}"]);
        let mut names = VALUES.to_vec();
        names.push("origin");
        names.sort_unstable();
        let error = call(&hook, &values(), &target("http://host/")).await;
        assert_eq!(
            error.unwrap_err(),
            format!(
                "the hook names ${{devise}}, but the names are {}",
                names.join(", ")
            )
        );
        let error = call(&command(&["${open"]), &values(), &target("http://host/")).await;
        assert_eq!(error.unwrap_err(), "`${open` in the hook has no end");
    }

    #[tokio::test]
    async fn a_command_gets_words_and_no_shell() {
        let (target, values) = (target("http://host:1/dm"), values());
        let run = async |words: &[&str]| call(&command(words), &values, &target).await;
        assert_eq!(
            run(&["printf", "%s|%s", "$HOME; ${device}", "${origin}"]).await,
            Ok("$HOME; assay-a|http://host:1".to_owned())
        );
        assert_eq!(
            run(&["sh", "-c", "echo no >&2; exit 3"]).await,
            Err("sh ended with 3: no".to_owned())
        );
        let none = run(&["/no/such/program"]).await.unwrap_err();
        assert!(none.starts_with("cannot run /no/such/program: "), "{none}");
        let long = run(&["head", "-c", "100000", "/dev/zero"]).await.unwrap();
        assert_eq!(long.len(), ANSWER_BYTES);
    }

    #[test]
    fn a_value_that_is_quoted_itself_stays_whole() {
        let known = BTreeMap::from([("data", "\"x\"")]);
        assert_eq!(
            fill("[\"${json:data}\"]", &known),
            Ok(r#"["\"x\""]"#.to_owned())
        );
    }

    #[tokio::test]
    async fn a_command_that_does_not_end_is_killed_at_the_deadline() {
        let mut target = target("http://host/");
        target.limits.timeout = Duration::from_millis(50);
        let start = Instant::now();
        let error = call(&command(&["sleep", "30"]), &values(), &target).await;
        assert_eq!(error.unwrap_err(), "the hook did not end within 50 ms");
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}

//! Hooks and gateway told nonsense: they refuse it, and go on.

use super::http::{Http, Request};
use super::{peer, runtime};

fn post(http: &mut Http, target: &str, media: &str, body: &[u8]) -> u16 {
    let request = Request {
        method: "POST",
        target: target.to_owned(),
        version: "HTTP/1.1",
        fields: vec![("Content-Type", media.to_owned())],
        body,
        chunked: false,
    };
    http.send(target, &request)
        .map_or(0, |response| response.status)
}

#[test]
fn hooks_refuse_what_they_cannot_do() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut http = Http::new(&peer.cp_admin, |_| (String::new(), None));
    let push = "/admin/cp/push-document";
    let file = "\"device\":\"a\",\"carrier\":\"file\"";
    let long = "9".repeat(300);
    for (target, body, status) in [
        (push, String::new(), 400),
        (push, "[]".to_owned(), 400),
        (
            push,
            "{\"device\":\"a\",\"colour\":\"blue\"}".to_owned(),
            400,
        ),
        (push, "{\"device\":{}}".to_owned(), 400),
        (push, "{\"carrier\":\"file\"}".to_owned(), 400),
        (
            push,
            "{\"device\":\"a\",\"carrier\":\"pigeon\"}".to_owned(),
            400,
        ),
        (push, "{\"device\":\"a\"}".to_owned(), 400),
        (push, format!("{{{file}}}"), 200),
        (push, format!("{{{file},\"name\":\"nothing\"}}"), 400),
        (push, format!("{{{file},\"security\":\"rot13\"}}"), 400),
        (push, format!("{{{file},\"security\":\"netwpin\"}}"), 400),
        (
            push,
            format!("{{{file},\"security\":\"userpin\",\"pin\":\"é\"}}"),
            400,
        ),
        (
            push,
            format!("{{{file},\"security\":\"userpinmac\",\"pin\":\"{long}\"}}"),
            400,
        ),
        (push, format!("{{{file},\"imsi\":\"{long}\"}}"), 400),
        (push, format!("{{{file},\"document\":\"<a>\"}}"), 400),
        (push, format!("{{{file},\"document\":\"no XML\"}}"), 400),
        (push, format!("{{{file},\"initiator\":\"a\\nb\"}}"), 400),
        ("/admin/cp/push-sl", format!("{{{file}}}"), 400),
        (
            "/admin/cp/push-si",
            format!("{{{file},\"created\":\"tomorrow\"}}"),
            200,
        ),
        (
            "/admin/cp/trigger-dm",
            format!("{{{file},\"session-id\":\"0\"}}"),
            400,
        ),
        (
            "/admin/cp/trigger-dm",
            format!("{{{file},\"session-id\":\"0x10000\"}}"),
            400,
        ),
        (
            "/admin/cp/trigger-dm",
            format!("{{{file},\"ui-mode\":\"loud\"}}"),
            400,
        ),
        (
            "/admin/cp/trigger-dm",
            format!("{{{file},\"nonce\":\"*\"}}"),
            400,
        ),
        (
            "/admin/cp/trigger-dm",
            format!("{{{file},\"server-id\":\"{long}\"}}"),
            200,
        ),
        (
            "/admin/cp/publish-package",
            "{\"name\":\"../x\"}".to_owned(),
            400,
        ),
        (
            "/admin/cp/publish-package",
            "{\"extension\":\"exe\"}".to_owned(),
            400,
        ),
        (
            "/admin/cp/publish-package",
            "{\"compression\":\"lzx\"}".to_owned(),
            400,
        ),
        (
            "/admin/cp/publish-package",
            "{\"signed\":\"perhaps\"}".to_owned(),
            400,
        ),
        ("/admin/cp/nothing", "{}".to_owned(), 404),
        ("/admin/ppg/route", "{}".to_owned(), 400),
        (
            "/admin/ppg/route",
            "{\"device\":\"a\",\"carrier\":\"pap\"}".to_owned(),
            400,
        ),
        ("/admin/ppg/nothing", "{}".to_owned(), 404),
        ("/admin/ppg/reset", String::new(), 200),
    ] {
        assert_eq!(
            post(&mut http, target, "application/json", body.as_bytes()),
            status,
            "{body}"
        );
    }
}

#[test]
fn a_gateway_that_is_not_there_is_said() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut http = Http::new(&peer.cp_admin, |_| (String::new(), None));
    // Nobody listens on the port of a listener that has gone.
    let gone = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a listener");
        listener.local_addr().expect("an address")
    };
    for (carrier, gateway, status) in [
        ("smpp", gone.to_string(), 502),
        ("pap", format!("http://{gone}/"), 502),
        ("pap", "https://127.0.0.1/".to_owned(), 400),
        ("pap", "http://a b/".to_owned(), 400),
        ("udp", "nowhere".to_owned(), 502),
        // The answer of something that is no gateway.
        ("pap", peer.dm.clone(), 200),
    ] {
        let body =
            format!("{{\"device\":\"a\",\"carrier\":\"{carrier}\",\"gateway\":\"{gateway}\"}}");
        let target = "/admin/cp/push-document";
        assert_eq!(
            post(&mut http, target, "application/json", body.as_bytes()),
            status,
            "{body}"
        );
    }
}

#[test]
fn the_gateway_answers_whatever_is_submitted() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut http = Http::new(&peer.ppg, |_| (String::new(), None));
    let long = vec![b'<'; 200_000];
    let deep = b"<a>".repeat(50_000);
    for body in [&b""[..], b"--", b"\xFF\xFE", &long, &deep] {
        for media in [
            "",
            "application/xml",
            "multipart/related; boundary=b; type=x",
            "é",
        ] {
            assert_eq!(post(&mut http, "/ppg", media, body), 202, "{media}");
        }
    }
    let huge = vec![b' '; (1 << 20) + 1];
    assert_eq!(post(&mut http, "/ppg", "application/xml", &huge), 413);
    assert_eq!(
        post(&mut http, "/pap/notify", "application/xml", b"<a"),
        200
    );
}

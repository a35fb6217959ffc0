//! The options around a message: HTTP, and how WBXML is written.

use assay_suites::profile::Profile;
use assay_wire::http::{Framing, Request};
use rstest::rstest;

use crate::script::{Played, Reply, closing, message_from, play, status};

async fn one(http: &str, edit: fn(&mut Profile)) -> Request {
    let steps = format!("- package-1: {{http: {http}}}").leak();
    let mut play = play(steps, vec![closing(1)]);
    play.edit = edit;
    play.run().await.requests.remove(0)
}

fn field<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.field(name).map(|field| field.value.as_str())
}

#[tokio::test]
async fn method_query_and_version_are_as_told() {
    let request = one(
        "{method: PUT, query: mode=Maintenance, version: '1.0'}",
        |_| {},
    )
    .await;
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("PUT", "/dm?mode=Maintenance")
    );
    assert_eq!(request.version, 0);
}

#[tokio::test]
async fn fields_are_added_replaced_and_taken_out() {
    let fields = "{headers: {accept: text/xml, X-More: '1', User-Agent: ''}}";
    let request = one(fields, |_| {}).await;
    assert_eq!(field(&request, "Accept"), Some("text/xml"));
    assert_eq!(field(&request, "X-More"), Some("1"));
    assert_eq!(field(&request, "User-Agent"), None);
    assert_eq!(
        field(&request, "Content-Type"),
        Some("application/vnd.syncml.dm+xml")
    );
    let length = request.body.octets.len().to_string();
    assert_eq!(field(&request, "Content-Length"), Some(length.as_str()));
}

#[tokio::test]
async fn a_body_may_come_in_chunks() {
    let request = one("{framing: chunked}", |_| {}).await;
    assert_eq!(request.body.framing, Framing::Chunked);
    assert_eq!(field(&request, "Content-Length"), None);
    assert!(request.body.octets.ends_with(b"</SyncML>"));
}

#[tokio::test]
async fn what_the_profile_adds_is_on_every_request() {
    let request = one("{query: b=2}", |profile| {
        profile.target.query = Some("a=1".to_owned());
        profile
            .target
            .headers
            .insert("X-Token".to_owned(), "t".to_owned());
    })
    .await;
    assert_eq!(request.target, "/dm?a=1&b=2");
    assert_eq!(field(&request, "X-Token"), Some("t"));
}

#[tokio::test]
async fn what_the_profile_adds_stays_at_home() {
    // Another port is another origin: whoever listens there is not the target of the profile.
    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let port = elsewhere.local_addr().expect("an address").port();
    let uri = format!("http://127.0.0.1:{port}/dm");
    let body = format!(
        "{}<Get><CmdID>2</CmdID><Item><Target><LocURI>.</LocURI></Target></Item></Get><Final/>",
        status(1, 200)
    );
    let mut play = play(
        "- package-1: {}\n- answer: {}",
        vec![message_from(1, &uri, &body)],
    );
    play.edit = |profile| {
        profile.target.query = Some("a=1".to_owned());
        profile
            .target
            .headers
            .insert("X-Token".to_owned(), "t".to_owned());
        profile.limits.timeout_ms = Some(2_000);
    };
    let other = tokio::spawn(async move {
        use tokio::io::AsyncReadExt;
        let (mut stream, _) = elsewhere.accept().await.expect("a connection");
        let mut buffer = vec![0; 16 * 1024];
        let read = stream.read(&mut buffer).await.expect("a request");
        String::from_utf8_lossy(&buffer[..read]).into_owned()
    });
    play.run().await;
    let request = other.await.expect("a request");
    assert!(request.starts_with("POST /dm HTTP/1.1\r\n"), "{request}");
    assert!(!request.contains("X-Token"), "{request}");
}

#[tokio::test]
async fn connections_are_kept_unless_told_otherwise() {
    let links = |played: &Played| played.recording.links.len();
    let steps = "- package-1: {}\n- package-1: {}";
    assert_eq!(
        links(&play(steps, vec![closing(1), closing(1)]).run().await),
        1
    );
    let steps = "- package-1: {}\n- package-1: {http: {new-connection: true}}";
    assert_eq!(
        links(&play(steps, vec![closing(1), closing(1)]).run().await),
        2
    );
}

#[rstest]
#[case("{}", &[0x02, 0xA4, 0x01, 0x6A, 0x00])]
#[case("{version: '1.1'}", &[0x01, 0xA4, 0x01, 0x6A, 0x00])]
#[case("{version: '1.3'}", &[0x03, 0xA4, 0x01, 0x6A, 0x00])]
#[case("{public-id: other-version}", &[0x02, 0x9F, 0x53, 0x6A, 0x00])]
#[case("{public-id: text}", &[0x02, 0x00, 0x00, 0x6A, 0x1E, b'-', b'/', b'/', b'S'])]
#[tokio::test]
async fn wbxml_begins_as_told(#[case] wbxml: &str, #[case] start: &[u8]) {
    let request = one_in_wbxml(wbxml).await;
    assert_eq!(&request.body.octets[..start.len()], start);
}

#[rstest]
#[case("{strings: table}", false, true)]
#[case("{strings: opaque}", true, false)]
#[case("{strings: mixed}", true, true)]
#[tokio::test]
async fn wbxml_strings_stand_where_they_are_told(
    #[case] wbxml: &str,
    #[case] opaque: bool,
    #[case] table: bool,
) {
    let octets = one_in_wbxml(wbxml).await.body.octets;
    // OPAQUE with the length of a short text, and the length of the string table.
    assert_eq!(
        octets.windows(2).any(|two| two[0] == 0xC3 && two[1] < 0x40),
        opaque
    );
    assert_eq!(octets[4] > 0, table);
}

#[tokio::test]
async fn wbxml_may_switch_pages_and_close_elements_more_than_it_needs() {
    let plain = one_in_wbxml("{}").await.body.octets.len();
    for wbxml in ["{redundant-switches: true}", "{empty-with-content: true}"] {
        assert!(
            one_in_wbxml(wbxml).await.body.octets.len() > plain,
            "{wbxml}"
        );
    }
}

#[tokio::test]
async fn a_wbxml_version_that_nobody_knows_is_no_request() {
    let mut play = play("- package-1: {wbxml: {version: '9'}}", Vec::<Reply>::new());
    play.encoding = "wbxml";
    let stuck = play.run().await.stuck();
    assert_eq!(
        stuck,
        Some((0, "no WBXML version \"9\" is known".to_owned()))
    );
}

async fn one_in_wbxml(wbxml: &str) -> Request {
    let steps = format!("- package-1: {{wbxml: {wbxml}}}").leak();
    let mut play = play(steps, vec![closing(1)]);
    play.encoding = "wbxml";
    play.run().await.requests.remove(0)
}

//! Tests of the management tree: what each command does, with its status code.

use super::*;

fn tree() -> Tree {
    let mut tree = Tree::of_device(Version::V1_2, "IMEI:1", "http://s/dm");
    tree.plant("./Vendor/Name", "old");
    tree
}

fn text(tree: &Tree, uri: &str) -> Result<String, u32> {
    tree.get(uri)
        .map(|found| String::from_utf8_lossy(&found.octets).into_owned())
}

fn given(text: &str) -> Given<'_> {
    Given {
        octets: text.as_bytes(),
        ..Given::default()
    }
}

#[test]
fn both_forms_of_a_uri_name_the_same_node() {
    assert_eq!(text(&tree(), "./DevInfo/DevId"), Ok("IMEI:1".to_owned()));
    assert_eq!(text(&tree(), "DevInfo/DevId"), Ok("IMEI:1".to_owned()));
}

#[test]
fn an_interior_node_lists_its_children() {
    let found = tree().get("./DevInfo").expect("a node");
    assert_eq!(&found.octets[..], b"DevId/DmV/Lang/Man/Mod");
    assert_eq!(found.format.as_deref(), Some("node"));
    assert_eq!(
        text(&tree(), "."),
        Ok("DevDetail/DevInfo/SyncML/Vendor".to_owned())
    );
}

#[test]
fn what_is_no_uri_is_not_found() {
    for uri in [
        "",
        "./A//B",
        "./Vendor/",
        "../Vendor",
        "./Vendor/../DevInfo",
        "/Vendor",
    ] {
        assert_eq!(text(&tree(), uri), Err(404), "{uri}");
    }
}

#[test]
fn properties_are_read_and_some_are_written() {
    let mut tree = tree();
    assert_eq!(
        text(&tree, "./Vendor/Name?prop=Format"),
        Ok("chr".to_owned())
    );
    assert_eq!(text(&tree, "./Vendor?prop=Format"), Ok("node".to_owned()));
    assert_eq!(text(&tree, "./Vendor/Name?prop=Size"), Ok("3".to_owned()));
    assert_eq!(text(&tree, ".?prop=ACL"), Ok("Add=*&Get=*".to_owned()));
    assert_eq!(text(&tree, "./Vendor/Name?prop=VerNo"), Err(406));
    assert_eq!(text(&tree, "./Vendor?list=Struct"), Err(406));
    assert_eq!(tree.replace("./Vendor?prop=ACL", given("Get=*")), 200);
    assert_eq!(text(&tree, "./Vendor?prop=ACL"), Ok("Get=*".to_owned()));
    assert_eq!(tree.replace("./Vendor?prop=Size", given("1")), 405);
    assert_eq!(tree.replace("./Vendor?prop=Nonsense", given("1")), 406);
    assert_eq!(tree.replace("./Vendor/Name?prop=Name", given("Title")), 200);
    assert_eq!(text(&tree, "./Vendor/Title"), Ok("old".to_owned()));
    assert_eq!(tree.replace("./Vendor?prop=Name", given("DevInfo")), 418);
    assert_eq!(tree.replace("./DevInfo?prop=Name", given("Other")), 405);
}

#[test]
fn add_makes_what_leads_to_the_node() {
    let mut tree = tree();
    assert_eq!(tree.add("./Vendor/Deep/Down", given("1")), 200);
    assert_eq!(text(&tree, "./Vendor/Deep"), Ok("Down".to_owned()));
    assert_eq!(tree.add("./Vendor/Deep/Down", given("1")), 418);
    assert_eq!(
        tree.add("./Vendor/Name/Below", given("1")),
        405,
        "the parent is a leaf"
    );
    assert_eq!(tree.add("./DevInfo/More", given("1")), 405);
    let node = Given {
        format: Some("node"),
        ..Given::default()
    };
    assert_eq!(tree.add("./Vendor/Interior", node), 200);
    assert_eq!(
        text(&tree, "./Vendor/Interior?prop=Format"),
        Ok("node".to_owned())
    );
}

#[test]
fn values_fit_their_format() {
    let mut tree = tree();
    let with = |format, text| Given {
        format: Some(format),
        ..given(text)
    };
    assert_eq!(tree.add("./Vendor/Int", with("int", "seven")), 415);
    assert_eq!(tree.add("./Vendor/Int", with("int", "7")), 200);
    assert_eq!(tree.add("./Vendor/Bool", with("bool", "1")), 415);
    assert_eq!(tree.add("./Vendor/Odd", with("odd", "1")), 415);
    assert_eq!(tree.add("./Vendor/Bin", with("b64", "Tm9uY2U=")), 200);
    assert_eq!(text(&tree, "./Vendor/Bin"), Ok("Nonce".to_owned()));
    assert_eq!(
        text(&tree, "./Vendor/Bin?prop=Format"),
        Ok("bin".to_owned())
    );
    let tnds = Given {
        media: Some("application/vnd.syncml.dmtnds+xml"),
        ..given("<MgmtTree/>")
    };
    assert_eq!(tree.add("./Vendor/Tnds", tnds), 415);
}

#[test]
fn what_is_permanent_stays() {
    let mut tree = tree();
    for uri in [
        ".",
        "./DevInfo",
        "./DevInfo/DevId",
        "./DevDetail",
        "./SyncML/DMAcc",
    ] {
        assert_eq!(tree.delete(uri), 405, "{uri}");
    }
    assert_eq!(tree.replace("./DevInfo/Man", given("Other")), 405);
    assert_eq!(tree.delete("./Vendor"), 200);
    assert_eq!(tree.delete("./Vendor"), 404);
    assert_eq!(tree.replace("./Vendor/Name", given("new")), 404);
}

#[test]
fn what_a_vendor_adds_may_change() {
    let mut tree = tree();
    assert_eq!(tree.replace("./DevDetail/Ext/Note", given("two")), 200);
    assert_eq!(tree.add("./DevDetail/Ext/More", given("x")), 200);
    assert_eq!(tree.delete("./DevDetail/Ext/More"), 200);
    assert_eq!(tree.delete("./DevDetail/Ext"), 405);
}

#[test]
fn copies_go_from_leaf_to_leaf() {
    let mut tree = tree();
    assert_eq!(tree.copy("./Vendor/Name", "./Vendor/Copy"), 200);
    assert_eq!(text(&tree, "./Vendor/Copy"), Ok("old".to_owned()));
    assert_eq!(tree.copy("./DevInfo/DevId", "./Vendor/Copy"), 200);
    assert_eq!(text(&tree, "./Vendor/Copy"), Ok("IMEI:1".to_owned()));
    assert_eq!(tree.copy("./Vendor", "./Other"), 405);
    assert_eq!(tree.copy("./Nothing", "./Other"), 404);
    assert_eq!(tree.copy("./Vendor/Name", "./DevInfo/Man"), 403);
}

#[test]
fn secrets_are_not_read() {
    let secret = "./SyncML/DMAcc/assay/AppAuth/1/AAuthSecret";
    assert_eq!(text(&tree(), secret), Err(405));
    assert_eq!(tree().copy(secret, "./Vendor/Stolen"), 405);
    let mut old = Tree::of_device(Version::V1_1, "IMEI:1", "http://s/dm");
    assert_eq!(text(&old, "./SyncML/DMAcc/assay/ClientPW"), Err(405));
    assert_eq!(
        old.replace("./SyncML/DMAcc/assay/ClientPW", given("new")),
        200
    );
}

#[test]
fn limits_of_the_device_hold() {
    let mut tree = tree();
    tree.plant("./DevDetail/URI/MaxDepth", "2");
    tree.plant("./DevDetail/URI/MaxSegLen", "6");
    assert_eq!(tree.add("./Vendor/A/B", given("")), 414);
    assert_eq!(tree.add("./Vendor/Longest", given("")), 414);
    assert_eq!(tree.add("./Vendor/Short", given("")), 200);
}

#[test]
fn a_server_cannot_fill_it_without_end() {
    let mut tree = tree();
    let large = "x".repeat(1 << 20);
    let codes: Vec<u32> = (0..6)
        .map(|n| tree.add(&format!("./Large/{n}"), given(&large)))
        .collect();
    assert_eq!(codes, [200, 200, 200, 420, 420, 420]);
    assert_eq!(tree.copy("./Large/0", "./Large/7"), 420);
    let before = tree.size_of_all();
    assert_eq!(tree.delete("./Large"), 200);
    assert!(tree.size_of_all().1 < before.1);
    let codes = (0..5_000).map(|n| tree.add(&format!("./Many/{n}"), given("")));
    assert!(codes.filter(|&code| code == 420).count() > 0);
    assert_eq!(tree.add(&"a/".repeat(100_000)[..199_999], given("")), 414);
    assert_eq!(tree.size_of_all(), tree.root.size(), "the sums are kept");
}

impl Tree {
    fn size_of_all(&self) -> (usize, usize) {
        (self.nodes, self.octets)
    }
}

mod any_server {
    use proptest::prelude::*;

    use super::*;

    fn uri() -> impl Strategy<Value = String> {
        let segment = prop_oneof![
            "[ab]",
            Just(String::new()),
            Just("..".into()),
            Just("Vendor".into())
        ];
        let path = prop::collection::vec(segment, 0..4).prop_map(|names| names.join("/"));
        let end = prop_oneof![
            4 => Just(""),
            1 => prop_oneof![Just("?prop=Name"), Just("?prop=ACL"), Just("?list=Struct"), Just("?")],
        ];
        (
            prop_oneof![Just("./"), Just(""), Just("./Vendor/")],
            path,
            end,
        )
            .prop_map(|(root, path, end)| format!("{root}{path}{end}"))
    }

    proptest! {
        #[test]
        fn keeps_the_sums(steps in prop::collection::vec((0..6, uri(), uri(), ".{0,8}"), 0..40)) {
            let mut tree = tree();
            for (kind, one, other, data) in &steps {
                let format = if data.is_empty() { Some("node") } else { None };
                let given = Given { format, ..given(data) };
                let code = match kind {
                    0 => tree.add(one, given),
                    1 => tree.replace(one, given),
                    2 => tree.delete(one),
                    3 => tree.copy(one, other),
                    4 => tree.exec(one),
                    _ => tree.get(one).map_or_else(|code| code, |_| 200),
                };
                prop_assert!((200..600).contains(&code));
                prop_assert_eq!(tree.size_of_all(), tree.root.size(), "after {} {}", kind, one);
            }
        }
    }
}

//! Reports: what stands on the device, what it is made of, and which files an order finds.

use rstest::rstest;

use crate::script::{Played, play, poll_response_with, taken};

#[rstest]
#[case("software", "{kind: software}")]
#[case("software_nested", "{kind: software, nested: true, bare: true}")]
#[case("machine", "{kind: machine}")]
#[case(
    "machine_odd",
    "{kind: machine, repeated-items: true, unknown-items: true, bare: true, declaration: true, \
     namespace: true}"
)]
#[case("file", "{kind: file}")]
#[case(
    "file_named",
    "{kind: file, name: '\\Apps\\a b.bin', body: 'one\ttwo'}"
)]
#[tokio::test]
async fn a_report_says_what_it_is(#[case] name: &str, #[case] options: &str) {
    let steps = format!("- report: {options}");
    let played = play(&steps, vec![taken()]).run().await;
    insta::assert_snapshot!(format!("report_{name}"), played.transcript());
    assert_eq!(played.lawful(), [true]);
}

#[rstest]
#[case("{kind: file, name: ''}", false)]
#[case("{kind: file, name: 'caf\u{e9}'}", false)]
#[case(
    "{kind: software, http: {headers: {X-Device-ReportType: Other}}}",
    false
)]
#[case("{kind: software, http: {headers: {Content-Type: text/plain}}}", true)]
#[tokio::test]
async fn only_what_an_agent_may_report_is_lawful(#[case] options: &str, #[case] lawful: bool) {
    let steps = format!("- report: {options}");
    let played = play(&steps, vec![taken()]).run().await;
    assert_eq!(played.lawful(), [lawful]);
}

async fn ordered(settings: &str) -> Played {
    let mut replies = vec![poll_response_with(settings, &[])];
    replies.extend(vec![taken(); 20]);
    let played = play("- sync: {}", replies).run().await;
    assert_eq!(played.stuck(), None);
    assert!(played.lawful().iter().all(|lawful| *lawful));
    played
}

fn filter(path: &str, pattern: &str, more: &str) -> String {
    format!("<FileFilterItem><Filter>{pattern}</Filter><Path>{path}</Path>{more}</FileFilterItem>")
}

#[tokio::test]
async fn an_inventory_has_what_its_filters_find() {
    let settings = format!(
        "<SoftwareInventorySettings><Enabled>True</Enabled>{}</SoftwareInventorySettings>",
        filter("\\Apps", "*.d*", "<Recursive>true</Recursive>")
    );
    let played = ordered(&settings).await;
    assert_eq!(played.asked(), ["Poll", "Report SoftwareInventory"]);
    let body = String::from_utf8_lossy(&played.requests[1].body.octets).into_owned();
    insta::assert_snapshot!("ordered_software", body.replace("><", ">\n<"));
}

#[tokio::test]
async fn what_several_filters_find_is_below_the_root() {
    let settings = format!(
        "<SoftwareInventorySettings><Enabled>1</Enabled>{}{}{}</SoftwareInventorySettings>",
        filter(
            "\\Storage",
            "*",
            "<ExcludeEncrypted>true</ExcludeEncrypted>"
        ),
        filter("\\Apps\\lib", "*.dll", ""),
        filter("\\Nowhere", "*", ""),
    );
    let played = ordered(&settings).await;
    let body = String::from_utf8_lossy(&played.requests[1].body.octets).into_owned();
    let names: Vec<&str> = body
        .split("Name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .collect();
    assert_eq!(names, ["\\", "\\Apps", "\\Apps\\lib", "till.dll"]);
}

#[tokio::test]
async fn each_file_that_is_found_is_collected() {
    let settings = format!(
        "<FileCollectionSettings><Enabled>yes</Enabled>{}</FileCollectionSettings>\
         <MachineInventorySettings><Enabled>true</Enabled></MachineInventorySettings>",
        filter("\\", "*.log", "<Recursive>true</Recursive>"),
    );
    let played = ordered(&settings).await;
    let names = played.fields("X-Device-FullyQualifiedFilename");
    let names: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
    assert_eq!(names, ["\\assay.log", "\\Apps\\till.log"]);
    assert_eq!(played.requests[2].body.octets, b"hello");
    assert_eq!(played.asked()[3], "Report MachineInventory");
}

#[rstest]
#[case("<MachineInventorySettings><Enabled>false</Enabled></MachineInventorySettings>")]
#[case("<MachineInventorySettings/>")]
#[case("<MachineInventorySettings><Enabled>maybe</Enabled></MachineInventorySettings>")]
#[case("<FileCollectionSettings><Enabled>true</Enabled></FileCollectionSettings>")]
#[tokio::test]
async fn what_is_not_ordered_is_not_reported(#[case] settings: &str) {
    assert_eq!(ordered(settings).await.asked(), ["Poll"]);
}

#[tokio::test]
async fn the_inventory_of_the_hardware_names_the_generation() {
    for (generation, major) in [("4.2", "4"), ("5.0", "5"), ("6.0", "6")] {
        let played = play("- report: {kind: machine}", vec![taken()]);
        let played = played.generation(generation).run().await;
        let body = String::from_utf8_lossy(&played.requests[0].body.octets).into_owned();
        let property = format!("<Property name=\"MajorVersion\">{major}</Property>");
        assert!(body.contains(&property), "{body}");
    }
}

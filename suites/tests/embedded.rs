//! The suites and profiles of this build: they load, the linter has nothing to tell, and every id
//! is in the list of all ids.

use std::path::Path;

use assay_suites::step::{Auth, Basic, Md5, Nonce, Step};
use assay_suites::{Catalogue, Diagnostic, lint, profile};

fn embedded() -> Catalogue {
    Catalogue::embedded().unwrap_or_else(|problems| panic!("{}", told(&problems)))
}

fn told(found: &[Diagnostic]) -> String {
    found
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_linter_has_nothing_to_tell() {
    assert_eq!(told(&lint::check(&embedded())), "");
}

#[test]
fn every_id_is_in_the_list_of_all_ids() {
    let catalogue = embedded();
    if std::env::var_os("UPDATE_IDS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ids.txt");
        std::fs::write(path, lint::ids_with(&catalogue)).unwrap();
        return;
    }
    let how = "UPDATE_IDS=1 cargo test -p assay-suites";
    assert_eq!(told(&lint::check_ids(&catalogue)), "", "{how}");
}

#[test]
fn a_folder_of_suites_reads_as_the_embedded_ones_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = Catalogue::from_dir(folder).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let ids = |catalogue: &Catalogue| -> Vec<String> {
        catalogue
            .requirements()
            .map(|(_, requirement)| requirement.id.value.clone())
            .collect()
    };
    assert_eq!(ids(&read), ids(&embedded()));
}

#[test]
fn entries_are_found_by_id_with_their_place() {
    let catalogue = embedded();
    let (loaded, requirement) = catalogue
        .requirement("dm.security.challenge-has-nonce")
        .unwrap();
    assert_eq!(loaded.path, "dm/04-security.yaml");
    let (line, column) = loaded.place(&requirement.id);
    let source = loaded.source.lines().nth(line - 1).unwrap();
    assert!(source[column - 1..].starts_with("dm.security.challenge-has-nonce"));
    assert!(catalogue.case("dm.security.challenge-has-nonce").is_none());
    assert!(catalogue.case("dm.security.nonce-text-refused").is_some());
}

#[test]
fn credentials_are_a_bare_word_or_one_key() {
    let text = "assay: 1
role: dm-server
chapter: dm.small
standard: A standard
cases:
  - id: dm.small.credentials
    does: Tries credentials.
    proves: []
    steps:
      - package-1: {}
      - package-1: {auth: usual}
      - package-1: {auth: none}
      - package-1: {auth: {basic: {}}}
      - package-1: {auth: {md5: {nonce: as-text}}}
      - package-1:
          auth:
            md5:
              nonce: previous
";
    let catalogue = Catalogue::from_sources([("dm/small.yaml".to_owned(), text.to_owned())]);
    let catalogue = catalogue.unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let (_, case) = catalogue.case("dm.small.credentials").unwrap();
    let auth: Vec<&Auth> = case
        .steps
        .iter()
        .filter_map(|step| match &step.value {
            Step::Package1(package) => Some(&package.auth),
            _ => None,
        })
        .collect();
    let md5 = |nonce| {
        Auth::Md5(Md5 {
            nonce,
            ..Md5::default()
        })
    };
    let wanted = [
        &Auth::Usual,
        &Auth::Usual,
        &Auth::None,
        &Auth::Basic(Basic::default()),
        &md5(Nonce::AsText),
        &md5(Nonce::Previous),
    ];
    assert_eq!(auth, wanted);
}

#[test]
fn every_profile_of_the_suite_loads_and_names_its_schema() {
    assert!(profile::names().contains(&"reference"));
    for name in profile::names() {
        profile::embedded(name).unwrap_or_else(|problem| panic!("{problem}"));
        let path = format!("{}/profiles/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=../schema/profile.json\n"));
    }
}

#[test]
fn a_profile_is_laid_over_the_one_that_it_extends() {
    let text = "assay: 1
extends: reference
target: {url: https://dm.example/dm}
claims: {encodings: [wbxml]}
devices: [{id: phone-1, user: joe, password: {env: JOE}}]
hooks:
  reset: {run: [./reset, now]}
limits: {timeout-ms: 500}
";
    let profile = profile::read("mine.yaml", text).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(profile.target.url.as_deref(), Some("https://dm.example/dm"));
    assert_eq!(
        profile.claims.encodings.as_deref(),
        Some(&["wbxml".to_owned()][..])
    );
    assert_eq!(
        profile.claims.versions.map(|versions| versions.len()),
        Some(2)
    );
    assert_eq!(profile.devices.len(), 1);
    assert!(matches!(
        profile.hooks.get("reset"),
        Some(profile::Hook::Run(_))
    ));
    assert!(matches!(
        profile.hooks.get("queue-command"),
        Some(profile::Hook::Http(_))
    ));
    assert_eq!(profile.limits.timeout_ms, Some(500));
    assert!(profile.server.is_some());
}

#[test]
fn a_profile_without_devices_has_one_to_speak() {
    let text = "assay: 1\ntarget: {url: https://dm.example/dm}\n";
    let profile = profile::read("mine.yaml", text).unwrap_or_else(|problem| panic!("{problem}"));
    let ids: Vec<&str> = profile.devices.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["assay-a"]);
}

#[test]
fn a_bare_url_is_a_profile_that_claims_nothing() {
    let profile = profile::Profile::for_url("http://127.0.0.1:8080/dm").unwrap();
    assert!(profile.claims.versions.is_none() && profile.claims.auth.is_none());
    assert_eq!(profile.devices.len(), 1);
    assert!(
        profile
            .devices
            .iter()
            .all(|device| device.password.is_none())
    );
    assert_eq!(profile.validate(), Ok(()));
    let error = profile::Profile::for_url("127.0.0.1")
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "error: --target: a URL begins with http:// or https:// and a host, and holds no spaces"
    );
}

#[test]
fn the_files_that_a_profile_names_are_found_from_where_it_is() {
    let folder = std::env::temp_dir().join(format!("assay-beside-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("mine.yaml");
    let text = "assay: 1\ntarget: {url: 'https://a/', ca: roots.pem, client-cert: /own/client.pem}\n\
                devices: [{id: a, user: a, password: {file: secrets/a.txt}}]\n";
    std::fs::write(&file, text).expect("a file");
    let profile = profile::load(&file).expect("a profile");
    std::fs::remove_dir_all(&folder).expect("the folder");
    assert_eq!(profile.target.ca, Some(folder.join("roots.pem")));
    assert_eq!(profile.target.client_cert, Some("/own/client.pem".into()));
    let Some(profile::Secret::File(path)) = &profile.devices[0].password else {
        panic!("{:?}", profile.devices);
    };
    assert_eq!(path, &folder.join("secrets/a.txt"));
}

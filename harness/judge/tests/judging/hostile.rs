//! Whatever a target sends, judging ends, and always in the same way.

use assay_judge::Rules;
use assay_suites::Catalogue;
use assay_wire::recording::Recording;

use crate::tape::{Tape, package_1, profile, reply, status};

fn every_case(rules: &Rules, catalogue: &Catalogue, recording: &Recording) -> Vec<String> {
    let cases = catalogue.cases().take(12);
    cases
        .map(|(_, case)| {
            let judgement = assay_judge::judge(rules, catalogue, case, &profile(), recording);
            format!("{judgement:?}")
        })
        .collect()
}

fn embedded() -> (Catalogue, Rules) {
    let catalogue = Catalogue::embedded().expect("suites that load");
    let Ok(rules) = Rules::compile(&catalogue) else {
        panic!("rules that compile")
    };
    (catalogue, rules)
}

fn answer() -> Vec<u8> {
    let command = "<Atomic><CmdID>3</CmdID><Meta><Format xmlns=\"syncml:metinf\">b64</Format></Meta>\
                   <Get><CmdID>4</CmdID><Item><Target><LocURI>./A?prop=ACL</LocURI></Target></Item>\
                   </Get></Atomic><Final/>";
    let first = status("1", "0", "SyncHdr", "212");
    let body = reply(
        "1",
        &format!("{first}{}{command}", status("2", "1", "Alert", "200")),
    );
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.syncml.dm+xml\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn recorded(octets: &[u8]) -> Recording {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive_octets(octets);
    tape.done()
}

#[test]
fn an_answer_that_ends_anywhere_is_judged() {
    let (catalogue, rules) = embedded();
    let answer = answer();
    let case = catalogue.cases().next().expect("a case").1;
    for end in 0..answer.len() {
        let recording = recorded(&answer[..end]);
        assay_judge::judge(&rules, &catalogue, case, &profile(), &recording);
    }
}

#[test]
fn an_answer_with_any_octet_changed_is_judged() {
    let (catalogue, rules) = embedded();
    let answer = answer();
    let case = catalogue.cases().next().expect("a case").1;
    for at in (0..answer.len()).step_by(7) {
        for other in [0, b'<', 0xFF] {
            let mut answer = answer.clone();
            answer[at] = other;
            assay_judge::judge(&rules, &catalogue, case, &profile(), &recorded(&answer));
        }
    }
}

#[test]
fn an_answer_of_ten_thousand_commands_is_judged_within_bounds() {
    let (catalogue, rules) = embedded();
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    let commands: String = (0..10_000).map(|_| "<Get><CmdID>1</CmdID></Get>").collect();
    tape.receive(&reply("1", &commands));
    let recording = tape.done();
    let case = catalogue.cases().next().expect("a case").1;
    let judgement = assay_judge::judge(&rules, &catalogue, case, &profile(), &recording);
    assert!(judgement.findings.len() < 3 * catalogue.requirements().count());
}

#[test]
fn the_same_recording_comes_to_the_same_judgement() {
    let (catalogue, rules) = embedded();
    let recording = recorded(&answer());
    let first = every_case(&rules, &catalogue, &recording);
    let (catalogue, rules) = embedded();
    assert_eq!(every_case(&rules, &catalogue, &recording), first);
}

#[test]
fn rules_may_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Rules>();
}

//! Rules over messages of all sorts, said by both evaluators.

use assay_suites::profile::Profile;
use assay_suites::suite::{Protocol, Role};
use assay_suites::{Catalogue, yaml};
use assay_wire::recording::{Event, Link, LinkId, Recording};
use assay_wire::{Limits, Span};

use super::*;
use crate::family;
use crate::rule::Engine;
use crate::rules::{Monitor, Rules};
use crate::view::{self, Run};

/// A recording of these documents: a request and its reply each.
fn recording(documents: &[(String, String)]) -> Recording {
    let (mut recording, mut link) = (Recording::default(), Link::default());
    let id = LinkId(0);
    let types = "Content-Type: application/vnd.syncml.dm+xml\r\nX-A: 1\r\nX-A: 2\r\n";
    for (session, (sent, reply)) in (0..).zip(documents) {
        let (out, from) = (link.out.len(), link.r#in.len());
        let head = format!("{types}Content-Length: {}\r\n\r\n", sent.len());
        link.out
            .extend(format!("POST /dm HTTP/1.1\r\n{head}{sent}").bytes());
        let sent = Event::Sent {
            link: id,
            span: Span::new(out, link.out.len()),
            step: 0,
            device: "a".to_owned(),
            session: session / 3,
            lawful: true,
        };
        recording.events.push((0, sent));
        let head = format!("{types}Content-Length: {}\r\n\r\n", reply.len());
        if !reply.is_empty() {
            let answer = format!("HTTP/1.1 200 OK\r\n{head}{reply}");
            link.r#in.extend(answer.bytes());
            let span = Span::new(from, link.r#in.len());
            recording
                .events
                .push((0, Event::Received { link: id, span }));
        }
    }
    recording.links.push(link);
    recording
}

/// Calls `visit` with the name of every subject of a recording, and its scope.
fn scopes(recording: &Recording, mut visit: impl FnMut(&'static str, &Scope<'_>)) {
    let profile: Profile = yaml::read("p.yaml", "assay: 1\n").expect("a profile");
    let family = family::of(Role::DmServer).expect("there is one");
    let heard = crate::replay::hear(recording, &Limits::TARGET);
    let replay = crate::replay::replay(&heard, &Limits::TARGET, family);
    let arena = crate::node::Arena::new();
    let mut memory = family.memory(Run {
        arena: &arena,
        profile: &profile,
        role: Role::DmServer,
        protocol: Protocol::Dm12,
        recording,
        proofs: replay.proofs,
        reads: None,
    });
    for exchange in &replay.exchanges {
        let view = memory.view(exchange);
        for each in family.each() {
            let mut scope = view.scope(each.names);
            for subject in view.subjects(each.name) {
                subject.put(&mut scope);
                visit(each.name, &scope);
            }
        }
    }
    for ended in memory.ended() {
        let mut each = family.each().iter();
        let each = each.find(|each| each.name == ended.name);
        let each = each.expect("it has names");
        visit(each.name, &view::scope(&ended.looked, each.names));
    }
}

/// Requests and replies of all sorts: in each one other parts are missing, doubled or odd.
fn messages() -> Vec<(String, String)> {
    let mut state = 1_u64;
    let mut chance = move |of: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % of
    };
    let mut message = |is_reply: bool| {
        let mut text = String::from("<SyncML xmlns=\"SYNCML:SYNCML1.2\">");
        let header = [
            "<VerDTD>1.2</VerDTD>",
            "<VerProto>DM/1.2</VerProto>",
            "<SessionID>1</SessionID>",
            "<MsgID>1</MsgID>",
            "<Target><LocURI>IMEI:1</LocURI></Target>",
            "<Source><LocURI>http://h/dm</LocURI><LocName>u</LocName></Source>",
            "<RespURI>http://h/dm?a</RespURI>",
            "<NoResp/>",
            "<Cred><Meta><Format>b64</Format><Type>syncml:auth-md5</Type></Meta><Data>QQ==</Data></Cred>",
            "<Meta><MaxMsgSize xmlns=\"syncml:metinf\">4096</MaxMsgSize></Meta>",
        ];
        let body = [
            "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>",
            "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>\
             <Chal><Meta><Format>b64</Format><Type>syncml:auth-md5</Type><NextNonce>QUJD</NextNonce></Meta></Chal>\
             <Data>401</Data></Status>",
            "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Cmd>Replace</Cmd><Data>200</Data>\
             <TargetRef>./A</TargetRef></Status>",
            "<Status><CmdID>3</CmdID><Data>2x0</Data></Status>",
            "<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>",
            "<Alert><CmdID>4</CmdID><Data>1100</Data><Item><Data>MINDT=10</Data></Item><Item><Data>Yes?</Data></Item></Alert>",
            "<Alert><Data>1226</Data><Item><Source/><Meta><Type>urn:x</Type></Meta><Data/></Item></Alert>",
            "<Get><CmdID>5</CmdID><Item><Target><LocURI>./DevInfo?list=Struct</LocURI></Target></Item></Get>",
            "<Replace><CmdID>6</CmdID><Meta><Format xmlns=\"syncml:metinf\">chr</Format></Meta><Item>\
             <Target><LocURI>./A</LocURI></Target><Data>x</Data><MoreData/></Item></Replace>",
            "<Replace><CmdID>6</CmdID><Item><Data><a/></Data></Item></Replace>",
            "<Atomic><CmdID>7</CmdID><Add><CmdID>8</CmdID><Item><Target><LocURI>./B</LocURI></Target></Item></Add>\
             <Get><CmdID/></Get></Atomic>",
            "<Exec><CmdID>9</CmdID><Correlator>c</Correlator><Item><Target><LocURI>./E</LocURI></Target></Item></Exec>",
            "<Results><CmdID>10</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Item><Source><LocURI>./DevInfo</LocURI>\
             </Source><Meta><Format>node</Format><Size>1</Size><Mark>m</Mark></Meta><Data>a/b</Data></Item></Results>",
            "<Odd/>",
            "<Final/>",
            "<Final>x</Final>",
        ];
        if chance(12) > 0 {
            text.push_str("<SyncHdr>");
            text.extend(header.iter().filter(|_| chance(8) > 0).copied());
            text.push_str("</SyncHdr>");
        }
        text.push_str("<SyncBody>");
        let often = if is_reply { 3 } else { 2 };
        text.extend(body.iter().filter(|_| chance(often) == 0).copied());
        if chance(4) > 0 {
            text.push_str("<Final/></SyncBody></SyncML>");
        }
        match chance(12) {
            0 if is_reply => String::new(),
            1 => "no document".to_owned(),
            _ => text,
        }
    };
    (0..150).map(|_| (message(false), message(true))).collect()
}

#[test]
fn every_rule_of_the_suites_says_what_the_interpreter_says() {
    let catalogue = Catalogue::embedded().expect("the suites load");
    let rules = Rules::compile(&catalogue).unwrap_or_else(|_| panic!("they compile"));
    let reference = Reference::new();
    let of_dm = |monitor: &&Monitor| monitor.role == Role::DmServer;
    let monitors = rules.monitors.iter().filter(of_dm).flat_map(|monitor| {
        let both = monitor.when.iter().chain([&monitor.holds]);
        both.map(|rule| (monitor.each, rule))
    });
    let expects = rules
        .expects
        .iter()
        .filter(|((case, _), _)| case.starts_with("dm."));
    let expects = expects.filter_map(|(_, asked)| asked.holds.as_ref());
    let all: Vec<(&str, &Rule, Program)> = monitors
        .chain(expects.map(|rule| ("exchange", rule)))
        .map(|(each, rule)| (each, rule, reference.compile(rule)))
        .collect();
    let mut said = [0_usize; 4];
    scopes(&recording(&messages()), |subject, scope| {
        let subjects = Subjects::of(scope);
        for (each, rule, program) in &all {
            if *each != subject {
                continue;
            }
            let ours = Said::from(rule.holds(scope));
            let theirs = reference.says(rule, program, &subjects);
            assert_eq!(ours, theirs, "{subject}: {}", rule.text());
            said[ours as usize] += 1;
        }
    });
    let [yes, no, nothing, _] = said;
    assert!(yes > 1000 && no > 500 && nothing > 100, "{said:?}");
}

#[test]
fn edges_of_the_language_are_where_the_interpreter_has_them() {
    let engine = Engine::new();
    let reference = Reference::new();
    let pieces = [
        "true",
        "false",
        "1 / 0 == 1",
        "reply.fin",
        "exchange.replied",
        "reply.header.msg_id == \"1\"",
        "sent.header.resp_uri == \"x\"",
        "last(reply.names) == \"Alert\"",
        "has(reply.header)",
        "has(reply.challenge) && has(reply.challenge.nonce)",
        "[1, \"a\"][0] == 1",
        "[true, 1][1]",
        "int(\"x\") == 1",
        "[reply, 1][0].fin",
    ];
    let lone = [
        "reply.names.all(it, it != \"Get\")",
        "reply.names.exists(it, it.startsWith(\"G\"))",
        "reply.names.exists_one(it, it == \"Status\")",
        "size(reply.names.filter(it, it == \"Status\")) >= 1",
        "reply.commands.map(it, it.name) == reply.names",
        "reply.commands.filter(it, it.manages) == []",
        "reply.commands.map(it, it.manages, it.name).all(it, it == \"Get\")",
        "reply.items.all(it, it.target.startsWith(\"./\"))",
        "reply.items.exists(it, it.target == \"\")",
        "[1, 0, 2].exists(it, 2 / it == 1)",
        "[1, 0, 2].all(it, 2 / it == 2)",
        "[0, 1].all(it, 1 / it == 1)",
        "[0, 1].exists_one(it, 1 / it == 1)",
        "[1, 2].map(it, it + 1) == [2, 3]",
        "[0].map(it, 1 / it) == [1]",
        "1 in [1, 2] && !(3 in [1, 2])",
        "\"a\" in [\"b\"]",
        "reply.names[0] == \"Status\"",
        "reply.names[99] == \"\"",
        "reply.names[-1] == \"\"",
        "-1 < 0 && 2 - 3 == -1 && 7 % 4 == 3 && 2 * 3 == 6 && 7 / 2 == 3",
        "9223372036854775807 + 1 == 0",
        "1 % 0 == 0",
        "\"a\" + \"b\" == \"ab\" && [1] + [2] == [1, 2]",
        "\"a\" < \"b\" && \"b\" >= \"b\"",
        "size(\"é\") == 1 && \"é\".size() == 1",
        "string(12) == \"12\" && string(true) == \"true\"",
        "int(\"12\") == 12 && int(3) == 3",
        "int(\"+5\") == 5",
        "in_order(reply.names, [\"Status\", \"Alert\", \"Get\"])",
        "in_order([1, \"a\"], [1])",
        "unique(reply.cmd_ids)",
        "unique([1, 1])",
        "count(reply.names, \"Status\") == 1",
        "last(reply.names.filter(it, it == \"none\")) == \"\"",
        "\"AbC\".lower() == \"abc\"",
        "is_base64(\"QQ==\") && base64_octets(\"QQ==\") == 1",
        "exchange.http.has_field(\"x-a\") && exchange.http.field(\"X-A\") == \"1, 2\"",
        "reply.has_note(\"xml.*\")",
        "exchange.replied ? reply.fin : false",
        "(exchange.replied ? reply.names : []) == []",
        "reply.header == reply.header",
        "[reply.header] == [sent.header]",
        "reply.commands.exists(it, it == reply.commands[0])",
        "\"abc\".matches(\"^a.c$\") && \"abc\".contains(\"b\") && \"abc\".endsWith(\"bc\")",
        "!exchange.replied",
        "sent.header.msg_id.startsWith(reply.header.msg_id)",
        "reply.header.msg_id.contains(sent.header.resp_uri)",
    ];
    let negated = pieces.map(|piece| format!("!({piece})"));
    let pieces: Vec<String> = pieces
        .iter()
        .map(|it| (*it).to_owned())
        .chain(negated)
        .collect();
    let mut texts: Vec<String> = lone.iter().map(|it| (*it).to_owned()).collect();
    for left in &pieces {
        for right in &pieces {
            let asks =
                "has(reply.challenge) || true || has(reply.header) || has(reply.challenge.nonce)";
            texts.extend([
                format!("({left}) && ({right})"),
                format!("({left}) || ({right})"),
                format!("[1, 2].all(it, ({left}) || it == 1 && ({right}))"),
                format!("[1, 2].exists(it, ({left}) && it == 1 || ({right}))"),
                format!("(({left}) ? ({right}) : ({asks})) && ({left})"),
            ]);
        }
    }
    // Those that a rule may not be are not compared.
    let rules: Vec<(Rule, Program)> = texts
        .iter()
        .filter_map(|text| engine.compile(text, view::dm::SHARED, &[]).ok())
        .map(|rule| {
            let program = reference.compile(&rule);
            (rule, program)
        })
        .collect();
    assert!(rules.len() > 1000, "{}", rules.len());
    let mut documents = messages();
    documents.truncate(12);
    documents.push((documents[0].0.clone(), String::new()));
    let mut said = [0_usize; 4];
    scopes(&recording(&documents), |subject, scope| {
        if subject == "exchange" {
            let subjects = Subjects::of(scope);
            for (rule, program) in &rules {
                let ours = Said::from(rule.holds(scope));
                let theirs = reference.says(rule, program, &subjects);
                assert_eq!(ours, theirs, "{}", rule.text());
                said[ours as usize] += 1;
            }
        }
    });
    assert!(said.iter().all(|&count| count > 100), "{said:?}");
}

//! The messages of the benchmark: what the device says in a session, and what it is answered.
//!
//! In its first message the device introduces itself; in each other one it answers the commands of
//! the reply before. Nothing in them is unusual; what would be is the business of the suites.

use std::fmt::Write as _;
use std::ops::Range;

/// The media type of both.
pub(crate) const MEDIA: &str = "application/vnd.syncml.dm+xml";

const DEVICE: &str = "IMEI:493005100592800";

/// The CmdIDs of the Get commands of every reply.
const GETS: Range<u32> = 7..12;
/// The CmdIDs of the Replace commands after them.
const REPLACES: Range<u32> = 12..15;

/// What the device says in the message of this number, about 2000 octets.
pub(crate) fn request(url: &str, msg: u32) -> String {
    let mut text = header("1", &msg.to_string(), url, DEVICE);
    if msg == 1 {
        text.push_str("<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Replace><CmdID>2</CmdID>");
        text.push_str("<Meta><Format xmlns=\"syncml:metinf\">chr</Format></Meta>");
        for (leaf, value) in [
            ("DevId", DEVICE),
            ("Man", "Maker"),
            ("Mod", "Model"),
            ("DmV", "1.2"),
            ("Lang", "en"),
        ] {
            item(&mut text, "Source", &format!("./DevInfo/{leaf}"), value);
        }
        for leaf in 1..12 {
            let node = format!("./DevInfo/Ext/Leaf{leaf}");
            item(&mut text, "Source", &node, "some value of a leaf");
        }
        text.push_str("</Replace>");
    } else {
        let replaces = REPLACES.map(|id| (id, "Replace"));
        let asked = GETS.map(|id| (id, "Get")).chain(replaces);
        let answered = [(0, "SyncHdr")].into_iter().chain(asked);
        let mut ids = 1_u32..;
        for ((command, name), id) in answered.zip(&mut ids) {
            status(&mut text, id, &(msg - 1).to_string(), command, name);
        }
        for (command, id) in GETS.zip(ids) {
            let node = format!("./DevDetail/Ext/Item{}/{command}", msg - 1);
            let _ = write!(
                text,
                "<Results><CmdID>{id}</CmdID><MsgRef>{}</MsgRef><CmdRef>{command}</CmdRef>",
                msg - 1
            );
            item(&mut text, "Source", &node, "its value");
            text.push_str("</Results>");
        }
    }
    text.push_str("<Final/></SyncBody></SyncML>");
    text
}

/// What the device is answered: a Status for what asks for one, and commands.
pub(crate) fn reply(url: &str, session: &str, msg: &str) -> String {
    let mut text = header(session, msg, DEVICE, url);
    // What the device reports of its own accord gets no Status: Results and Status.
    let answered: &[(u32, &str)] = match msg {
        "1" => &[(0, "SyncHdr"), (1, "Alert"), (2, "Replace")],
        _ => &[(0, "SyncHdr")],
    };
    for ((command, name), id) in answered.iter().zip(1..) {
        status(&mut text, id, msg, *command, name);
    }
    for id in GETS {
        let _ = write!(text, "<Get><CmdID>{id}</CmdID><Item><Target>");
        let _ = write!(
            text,
            "<LocURI>./DevDetail/Ext/Item{msg}/{id}</LocURI></Target>"
        );
        text.push_str("</Item></Get>");
    }
    for id in REPLACES {
        let _ = write!(text, "<Replace><CmdID>{id}</CmdID>");
        text.push_str("<Meta><Format xmlns=\"syncml:metinf\">chr</Format></Meta>");
        let node = format!("./DevDetail/Ext/Note{msg}/{id}");
        item(
            &mut text,
            "Target",
            &node,
            &"some text of a note ".repeat(8),
        );
        text.push_str("</Replace>");
    }
    text.push_str("<Final/></SyncBody></SyncML>");
    text
}

/// What stands between two tags of a message.
pub(crate) fn between<'a>(text: &'a str, open: &str, close: &str) -> &'a str {
    let rest = text.split_once(open).map_or("", |(_, rest)| rest);
    rest.split_once(close).map_or("", |(inside, _)| inside)
}

fn header(session: &str, msg: &str, target: &str, source: &str) -> String {
    format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD>\
         <VerProto>DM/1.2</VerProto><SessionID>{session}</SessionID><MsgID>{msg}</MsgID>\
         <Target><LocURI>{target}</LocURI></Target><Source><LocURI>{source}</LocURI></Source>\
         <Meta><MaxMsgSize xmlns=\"syncml:metinf\">65536</MaxMsgSize></Meta></SyncHdr><SyncBody>"
    )
}

fn status(text: &mut String, id: u32, msg: &str, command: u32, name: &str) {
    let _ = write!(
        text,
        "<Status><CmdID>{id}</CmdID><MsgRef>{msg}</MsgRef><CmdRef>{command}</CmdRef>\
         <Cmd>{name}</Cmd><Data>200</Data></Status>"
    );
}

fn item(text: &mut String, side: &str, node: &str, data: &str) {
    let _ = write!(
        text,
        "<Item><{side}><LocURI>{node}</LocURI></{side}><Data>{data}</Data></Item>"
    );
}

//! What the server asked for, read from its messages, and the answers to it: Status and Results
//! (OMA-TS-DM_RepPro 6.5, OMA-TS-DM_Protocol 8.5).
//!
//! How a command is carried out stands in `work`; what surrounds the answers in a message stands
//! in `compose` and `bend`.

use assay_suites::step::{Results as Style, Share};
use assay_wire::digest;
use assay_wire::dm::{self, Draft, MetaDraft, StatusDraft};

use crate::dm::node::Found;
use crate::dm::work::Done;

/// A command of the server that waits for its answer, with all inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// MsgID of the message that it came in.
    pub(crate) msg: String,
    pub(crate) name: String,
    pub(crate) id: String,
    /// The code of an Alert.
    pub(crate) code: u64,
    pub(crate) items: Vec<AskedItem>,
    pub(crate) children: Vec<Asked>,
}

/// One Item of it: the Meta of the command stands in where the Item has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AskedItem {
    pub(crate) target: String,
    pub(crate) source: String,
    pub(crate) format: Option<String>,
    pub(crate) media: Option<String>,
    pub(crate) octets: Vec<u8>,
    /// True where more of Data follows in another message.
    pub(crate) more: bool,
}

impl Asked {
    /// The command, read from a message with this MsgID.
    pub(crate) fn of(command: &dm::Command<'_>, msg: &str, tree: &assay_wire::Tree<'_>) -> Self {
        let outer = command.meta.as_deref();
        let item = |item: &dm::Item<'_>| {
            let own = item.meta.as_deref();
            let word = |pick: fn(&dm::Meta<'_>) -> Option<String>| {
                own.and_then(pick).or_else(|| outer.and_then(pick))
            };
            AskedItem {
                target: text(item.target.as_ref()),
                source: text(item.source.as_ref()),
                format: word(|meta| meta.format.as_ref().map(|text| text.value.to_string())),
                media: word(|meta| meta.kind.as_ref().map(|text| text.value.to_string())),
                octets: item
                    .data
                    .as_ref()
                    .map(|data| tree.octets(data.node))
                    .unwrap_or_default(),
                more: item.more_data.is_some(),
            }
        };
        Self {
            msg: msg.to_owned(),
            name: command.name.to_owned(),
            id: command.id().to_owned(),
            code: command.code(),
            items: command.items.iter().map(item).collect(),
            children: command
                .children
                .iter()
                .map(|child| Self::of(child, msg, tree))
                .collect(),
        }
    }

    /// True for a request for the next message (Alert 1222).
    pub(crate) fn wants_next(&self) -> bool {
        self.name == "Alert" && self.code == 1222
    }
}

/// Takes what is answered now out of what waits: so many commands, and with them every request
/// for the next message, which is answered at once.
pub(crate) fn share(asked: &mut Vec<Asked>, share: Share) -> Vec<Asked> {
    let waiting = asked.iter().filter(|asked| !asked.wants_next()).count();
    let mut most = match share {
        Share::All => waiting,
        Share::FirstHalf => waiting.div_ceil(2),
        Share::None => 0,
    };
    let (now, later) = asked.drain(..).partition(|asked| {
        asked.wants_next() || {
            let taken = most > 0;
            most = most.saturating_sub(1);
            taken
        }
    });
    *asked = later;
    now
}

/// Writes the Status of each, its Results behind it.
pub(crate) fn write(draft: &mut Draft, all: &[Done], style: &Style) {
    let mut together: Vec<(&Done, &(String, Found))> = Vec::new();
    for done in all {
        write_one(draft, done, style, &mut together);
    }
    write_results(draft, &together, style);
}

fn write_one<'d>(
    draft: &mut Draft,
    done: &'d Done,
    style: &Style,
    together: &mut Vec<(&'d Done, &'d (String, Found))>,
) {
    let mut status = StatusDraft {
        msg_ref: done.msg.clone(),
        cmd_ref: done.id.clone(),
        cmd: done.name.clone(),
        ..StatusDraft::default()
    };
    // One Status may speak for all items only where the codes are the same (MS-MDM 2.2.6.1).
    let same = done.codes.windows(2).all(|pair| pair[0].1 == pair[1].1);
    for (target, code) in done.codes.iter().take(if same { 1 } else { usize::MAX }) {
        status.code = *code;
        status.target_ref = (!same).then(|| target.clone());
        draft.status(&status);
    }
    if !style.omit {
        let found = done.found.iter().map(|found| (done, found));
        if style.together {
            together.extend(found);
        } else {
            write_results(draft, &found.collect::<Vec<_>>(), style);
        }
    }
    for child in &done.children {
        write_one(draft, child, style, together);
    }
}

fn write_results(draft: &mut Draft, found: &[(&Done, &(String, Found))], style: &Style) {
    let Some((first, (_, value))) = found.first() else {
        return;
    };
    let results = draft.command("Results");
    if style.msg_ref != Some(false) {
        draft.leaf(results, "MsgRef", &first.msg);
    }
    draft.leaf(results, "CmdRef", &first.id);
    if style.cmd {
        draft.leaf(results, "Cmd", &first.name);
    }
    if style.meta_on_command {
        draft_meta(draft, results, value);
    }
    for (_, (uri, value)) in found {
        let item = draft.item(results);
        draft.located(item, "Source", uri, None);
        if !style.meta_on_command {
            draft_meta(draft, item, value);
        }
        draft.leaf(item, "Data", &as_text(value));
    }
}

fn draft_meta(draft: &mut Draft, parent: assay_wire::tree::NodeId, value: &Found) {
    // A binary value travels as base64 text in either encoding (OMA-TS-DM_TND 7.7.2).
    let format = value
        .format
        .as_deref()
        .map(|format| if is_binary(value) { "b64" } else { format });
    let meta = MetaDraft {
        format: format.map(str::to_owned),
        kind: value.media.clone(),
        ..MetaDraft::default()
    };
    if !meta.is_empty() {
        draft.meta(parent, &meta);
    }
}

fn as_text(value: &Found) -> String {
    if is_binary(value) {
        return digest::b64(&value.octets);
    }
    String::from_utf8_lossy(&value.octets).into_owned()
}

fn is_binary(value: &Found) -> bool {
    value.format.as_deref() == Some("bin")
}

fn text(text: Option<&dm::Text<'_>>) -> String {
    text.map(|text| text.value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use assay_wire::dm::Version;

    use super::*;

    #[test]
    fn items_with_different_codes_get_a_status_each() {
        let codes = [("./Vendor/A", 200), ("./Vendor/None", 404)];
        let done = Done {
            msg: "1".into(),
            name: "Get".into(),
            id: "5".into(),
            codes: codes.map(|(target, code)| (target.to_owned(), code)).into(),
            found: vec![("./Vendor/A".into(), Found::new("chr", b"a"))],
            children: Vec::new(),
        };
        let mut draft = Draft::new(Version::V1_2, "1", "1", "t", "s");
        write(&mut draft, &[done], &Style::default());
        let message = dm::Message::of(&draft.tree).expect("a message");
        let rows: Vec<_> = message
            .commands
            .iter()
            .map(|c| {
                (
                    c.name,
                    c.target_refs.first().map(|t| t.value.to_string()),
                    c.code(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("Status", Some("./Vendor/A".to_owned()), 200),
                ("Status", Some("./Vendor/None".to_owned()), 404),
                ("Results", None, 0),
            ]
        );
    }
}

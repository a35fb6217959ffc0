//! Writes an answer: plan, tree, switches, octets, and as many commands as the client takes.
//!
//! Element order is that of the DTD, through the builder of `wire`. Decides nothing about the
//! session.

use assay_wire::dm::{Draft, MetaDraft, StatusDraft};
use assay_wire::{Encoding, wbxml, xml};

use super::doc::{Doc, Facts, Stage};
use super::orders::Order;
use super::own::{self, Proof};
use super::store::Outstanding;
use super::style::Styles;
use crate::switch::{Family, Switches};

/// What an answer shall say.
pub(crate) struct Plan<'a> {
    /// What it answers.
    pub(crate) facts: Facts,
    /// Its MsgID.
    pub(crate) msg: String,
    /// The name of the session in RespURI.
    pub(crate) token: &'a str,
    /// The server as the client calls it.
    pub(crate) target: String,
    /// The code for the header.
    pub(crate) header_code: u32,
    /// What stands in the Items of that Status.
    pub(crate) header_items: Vec<String>,
    /// The challenge, or the nonce for the next session.
    pub(crate) chal: Option<MetaDraft>,
    /// All further Statuses, in order.
    pub(crate) statuses: Vec<StatusDraft>,
    /// True to ask for the rest of the client's package.
    pub(crate) next_message: bool,
    /// The commands.
    pub(crate) orders: Vec<Order>,
    /// True for Final.
    pub(crate) fin: bool,
    /// What proves the server.
    pub(crate) proof: Proof,
}

/// What was written.
pub(crate) struct Written {
    /// The octets.
    pub(crate) body: Vec<u8>,
    /// Their form.
    pub(crate) encoding: Encoding,
    /// Where the session stands now.
    pub(crate) stage: Stage,
    /// The commands in it, by the ids that it bears.
    pub(crate) sent: Vec<Outstanding>,
    /// Those that have to wait.
    pub(crate) left: Vec<Order>,
    /// The mac over it, as its field has it.
    pub(crate) mac: Option<String>,
}

/// Writes a plan with as many commands as fit into so many octets. A command that does not even
/// fit alone is dropped.
pub(crate) fn fit(mut plan: Plan<'_>, limit: Option<usize>, switches: &Switches) -> Written {
    let orders = std::mem::take(&mut plan.orders);
    // Measured without faults, which may make it any size.
    let honest = switches.honest();
    let mut offered = orders.as_slice();
    let count = loop {
        let fits = |count: usize| {
            let Some(limit) = limit else { return true };
            write(&plan, &offered[..count], &honest).0.len() <= limit
        };
        let count = (1..=offered.len())
            .rev()
            .find(|&count| fits(count))
            .unwrap_or(0);
        match (count, offered) {
            (0, [_, rest @ ..]) => offered = rest,
            (count, _) => break count,
        }
    };
    let left = offered[count..].to_vec();
    if count == 0 && plan.facts.stage == Stage::Managing {
        plan.facts.stage = if plan.fin {
            Stage::Closing
        } else {
            Stage::NextMessage
        };
        plan.next_message = !plan.fin;
    }
    let (body, encoding, sent) = write(&plan, &offered[..count], switches);
    let mac = plan.proof.mac.as_ref();
    let mac = mac.map(|nonce| own::field(nonce, &body, switches));
    Written {
        mac,
        body,
        encoding,
        stage: plan.facts.stage,
        sent,
        left,
    }
}

fn write(
    plan: &Plan<'_>,
    orders: &[Order],
    switches: &Switches,
) -> (Vec<u8>, Encoding, Vec<Outstanding>) {
    let facts = &plan.facts;
    let mut draft = Draft::new(
        facts.version,
        &facts.session,
        &plan.msg,
        &facts.device,
        &facts.url,
    );
    if !plan.token.is_empty() && !switches.on("resp-uri-omitted") {
        draft.resp_uri(&format!("{}?sid={}&v=1", facts.url, plan.token));
    }
    if let Some((meta, data)) = &plan.proof.cred {
        draft.cred(meta, data);
    }
    draft.status(&StatusDraft {
        msg_ref: facts.msg.clone(),
        cmd_ref: "0".into(),
        cmd: "SyncHdr".into(),
        target_ref: Some(plan.target.clone()),
        source_ref: Some(facts.device.clone()),
        chal: plan.chal.clone(),
        code: plan.header_code,
        items: plan.header_items.clone(),
    });
    for status in &plan.statuses {
        draft.status(status);
    }
    if plan.next_message {
        draft.alert(1222);
    }
    let nodes: Vec<_> = orders.iter().map(|order| order.write(&mut draft)).collect();
    if plan.fin {
        draft.fin();
    }

    let mut doc = Doc {
        tree: draft.tree,
        facts: facts.clone(),
    };
    for apply in switches.messages() {
        apply(&mut doc);
    }
    // Read back what leaves: a switch may have changed the numbers that the client will refer to.
    let msg = doc
        .header()
        .map(|header| doc.text(header, "MsgID"))
        .unwrap_or_default();
    let sent = nodes.iter().zip(orders).map(|(&node, order)| Outstanding {
        msg: msg.clone(),
        cmd: doc.text(node, "CmdID"),
        order: order.clone(),
    });
    let sent = sent.collect();

    let mut styles = Styles::new(doc.facts.encoding);
    for apply in switches.styles() {
        apply(&mut styles);
    }
    let mut body = match styles.encoding {
        Encoding::Xml => xml::write(&doc.tree, &styles.xml),
        // A tree of ours always has a root and short names; an empty body would show the contrary.
        Encoding::Wbxml => wbxml::write(&doc.tree, &styles.wbxml).unwrap_or_default(),
    };
    for apply in switches.bodies(Family::Dm) {
        apply(&mut body);
    }
    (body, styles.encoding, sent)
}

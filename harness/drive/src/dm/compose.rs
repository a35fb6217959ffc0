//! Puts the messages of a device together: package 1, the answers of package 3, and what the holes
//! of a template stand for.
//!
//! When a message is sent, and what its answer changes, stands in `mod`.

use std::collections::BTreeMap;

use assay_suites::step::{Answer, Auth, Basic, Mac, Md5, Package1};
use assay_suites::vectors;
use assay_wire::digest;
use assay_wire::dm::{Draft, MetaDraft, StatusDraft};

use crate::dm::bend::{self, Numbered};
use crate::dm::client::{self, Credential, Device, Standing};
use crate::dm::work::{Done, Worker};
use crate::dm::{Actor, Ready, answer};
use crate::halt::Halt;
use crate::outgoing::vector;
use crate::template::{self, Holes};

/// The CmdRef of a Status for a command that no server sent.
const STRAY_CMD_REF: &str = "9999";

impl Actor<'_> {
    pub(super) fn build_package_1(
        &mut self,
        name: &str,
        step: &Package1,
        credential: Option<Credential>,
        again: bool,
    ) -> Result<Ready, Halt> {
        let (version, encoding) = (self.version, self.encoding);
        let own_uri = self.lease.device(name)?.identity.id.clone();
        let user = Some(self.lease.device(name)?.identity.user.clone())
            .filter(|_| step.auth != Auth::None);
        let mut draft = self.draft(name, None)?;
        if let Some(user) = credential
            .as_ref()
            .and_then(|cred| cred.user.clone())
            .or(user)
        {
            draft.source_name(&user);
        }
        if let Some(uri) = &step.resp_uri {
            draft.resp_uri(if uri == "own" { &own_uri } else { uri });
        }
        if let Some(credential) = &credential {
            bend::cred(&mut draft, credential);
        }
        bend::limits(&mut draft, step.max_msg_size, step.max_obj_size);
        bend::header(&mut draft, step);
        let mut out = Numbered::new(draft, step.cmd_ids.as_ref());
        // A device that was challenged answers the header first (OMA-TS-DM_Protocol 9.1).
        let answered = self
            .session(name)?
            .reply
            .as_ref()
            .map(|reply| reply.msg.clone());
        if let Some(msg) = answered.filter(|_| again && step.leading_status != Some(false)) {
            header_status(out.next(), &msg, 200, None);
        }
        bend::package_1(&mut out, step, version, &own_uri);
        let mut draft = out.next().clone();
        if let Some(commands) = &step.commands {
            self.fragment(name, &commands.value, &mut draft)?;
        }
        let fin = step.r#final != Some(false);
        if fin {
            draft.fin();
        }
        let session = self.session(name)?;
        session.sent_final = fin;
        session.next_msg += 1;
        session.asked.clear();
        Ok(Ready {
            body: bend::body(&draft.tree, encoding, &step.wbxml)?,
            credential,
            lawful: bend::is_lawful_package_1(step, encoding),
        })
    }

    pub(super) fn build_answer(&mut self, name: &str, step: &Answer) -> Result<Ready, Halt> {
        let encoding = self.encoding;
        let credential = self.credential(name, &step.auth, true)?;
        let mut draft = self.draft(name, step.session.as_deref())?;
        if let Some(credential) = &credential {
            if let Some(user) = &credential.user {
                draft.source_name(user);
            }
            bend::cred(&mut draft, credential);
        }
        bend::limits(&mut draft, step.max_msg_size, None);
        let chal = step.challenge.map(|scheme| {
            let nonce = self.lease.device_mut(name)?.give_nonce();
            Ok::<_, Halt>(MetaDraft {
                next_nonce: Some(digest::b64(&nonce)),
                ..MetaDraft::new("b64", scheme.type_name())
            })
        });
        let chal = chal.transpose()?;
        let device = self.device(name)?;
        for (uri, value) in &step.tree {
            device.tree.plant(uri, value);
        }
        let Device {
            tree,
            session: Some(session),
            ..
        } = device
        else {
            return Err(Halt::Stuck(format!("{name} has no session")));
        };
        let reply = session.reply.clone().unwrap_or_default();
        let code = step.header_status.unwrap_or(200);
        header_status(&mut draft, &reply.msg, code, chal);
        // Of a server that did not prove itself nothing is carried out (OMA-TS-DM_Protocol 9.1).
        let refused = BTreeMap::from([("*".to_owned(), code)]);
        let statuses = match code {
            401 | 407 => &refused,
            _ => &step.statuses,
        };
        let mut worker = Worker::new(tree, &mut session.chunks, statuses);
        let now = answer::share(&mut session.asked, step.of);
        let done: Vec<Done> = now.iter().map(|asked| worker.carry_out(asked)).collect();
        answer::write(&mut draft, &done, &step.results);
        if step.stray_status {
            draft.status(&StatusDraft {
                msg_ref: reply.msg.clone(),
                cmd_ref: STRAY_CMD_REF.to_owned(),
                cmd: "Replace".to_owned(),
                code: 200,
                ..StatusDraft::default()
            });
        }
        for alert in &step.alerts {
            bend::alert(&mut draft, alert);
        }
        let fin = step.r#final != Some(false);
        // More of a package or of an object is asked for where nothing else is to be said
        // (OMA-TS-DM_Protocol 6.2 and 7).
        let wants_more = !reply.fin && session.sent_final && done.is_empty()
            || done.iter().any(Done::wants_more);
        let says_nothing = step.alerts.is_empty()
            && step.commands.is_none()
            && !done.iter().any(Done::has_results);
        if fin && wants_more && says_nothing && session.asked.is_empty() {
            draft.alert(1222);
        }
        session.sent_final = fin;
        session.next_msg += 1;
        if let Some(commands) = &step.commands {
            self.fragment(name, &commands.value, &mut draft)?;
        }
        if fin {
            draft.fin();
        }
        Ok(Ready {
            body: bend::body(&draft.tree, encoding, &step.wbxml)?,
            credential,
            lawful: step.session.is_none() && bend::is_lawful_request(&step.http, encoding),
        })
    }

    /// A message of the device with its header, the body still empty.
    fn draft(&mut self, name: &str, session_id: Option<&str>) -> Result<Draft, Halt> {
        let device = self.lease.device(name)?.identity.id.clone();
        let version = self.version;
        let session = self.session(name)?;
        let id = session_id.unwrap_or(&session.id);
        let msg = session.next_msg.to_string();
        Ok(Draft::new(
            version,
            id,
            &msg,
            session.base.as_str(),
            &device,
        ))
    }

    fn fragment(&mut self, name: &str, vector_name: &str, draft: &mut Draft) -> Result<(), Halt> {
        let mut holes = self.holes(name, None)?;
        holes.next_cmd = draft.next_cmd_id();
        let text = vector(vector_name, vectors::Kind::Fragment)?.text;
        template::fragment(text, &mut holes, &mut draft.tree, draft.body)?;
        draft.set_next_cmd_id(holes.next_cmd);
        Ok(())
    }

    pub(super) fn holes(
        &mut self,
        name: &str,
        credential: Option<&Credential>,
    ) -> Result<Holes, Halt> {
        let identity = self.lease.device(name)?.identity.clone();
        let other = self.lease.devices.iter().find(|(other, _)| *other != name);
        let other_device = other.map_or_else(
            || "assay-other".to_owned(),
            |(_, other)| other.identity.id.clone(),
        );
        let version = self.version;
        let session = self.session(name)?;
        let cred = credential.and_then(|cred| Some((cred.scheme?.type_name(), cred.data.clone())));
        Ok(Holes {
            version,
            session: session.id.clone(),
            msg: session.next_msg.to_string(),
            target: session.base.to_string(),
            device: identity.id,
            user: identity.user,
            other_session: if session.id == "7FFF" { "7FFE" } else { "7FFF" }.to_owned(),
            other_device,
            cred,
            server_msg: session.reply.as_ref().map(|reply| reply.msg.clone()),
            ..Holes::default()
        })
    }

    /// The credential of the next message. In package 3 a device that was accepted for the session
    /// sends none, and one that was refused has no answer to it but package 1.
    pub(super) fn credential(
        &mut self,
        name: &str,
        auth: &Auth,
        package_3: bool,
    ) -> Result<Option<Credential>, Halt> {
        let standing = self.session(name)?.standing;
        if !package_3 && is_its_own(auth, standing) {
            self.lease.device_mut(name)?.has_tried = true;
        }
        let own = self.lease.device(name)?;
        Ok(match auth {
            Auth::None => None,
            Auth::Usual if package_3 && !matches!(standing, Standing::EachMessage(_)) => None,
            Auth::Usual => client::usual(standing, own, self.target.claims.auth.as_deref()),
            Auth::Basic(bends) => Some(client::basic(
                bends,
                self.lease.device(bends.of.as_deref().unwrap_or(name))?,
            )?),
            Auth::Md5(bends) => {
                let of = self.lease.device(bends.of.as_deref().unwrap_or(name))?;
                Some(client::md5(bends, own, of)?)
            }
            Auth::Mac(bends) => {
                let of = self.lease.device(bends.of.as_deref().unwrap_or(name))?;
                Some(client::mac(bends, own, of)?)
            }
            Auth::Cred(cred) => Some(Credential {
                kind: cred.r#type.clone(),
                format: cred.format.clone().unwrap_or_else(|| "b64".to_owned()),
                data: cred.data.clone(),
                meta: true,
                user: Some(own.identity.user.clone()),
                scheme: None,
                key: None,
            }),
        })
    }
}

/// True where a device tries to get in with what it has, be it nothing; false where a case has it say
/// something else.
fn is_its_own(auth: &Auth, standing: Standing) -> bool {
    match auth {
        Auth::Usual => matches!(standing, Standing::Challenged(_)),
        Auth::Basic(bends) => *bends == Basic::default(),
        Auth::Md5(bends) => *bends == Md5::default(),
        Auth::Mac(bends) => *bends == Mac::default(),
        Auth::None | Auth::Cred(_) => false,
    }
}

fn header_status(draft: &mut Draft, msg: &str, code: u32, chal: Option<MetaDraft>) {
    draft.status(&StatusDraft {
        msg_ref: msg.to_owned(),
        cmd_ref: "0".to_owned(),
        cmd: "SyncHdr".to_owned(),
        code,
        chal,
        ..StatusDraft::default()
    });
}

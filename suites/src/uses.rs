//! What the steps of a case use of a profile: hooks, devices, passwords, TLS.
//!
//! Which of it a profile gives, and what becomes of a case that lacks something, is planned
//! elsewhere.

use std::collections::BTreeSet;

use crate::step::{Auth, Http, Step, cp, pull};
use crate::suite::Case;

/// What the steps of a case use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// The hooks that are called.
    pub hooks: BTreeSet<String>,
    /// The devices by their names in the case: those that speak, those that hooks are about, and
    /// those whose passwords are used.
    pub devices: BTreeSet<String>,
    /// True where a step demands a credential that is made with a password. A device that answers
    /// challenges as it usually does demands none.
    pub credentials: bool,
    /// True where a request goes over the https URL.
    pub tls: bool,
    /// True where a step may harm the target.
    pub abuse: bool,
}

impl Uses {
    /// What this case uses.
    pub fn of(case: &Case) -> Self {
        let mut uses = Self::default();
        let mut spoke = "a".to_owned();
        for step in &case.steps {
            let said = match &step.value {
                Step::Package1(step) => {
                    uses.auth(&step.auth);
                    uses.http(&step.http);
                    // Package 1 does not ask who spoke last.
                    Some(step.device.clone().unwrap_or_else(|| "a".to_owned()))
                }
                Step::Answer(step) => {
                    uses.auth(&step.auth);
                    uses.http(&step.http);
                    step.device.clone()
                }
                Step::Send(step) => {
                    uses.http(&step.http);
                    uses.abuse |= step.abuse;
                    step.device.clone()
                }
                Step::Finish(step) => step.device.clone(),
                Step::Poll(step) => {
                    uses.http(&step.http);
                    // Nor does a poll, nor a whole cycle.
                    Some(step.device.clone().unwrap_or_else(|| "a".to_owned()))
                }
                Step::Sync(step) => Some(step.device.clone().unwrap_or_else(|| "a".to_owned())),
                Step::Instructions(pull::Instructions { device, http, .. })
                | Step::Location(pull::Location { device, http, .. })
                | Step::Download(pull::Download { device, http, .. })
                | Step::Status(pull::Status { device, http, .. })
                | Step::Report(pull::Report { device, http, .. })
                | Step::Notify(cp::Notify { device, http, .. })
                | Step::Fetch(cp::Fetch { device, http, .. })
                | Step::Query(cp::Query { device, http, .. })
                | Step::Cancel(cp::Cancel { device, http, .. }) => {
                    uses.http(http);
                    device.clone()
                }
                Step::Await(step) => step.device.clone(),
                Step::Gateway(step) => step.device.clone(),
                Step::Submit(step) => {
                    uses.http(&step.http);
                    uses.devices.extend(step.also.iter().cloned());
                    // Nor does a push that is submitted.
                    Some(step.device.clone().unwrap_or_else(|| "a".to_owned()))
                }
                Step::Repeat(step) => step.device.clone(),
                Step::Hook(step) => {
                    uses.hooks.insert(step.call.value.clone());
                    if step.call.value == "set-account" {
                        // Else no other case could use the device any more.
                        uses.hooks.insert("reset".to_owned());
                    }
                    uses.devices
                        .insert(step.device.clone().unwrap_or_else(|| "a".to_owned()));
                    continue;
                }
                Step::Given(_) | Step::Expect(_) => continue,
            };
            if let Some(said) = said {
                spoke = said;
            }
            uses.devices.insert(spoke.clone());
        }
        uses
    }

    fn auth(&mut self, auth: &Auth) {
        let of = match auth {
            Auth::Usual | Auth::None | Auth::Cred(_) => return,
            Auth::Basic(basic) => &basic.of,
            Auth::Md5(md5) => &md5.of,
            Auth::Mac(mac) => &mac.of,
        };
        self.credentials = true;
        self.devices.extend(of.clone());
    }

    fn http(&mut self, http: &Http) {
        self.tls |= http.secure;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn uses(steps: &str) -> Uses {
        let text = format!("id: dm.x.y\ndoes: Nothing.\nproves: [dm.x.z]\nsteps:\n{steps}");
        Uses::of(&yaml::read("case.yaml", &text).expect("a case"))
    }

    fn words(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn an_ordinary_session_uses_one_device_and_nothing_else() {
        let uses = uses("- package-1: {}\n- finish: {}\n");
        assert_eq!(
            uses,
            Uses {
                devices: words(&["a"]),
                ..Uses::default()
            }
        );
    }

    #[test]
    fn devices_are_found_wherever_they_are_named() {
        let uses = uses(
            "- hook: {call: queue-command, device: c}\n- package-1: {device: b}\n- answer: {}\n\
             - package-1: {device: b, auth: {md5: {of: d}}}\n",
        );
        assert_eq!(uses.devices, words(&["b", "c", "d"]));
        assert_eq!(uses.hooks, words(&["queue-command"]));
        assert!(uses.credentials && !uses.tls && !uses.abuse);
    }

    #[test]
    fn the_verbs_of_an_agent_use_devices_and_tls() {
        let uses = uses(
            "- poll: {device: b}\n- instructions: {}\n- location: {package: X}\n- download: {}\n\
             - status: {device: c, ids: [11030]}\n- report: {kind: file}\n- sync: {}\n\
             - hook: {call: publish-package}\n- poll: {http: {secure: true}}\n",
        );
        assert_eq!(uses.devices, words(&["a", "b", "c"]));
        assert_eq!(uses.hooks, words(&["publish-package"]));
        assert!(uses.tls && !uses.credentials);
    }

    #[test]
    fn the_verbs_of_pushes_use_devices_and_hooks() {
        let uses = uses(
            "- hook: {call: push-si, device: b}\n- await: {device: b}\n- await: {}\n\
             - gateway: {device: c, answer: http-500}\n- fetch: {}\n\
             - notify: {http: {secure: true}}\n- submit: {also: [d]}\n- query: {}\n- cancel: {}\n",
        );
        assert_eq!(uses.devices, words(&["a", "b", "c", "d"]));
        assert_eq!(uses.hooks, words(&["push-si"]));
        assert!(uses.tls && !uses.credentials);
    }

    #[test]
    fn tls_and_abuse_show() {
        let uses = uses("- send: {text: x, abuse: true}\n- package-1: {http: {secure: true}}\n");
        assert!(uses.tls && uses.abuse && !uses.credentials);
    }
}

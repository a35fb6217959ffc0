//! What agents tell: statuses of packages, inventories, collected files.
//!
//! What of it is refused by a switched peer alone stands in `stumble`.

use assay_wire::pull::{MOST_ID, ReportKind, Status};

use super::call::{Answer, Answered, Call, Refusal};
use super::service::Server;
use super::store::{Device, Report};
use super::stumble;

impl Server {
    /// Remembers statuses of packages.
    pub(super) fn status(
        &self,
        device: &mut Device,
        status: &Status<'_>,
    ) -> Result<Answer, Refusal> {
        let mut all = Vec::new();
        for message in &status.messages {
            let package = message.package_id.map(|id| id.value).unwrap_or_default();
            let code = message
                .message_id
                .and_then(|id| id.value.parse::<u32>().ok());
            let time = message.timestamp.map(|time| time.value).unwrap_or_default();
            match code {
                Some(code) if !package.is_empty() && package.len() <= MOST_ID => {
                    all.push((package, code, time));
                }
                _ => return Err((400, "a status without package or code")),
            }
        }
        if all.is_empty() {
            return Err((400, "no status"));
        }
        for (package, code, time) in all {
            let time: String = time.chars().take(MOST_ID).collect();
            let new = device.note_status(package, code, &time);
            if !new && self.switches.on("status-repeat-refused") {
                return Err((409, "the status is known"));
            }
        }
        Ok(self.taken(device))
    }

    /// Remembers a collected file by its name; its octets go nowhere.
    pub(super) fn file(&self, device: &mut Device, call: &Call<'_>) -> Result<Answer, Refusal> {
        let name = call.filename.filter(|name| !name.is_empty());
        let name = name.ok_or((400, "X-Device-FullyQualifiedFilename is missing"))?;
        if let Some(status) = stumble::over_file(call, &self.switches) {
            return Err((status, "the peer stumbled"));
        }
        Ok(self.reported(device, ReportKind::File, name, call))
    }

    /// Remembers a report.
    pub(super) fn reported(
        &self,
        device: &mut Device,
        kind: ReportKind,
        name: &str,
        call: &Call<'_>,
    ) -> Answer {
        device.note_report(Report {
            kind: kind.value(),
            name: name.chars().take(MOST_ID).collect(),
            octets: call.body.len(),
        });
        self.taken(device)
    }

    fn taken(&self, device: &Device) -> Answer {
        let answered = self.beside(Answered::default(), device);
        if answered.token.is_none() && answered.timestamp.is_none() {
            return Answer::Taken;
        }
        Answer::Document(answered)
    }
}

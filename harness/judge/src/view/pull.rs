//! The subjects of the Windows CE device management service: what their fields are.
//!
//! Only words here; [`build`] fills them from what was exchanged. Names are those of the elements,
//! in lower case and with underscores where there is one.

mod answers;
mod build;
mod document;
mod download;
mod each;
mod history;

use super::http::{Http, Request, Tls};
use crate::node::{Lent, subjects};

pub(crate) use build::Memory;
pub(crate) use each::{EACH, SHARED};

subjects! {
    /// One request and what came back.
    "exchange" as Exchange<'a> {
        /// Its number in the case run, from 1.
        number: i64,
        /// The device that spoke, by its name in the case.
        device: String,
        /// False where the case bent the request beyond what the service allows.
        lawful: bool,
        /// The HTTP request.
        request: Option<Lent<'a, Request<'a>>>,
        /// The HTTP response; absent where none came, or what came is no HTTP.
        http: Option<Lent<'a, Http<'a>>>,
        /// True where a document of the service came back, whatever it says.
        replied: bool,
        /// True where that document was read without any fault of its format.
        well_formed: bool,
        /// The name of its root element; empty where none came.
        reply_root: String,
        /// True for a status 2xx.
        accepted: bool,
        /// True for a status 4xx.
        refused: bool,
        /// How the connection broke while an answer was awaited: `closed`, `timeout`, `too-long`, `garbled`.
        broke: Option<String>,
        /// What the TLS handshake showed; absent on a plain connection.
        tls: Option<Lent<'a, Tls<'a>>>,
        /// Kinds of everything odd that was noticed in what came back.
        notes: Vec<String>,
        /// What the request asked: `poll`, `instructions`, `location`, `status`, `report`, by
        /// X-Device-Action; `download` where it is no POST and names no action; `other`.
        action: String,
        /// What was reported: `software`, `machine`, `file`; `other` for what nobody knows.
        report_type: Option<String>,
        /// The package that the request is about: the one asked for, located, fetched, or told of first.
        package: Option<String>,
        /// X-Device-Auth of the answer.
        received_token: Option<String>,
        /// X-Device-Timestamp of the answer.
        received_timestamp: Option<String>,
        /// X-Device-Auth of the request.
        sent_token: Option<String>,
        /// X-Device-Timestamp of the request.
        sent_timestamp: Option<String>,
        /// The token that the target gave this device last in the case run, before this exchange.
        newest_token: Option<String>,
        /// How many polls of the device were answered before in the case run.
        polls: i64,
        /// True for a poll whose token and timestamp are empty, as before the first success.
        first_poll: bool,
        /// What a download asked for and what came of it.
        download: Option<Lent<'a, Download>>,
    }

    /// A GET, HEAD or PROPFIND of a package.
    "download" as Download {
        /// The method.
        method: String,
        /// The package whose location that is; absent where no location led there.
        package: Option<String>,
        /// The status code; absent where no answer came.
        status: Option<i64>,
        /// True where the request carried header fields of the service.
        with_headers: bool,
        /// True where a range was asked for.
        ranged: bool,
        /// The first octet asked for; 0 without a range.
        from: i64,
        /// The last octet asked for; absent where all from the first are.
        to: Option<i64>,
        /// Accept-Ranges.
        accept_ranges: Option<String>,
        /// Content-Range as written.
        content_range: Option<String>,
        /// The first octet that came, by Content-Range; absent where that is not `bytes FIRST-LAST/TOTAL`.
        first: Option<i64>,
        /// The last octet that came, by Content-Range.
        last: Option<i64>,
        /// The length of the whole, by Content-Range; absent where it is not told.
        total: Option<i64>,
        /// Content-Length.
        promised: Option<i64>,
        /// Octets of the body that came.
        octets: i64,
        /// True where all that was promised came, and no more.
        complete: bool,
        /// PackageSize, by the last instructions of the package.
        package_size: Option<i64>,
        /// So many resources a listing names beside the one that was asked about (RFC 4918 9.1).
        members: i64,
        /// True where the octets that came are those that stood in the same places of the whole
        /// package, as it was fetched before; absent where that was not, or where nothing came.
        same: Option<bool>,
    }

    /// One document: `reply` is what came back, `sent` is what was sent.
    "message" as Message<'a> {
        /// Octets of the document.
        octets: i64,
        /// True where it was read without any fault of its format.
        well_formed: bool,
        /// Kinds of everything odd that was noticed in it, HTTP left out.
        notes: Vec<String>,
        /// True where it begins with an XML declaration.
        declared: bool,
        /// The encoding that the XML declaration names.
        declared_encoding: Option<String>,
        /// True where it has a document type declaration.
        has_dtd: bool,
        /// True where any element has a prefix.
        prefixed: bool,
        /// True where any text stands in a CDATA section.
        has_cdata: bool,
        /// The name of the root element, without prefix.
        root: String,
        /// The namespace of the root; absent where it has none.
        namespace: Option<String>,
        /// The names of the elements directly in the root.
        children: Vec<String>,
        /// The name of every kind of element in it, once each.
        elements: Vec<String>,
        /// What it says where it is a PollResponse.
        poll_response: Option<Lent<'a, PollResponse<'a>>>,
        /// Every Package where it is an Instructions.
        instructions: Vec<Lent<'a, Instruction>>,
        /// What it says where it is a PackageLocation.
        package_location: Option<Lent<'a, PackageLocation<'a>>>,
    }

    /// A PollResponse.
    "poll_response" as PollResponse<'a> {
        /// The names of its elements.
        children: Vec<String>,
        /// True where Settings stands in it.
        has_settings: bool,
        /// The names of the elements in Settings.
        settings: Vec<String>,
        /// ClientSettings.
        client_settings: Option<Lent<'a, ClientSettings>>,
        /// Each SoftwareInventorySettings, MachineInventorySettings and FileCollectionSettings.
        orders: Vec<Lent<'a, ReportOrder<'a>>>,
        /// The kinds of these: `software`, `machine`, `file`.
        ordered: Vec<String>,
        /// True where ApplicablePackages stands in it.
        has_applicable: bool,
        /// ID of each Package in it that has one.
        packages: Vec<String>,
        /// So many Package elements stand in it.
        package_count: i64,
        /// True where each of them has an ID that is not empty.
        all_named: bool,
        /// True where any ID stands there twice.
        duplicates: bool,
    }

    /// ClientSettings.
    "client_settings" as ClientSettings {
        /// The names of its elements.
        children: Vec<String>,
        /// True where it has the attribute `version`.
        has_version: bool,
        /// Attribute `version`.
        version: Option<String>,
        /// PollServer.
        poll_server: Option<String>,
        /// PollInterval.
        poll_interval: Option<String>,
        /// FailureRetryCount.
        retry_count: Option<String>,
        /// FailureRetryInterval.
        retry_interval: Option<String>,
    }

    /// An order to report.
    "report_order" as ReportOrder<'a> {
        /// What is ordered: `software`, `machine`, `file`.
        kind: String,
        /// The names of its elements.
        children: Vec<String>,
        /// True where it has the attribute `version`.
        has_version: bool,
        /// Enabled.
        enabled: Option<String>,
        /// True where Enabled says yes in any spelling.
        wanted: bool,
        /// Interval.
        interval: Option<String>,
        /// Each FileFilterItem.
        filters: Vec<Lent<'a, FileFilter>>,
        /// Filter and Path of each of them, a bar between: `*.exe|\Apps`.
        wanted_files: Vec<String>,
    }

    /// A FileFilterItem.
    "filter" as FileFilter {
        /// The names of its elements.
        children: Vec<String>,
        /// Filter.
        filter: Option<String>,
        /// Path.
        path: Option<String>,
        /// Recursive.
        recursive: Option<String>,
        /// ExcludeCompressed.
        exclude_compressed: Option<String>,
        /// ExcludeEncrypted.
        exclude_encrypted: Option<String>,
    }

    /// PollInterval, FailureRetryInterval, or the Interval of a report or a recurrence.
    "interval" as Interval {
        /// The name of the element.
        of: String,
        /// The name of the element that it stands in.
        parent: String,
        /// As written.
        text: String,
        /// True where that is `YYYY-MM-DD hh:mm:ss`.
        valid: bool,
        /// True for no time at all.
        zero: bool,
        /// The years; 0 where it is not valid.
        years: i64,
        /// The months.
        months: i64,
    }

    /// A Package of Instructions.
    "instruction" as Instruction {
        /// The names of its elements.
        children: Vec<String>,
        /// ID.
        id: Option<String>,
        /// True where ID is the package that was asked for.
        asked: bool,
        /// True where the last poll response of the device lists it.
        listed: bool,
        /// Required.
        required: Option<String>,
        /// Name.
        name: Option<String>,
        /// ShortDescription.
        short_description: Option<String>,
        /// LongDescription.
        long_description: Option<String>,
        /// PackageSize.
        size: Option<String>,
        /// PackageSize, where it is decimal digits.
        size_number: Option<i64>,
        /// Flags.
        flags: Option<String>,
        /// True where Flags is four octets in hexadecimal, a space between.
        flags_valid: bool,
        /// What they stand for, the lowest octet first; 0 where they are not valid.
        flags_value: i64,
        /// StartTime.
        start_time: Option<String>,
        /// True where StartTime is a time of the calendar, `YYYY-MM-DD hh:mm:ss`.
        start_time_valid: bool,
        /// Attribute `UTC` of StartTime.
        utc: Option<String>,
        /// True where Recurrence stands in it.
        has_recurrence: bool,
        /// The names of the elements in Recurrence.
        recurrence: Vec<String>,
        /// Recurrence/Interval.
        interval: Option<String>,
        /// Recurrence/Behavior.
        behavior: Option<String>,
        /// LocalDestination, in the package or in Recurrence.
        local_destination: Option<String>,
        /// The element that it stands in.
        destination_parent: Option<String>,
        /// CommandLine, in the package or in Recurrence.
        command_line: Option<String>,
        /// The element that it stands in.
        command_parent: Option<String>,
        /// SourceFiles.
        source_files: Option<String>,
    }

    /// A PackageLocation.
    "package_location" as PackageLocation<'a> {
        /// The names of its elements.
        children: Vec<String>,
        /// PackageID.
        package_id: Option<String>,
        /// True where PackageID is the package that was asked for.
        asked: bool,
        /// So many Location elements stand in it.
        count: i64,
        /// The first of them, as many as lists hold.
        locations: Vec<Lent<'a, Location>>,
    }

    /// A Location.
    "location" as Location {
        /// The names of its elements.
        children: Vec<String>,
        /// True where it has the attribute `metric`.
        has_metric: bool,
        /// Attribute `metric`.
        metric: Option<String>,
        /// HTTP/URL.
        url: Option<String>,
        /// SMB/SMBPath.
        smb_path: Option<String>,
        /// DirectoryService/Name.
        directory: Option<String>,
        /// Each IPSubnets/Subnet.
        subnets: Vec<String>,
    }

    /// What the run knows of the target.
    "profile" as Profile {
        /// The generation axis: `4.2`, `5.0`, `6.0`.
        generation: String,
        /// The role of the target: `pull-server`.
        role: String,
        /// The URL.
        url: Option<String>,
    }
}

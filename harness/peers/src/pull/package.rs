//! A package as the administrator published it, and a report as he ordered it.
//!
//! How it is asked for stands in `admin`, who has it in `store`.

use assay_wire::pull::{
    FilterDraft, MOST_LONG, MOST_NAME, MOST_SHORT, OrderDraft, PackageDraft, RecurrenceDraft,
    ReportKind,
};

/// A package.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of a package, on its own"
)]
pub(crate) struct Package {
    /// Its id.
    pub(crate) id: String,
    /// False for one that is offered.
    pub(crate) required: bool,
    /// Its name.
    pub(crate) name: String,
    /// A short description.
    pub(crate) short: String,
    /// A long description.
    pub(crate) long: String,
    /// What is downloaded.
    pub(crate) data: Vec<u8>,
    /// Over which links, as it is written.
    pub(crate) flags: String,
    /// From when on, as it is written.
    pub(crate) start_time: String,
    /// True where that is UTC.
    pub(crate) utc: bool,
    /// Period and behavior of one that recurs.
    pub(crate) recurrence: Option<(String, String)>,
    /// Where the device keeps it.
    pub(crate) destination: String,
    /// What the device runs then.
    pub(crate) command: Option<String>,
    /// False where there is nothing to download.
    pub(crate) source_files: bool,
    /// True where its URL is that of a folder.
    pub(crate) collection: bool,
}

/// An order for a report.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Of what.
    pub(crate) kind: ReportKind,
    /// False to end it.
    pub(crate) enabled: bool,
    /// How often, as it is written.
    pub(crate) interval: String,
    /// Which files.
    pub(crate) filters: Vec<Filter>,
}

/// Which files a report is about.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) pattern: String,
    pub(crate) path: String,
    pub(crate) recursive: Option<bool>,
    pub(crate) exclude_compressed: Option<bool>,
    pub(crate) exclude_encrypted: Option<bool>,
}

impl Package {
    /// Octets to download where nobody says which.
    pub(crate) fn octets(count: usize) -> Vec<u8> {
        (0..count)
            .map(|at| u8::try_from((at * 7 + at / 256) % 251).unwrap_or(0))
            .collect()
    }

    /// Its instructions, texts cut to what agents keep.
    pub(crate) fn draft(&self, source_files: bool) -> PackageDraft {
        let recurrence = self.recurrence.as_ref();
        PackageDraft {
            id: self.id.clone(),
            required: yes_no(self.required).to_owned(),
            name: cut(&self.name, MOST_NAME),
            short_description: Some(cut(&self.short, MOST_SHORT)),
            long_description: Some(cut(&self.long, MOST_LONG)),
            size: self.data.len().to_string(),
            flags: self.flags.clone(),
            start_time: self.start_time.clone(),
            utc: Some(self.utc.to_string()),
            recurrence: recurrence.map(|(interval, behavior)| RecurrenceDraft {
                interval: interval.clone(),
                behavior: behavior.clone(),
            }),
            local_destination: self.destination.clone(),
            command_line: self.command.clone(),
            source_files: source_files.then(|| yes_no(self.source_files).to_owned()),
        }
    }
}

impl Order {
    /// Its settings.
    pub(crate) fn draft(&self) -> OrderDraft {
        let text = |value: Option<bool>| value.map(|value| value.to_string());
        let filters = self.filters.iter().map(|filter| FilterDraft {
            filter: filter.pattern.clone(),
            path: filter.path.clone(),
            recursive: text(filter.recursive),
            exclude_compressed: text(filter.exclude_compressed),
            exclude_encrypted: text(filter.exclude_encrypted),
        });
        OrderDraft {
            enabled: Some(self.enabled.to_string()),
            filters: filters.collect(),
            ..OrderDraft::new(self.kind, &self.interval)
        }
    }
}

fn yes_no(value: bool) -> &'static str {
    if value { "Yes" } else { "No" }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

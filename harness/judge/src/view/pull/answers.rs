//! The nodes of what a management server answers: PollResponse, Instructions, PackageLocation.
//!
//! Of what a hostile answer has too much of, the first [`LONGEST_LIST`] are made; what is counted is
//! counted to the end.

use std::collections::BTreeSet;

use assay_wire::pull::{
    self as wire, Datetime, Instructions, PackageLocation, PollResponse, Text, flags,
};

use super::document::{Writer, value};
use super::{
    ClientSettings, FileFilter, Instruction, Interval, Location, PackageLocation as Located,
    PollResponse as Polled, ReportOrder,
};
use crate::node::{Lent, Subject};
use crate::rule::LONGEST_LIST;
use crate::view::http::{count, digits};

impl<'a> Writer<'a, '_> {
    pub(super) fn poll_response(&mut self, answer: &PollResponse<'_>) -> Lent<'a, Polled<'a>> {
        let settings = answer.settings.as_ref();
        let client = settings.and_then(|settings| settings.client.as_ref());
        self.parts.client = client.map(|client| self.client_settings(client));
        for order in answer.orders().iter().take(LONGEST_LIST) {
            let order = self.report_order(order);
            self.parts.orders.push(order);
        }
        let ids: Vec<Option<&str>> = answer
            .packages
            .iter()
            .map(|package| package.id.map(|id| id.value))
            .collect();
        let mut seen = BTreeSet::new();
        let fields = Polled {
            children: self.children(answer.root),
            has_settings: settings.is_some(),
            settings: settings
                .map(|settings| self.children(settings.node))
                .unwrap_or_default(),
            client_settings: self.parts.client,
            ordered: answer
                .orders()
                .iter()
                .take(LONGEST_LIST)
                .map(|order| order.kind.word().to_owned())
                .collect(),
            orders: self.parts.orders.clone(),
            has_applicable: answer.applicable.is_some(),
            packages: ids
                .iter()
                .flatten()
                .take(LONGEST_LIST)
                .map(|&id| id.to_owned())
                .collect(),
            package_count: count(ids.len()),
            all_named: ids
                .iter()
                .all(|id| id.is_some_and(|id| !id.trim().is_empty())),
            duplicates: !ids.iter().flatten().all(|id| seen.insert(id.trim())),
        };
        fields.at(self.arena, self.place(answer.root))
    }

    fn client_settings(&mut self, client: &wire::ClientSettings<'_>) -> Lent<'a, ClientSettings> {
        self.interval(client.poll_interval.as_ref());
        self.interval(client.retry_interval.as_ref());
        let fields = ClientSettings {
            children: self.children(client.node),
            has_version: client.version.is_some(),
            version: value(client.version.as_ref()),
            poll_server: self.text(client.poll_server.as_ref()),
            poll_interval: self.text(client.poll_interval.as_ref()),
            retry_count: self.text(client.retry_count.as_ref()),
            retry_interval: self.text(client.retry_interval.as_ref()),
        };
        fields.at(self.arena, self.place(client.node))
    }

    fn report_order(&mut self, order: &wire::ReportOrder<'_>) -> Lent<'a, ReportOrder<'a>> {
        self.interval(order.interval.as_ref());
        let room = LONGEST_LIST.saturating_sub(self.parts.filters.len());
        let mut wanted_files = Vec::new();
        let filters: Vec<Lent<'a, FileFilter>> = order
            .filters
            .iter()
            .take(room)
            .map(|filter| {
                let fields = FileFilter {
                    children: self.children(filter.node),
                    filter: self.text(filter.filter.as_ref()),
                    path: self.text(filter.path.as_ref()),
                    recursive: self.text(filter.recursive.as_ref()),
                    exclude_compressed: self.text(filter.exclude_compressed.as_ref()),
                    exclude_encrypted: self.text(filter.exclude_encrypted.as_ref()),
                };
                let shown = |text: &Option<String>| text.clone().unwrap_or_default();
                wanted_files.push(format!("{}|{}", shown(&fields.filter), shown(&fields.path)));
                fields.at(self.arena, self.place(filter.node))
            })
            .collect();
        let fields = ReportOrder {
            kind: order.kind.word().to_owned(),
            children: self.children(order.node),
            has_version: order.version.is_some(),
            enabled: self.text(order.enabled.as_ref()),
            wanted: order.is_enabled(),
            interval: self.text(order.interval.as_ref()),
            filters: filters.clone(),
            wanted_files,
        };
        let order = fields.at(self.arena, self.place(order.node));
        let filters = filters.into_iter().map(|filter| (filter, order));
        self.parts.filters.extend(filters);
        order
    }

    fn interval(&mut self, text: Option<&Text<'_>>) {
        let Some(text) = text.filter(|_| self.parts.intervals.len() < LONGEST_LIST) else {
            return;
        };
        let read = wire::Interval::parse(&text.value);
        let fields = Interval {
            of: self.tree.name(text.node).to_owned(),
            parent: self.parent(Some(text)).unwrap_or_default(),
            text: self.text(Some(text)).unwrap_or_default(),
            valid: read.is_some(),
            zero: read.is_some_and(|read| read.is_zero()),
            years: read.map_or(0, |read| i64::from(read.years)),
            months: read.map_or(0, |read| i64::from(read.months)),
        };
        let node = fields.at(self.arena, self.place(text.node));
        self.parts.intervals.push(node);
    }

    pub(super) fn instructions(&mut self, answer: &Instructions<'_>) {
        for package in answer.packages.iter().take(LONGEST_LIST) {
            let package = self.package(package);
            self.parts.instructions.push(package);
        }
    }

    fn package(&mut self, package: &wire::Package<'_>) -> Lent<'a, Instruction> {
        let recurrence = package.recurrence.as_ref();
        self.interval(recurrence.and_then(|it| it.interval.as_ref()));
        let trimmed = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.value.to_string());
        let id = trimmed(&package.id);
        let bits = trimmed(&package.flags).and_then(|text| flags(&text));
        let start = trimmed(&package.start_time);
        let fields = Instruction {
            children: self.children(package.node),
            asked: id.is_some() && id.as_deref() == self.asked,
            listed: id.is_some_and(|id| self.known.listed.contains(&id)),
            id: self.text(package.id.as_ref()),
            required: self.text(package.required.as_ref()),
            name: self.text(package.name.as_ref()),
            short_description: self.text(package.short_description.as_ref()),
            long_description: self.text(package.long_description.as_ref()),
            size: self.text(package.size.as_ref()),
            size_number: digits(trimmed(&package.size).as_deref()),
            flags: self.text(package.flags.as_ref()),
            flags_valid: bits.is_some(),
            flags_value: bits.map_or(0, i64::from),
            start_time: self.text(package.start_time.as_ref()),
            start_time_valid: start.is_some_and(|text| Datetime::parse(&text).is_some()),
            utc: value(package.utc.as_ref()),
            has_recurrence: recurrence.is_some(),
            recurrence: recurrence
                .map(|recurrence| self.children(recurrence.node))
                .unwrap_or_default(),
            interval: self.text(recurrence.and_then(|it| it.interval.as_ref())),
            behavior: self.text(recurrence.and_then(|it| it.behavior.as_ref())),
            local_destination: self.text(package.local_destination.as_ref()),
            destination_parent: self.parent(package.local_destination.as_ref()),
            command_line: self.text(package.command_line.as_ref()),
            command_parent: self.parent(package.command_line.as_ref()),
            source_files: self.text(package.source_files.as_ref()),
        };
        fields.at(self.arena, self.place(package.node))
    }

    pub(super) fn package_location(
        &mut self,
        answer: &PackageLocation<'_>,
    ) -> Lent<'a, Located<'a>> {
        for location in answer.all.iter().take(LONGEST_LIST) {
            let fields = Location {
                children: self.children(location.node),
                has_metric: location.metric.is_some(),
                metric: value(location.metric.as_ref()),
                url: self.text(location.url.as_ref()),
                smb_path: self.text(location.smb_path.as_ref()),
                directory: self.text(location.directory.as_ref()),
                subnets: location
                    .subnets
                    .iter()
                    .take(LONGEST_LIST)
                    .filter_map(|subnet| self.text(Some(subnet)))
                    .collect(),
            };
            let node = fields.at(self.arena, self.place(location.node));
            self.parts.locations.push(node);
        }
        let id = answer.package_id.as_ref();
        let fields = Located {
            children: self.children(answer.root),
            asked: id.is_some_and(|id| Some(id.value.as_ref()) == self.asked),
            package_id: self.text(id),
            count: count(answer.all.len()),
            locations: self.parts.locations.clone(),
        };
        fields.at(self.arena, self.place(answer.root))
    }
}

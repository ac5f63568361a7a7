//! A transaction set that no describer knows, such as one of another version: its segments, one by one.

use super::{Describer, Section, Table, Tone};
use crate::edi::TransactionSet;

impl Describer<'_> {
    pub(super) fn listing(&self, set: &TransactionSet) -> Section {
        let mut section = Section::new(format!("Transaction set {} ({})", set.control_number(), set.kind())).at(set.first_segment());
        section.fact("version", set.version());
        section.remark(Tone::Plain, "this transaction or version is not read here: its segments follow as they came");
        let mut table = Table::new(&[">number", "segment", "elements"]);
        for segment in set.segments() {
            let elements = (1..=segment.elements()).map(|n| self.free(&segment.text(n)));
            table.row(vec![
                segment.number().to_string(),
                segment.position().segment_id.to_string(),
                elements.collect::<Vec<_>>().join(" | "),
            ]);
        }
        section.table(table);
        section
    }
}

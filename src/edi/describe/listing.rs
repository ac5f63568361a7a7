//! A transaction set that has no describer of its own: its loops as the guide lays them out, segment by segment. One of a version that is
//! not supported: its segments, one after the other.

use super::{Describer, Section, Table, Tone};
use crate::edi::TransactionSet;
use crate::edi::explain::{meaning, owner};
use crate::edi::guide;
use crate::edi::mask::class::class;
use crate::edi::outline::{Branch, Placed, guide_of, outline};
use crate::edi::segment::Segment;
use crate::platform::phi::MASK;

impl Describer<'_> {
    pub(super) fn listing(&self, set: &TransactionSet) -> Section {
        let root = outline(set);
        let mut section = self.branch(&root);
        match guide_of(set) {
            Some(guide) => section.title = format!("Transaction set {}: {}, {}", set.control_number(), guide.name, set.kind()),
            None => {
                section.title = format!("Transaction set {}: {}, version {}", set.control_number(), set.kind(), set.version());
                section.remark(Tone::Bad, "this version is not supported: only its envelope was understood");
            }
        }
        section.at(set.first_segment())
    }

    fn branch(&self, branch: &Branch<'_>) -> Section {
        let name = branch.spec.map_or_else(String::new, |spec| format!("{} {}", spec.id, spec.name));
        let owner = owner(branch).map_or_else(String::new, |owner| format!(": {owner}"));
        let mut section = Section::new(format!("{name}{owner}")).at(branch.position().map_or(0, |position| position.segment));
        let mut table = Table::new(&[">number", "segment", "what it says"]);
        for placed in &branch.segments {
            let segment = placed.segment;
            table.row(vec![segment.number().to_string(), segment.position().segment_id.to_string(), self.said(placed)]);
        }
        section.table(table);
        section.parts = branch.branches.iter().map(|inner| self.branch(inner)).collect();
        section
    }

    /// The filled elements of a segment, each by its name.
    fn said(&self, placed: &Placed<'_>) -> String {
        let segment = placed.segment;
        let each = (1..=segment.elements()).flat_map(|n| {
            let count = segment.components(n).count();
            (1..=count).filter_map(move |c| self.element(segment, n, c))
        });
        each.collect::<Vec<_>>().join("; ")
    }

    fn element(&self, segment: Segment<'_>, n: usize, c: usize) -> Option<String> {
        let value = segment.component(n, c);
        let spec = guide::segment(segment.id()).and_then(|spec| spec.element(n));
        let part = spec.and_then(|spec| if spec.components().is_empty() { Some(spec) } else { spec.components().get(c - 1) });
        let shown = self.show_phi || class(&segment, n, c, value).is_shown();
        let text = String::from_utf8_lossy(value);
        let said = match part.filter(|_| shown).and_then(|part| meaning(segment, n, c, part, &text, self)) {
            Some(meaning) => format!("{text} ({meaning})"),
            None if shown => text.into_owned(),
            None => MASK.to_owned(),
        };
        (!value.is_empty()).then(|| part.map_or_else(|| said.clone(), |part| format!("{}: {said}", part.name)))
    }
}

//! E001, E002: every text of a claim fits into its element.

use std::fmt;

use crate::edi::Delimiters;
use crate::edi::charset;
use crate::edi::claim_837p::{Address, EntityName, Individual};

use super::super::case::Case;
use super::super::catalog::Findings;

/// Where a text stands. Written out only where something is wrong: a claim has some thirty texts, and nothing is wrong with most.
#[derive(Clone, Copy)]
struct Place<'a> {
    level: &'static str,
    /// The role or reference that the level is of, or the line's number.
    which: Which<'a>,
    element: &'static str,
    record: &'static str,
}

#[derive(Clone, Copy)]
enum Which<'a> {
    Only,
    Qualified(&'a str),
    Line(usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.which {
            Which::Only => write!(f, "{}", self.level)?,
            Which::Qualified(which) => write!(f, "{}*{which}", self.level)?,
            Which::Line(number) => write!(f, "{}[{number}]", self.level)?,
        }
        write!(f, " {} ({})", self.element, self.record)
    }
}

/// One text with its element and the lengths that the element takes.
struct Text<'a> {
    place: Place<'a>,
    value: &'a str,
    min: usize,
    max: usize,
    /// Names and addresses are normalised when written; identifiers go out as they are.
    free: bool,
}

/// Shows all texts of a claim that come from people's typing. Lengths: pyx12's maps of the guide (domain.md 0).
fn texts<'a>(case: &Case<'a>, see: &mut dyn FnMut(Text<'a>)) {
    let content = case.content;
    let mut all = Texts { see };
    all.entity("2010AA", Which::Only, "practice", &content.billing.name);
    all.address("2010AA", Which::Only, "practice", content.billing.address.as_ref());
    all.individual("2010BA", "coverage", &content.subscriber.person);
    let only = |level, element, record| Place { level, which: Which::Only, element, record };
    if let Some(group) = &content.subscriber.group_number {
        all.add(only("2000B", "SBR03", "coverage.group_number"), group, 1, 50, false);
    }
    all.add(only("2010BB", "NM103", "payer.name"), &content.subscriber.payer.name, 1, 60, true);
    all.add(only("2010BB", "NM109", "payer.payer_number"), &content.subscriber.payer.id.id, 2, 80, false);
    if let Some(patient) = &content.patient {
        all.individual("2010CA", "child", &patient.person);
    }
    // Receivers need keep no more than twenty characters of it (RFI 525).
    all.add(only("2300", "CLM01", "claim.pcn"), &content.claim.id, 1, 20, false);
    for provider in &content.claim.providers {
        let which = Which::Qualified(provider.role.as_str());
        all.entity("2310 NM1", which, "provider", &provider.name);
        all.address("2310 NM1", which, "location", provider.address.as_ref());
    }
    for (at, line) in content.claim.lines.iter().enumerate() {
        let place = |element, record| Place { level: "2400", which: Which::Line(at + 1), element, record };
        all.add(place("SV101-2", "charge_line.procedure_code"), &line.procedure.code, 1, 48, false);
        for reference in &line.references {
            all.add(place("REF02", "charge_line"), reference.id.as_str(), 1, 50, false);
        }
    }
}

struct Texts<'s, 'a> {
    see: &'s mut dyn FnMut(Text<'a>),
}

impl<'a> Texts<'_, 'a> {
    fn add(&mut self, place: Place<'a>, value: &'a str, min: usize, max: usize, free: bool) {
        (self.see)(Text { place, value, min, max, free });
    }

    fn entity(&mut self, level: &'static str, which: Which<'a>, record: &'static str, name: &'a EntityName) {
        let place = |element| Place { level, which, element, record };
        match name {
            EntityName::Organization(name) => self.add(place("NM103"), name, 1, 60, true),
            EntityName::Person(person) => {
                self.add(place("NM103"), person.last.as_str(), 1, 60, true);
                for (element, part, max) in [("NM104", &person.first, 35), ("NM105", &person.middle, 25)] {
                    if let Some(part) = part {
                        self.add(place(element), part.as_str(), 1, max, true);
                    }
                }
            }
        }
    }

    fn address(&mut self, level: &'static str, which: Which<'a>, record: &'static str, address: Option<&'a Address>) {
        let Some(address) = address else { return };
        let place = |element| Place { level, which, element, record };
        self.add(place("N301"), address.line1.as_str(), 1, 55, true);
        if let Some(line2) = &address.line2 {
            self.add(place("N302"), line2.as_str(), 1, 55, true);
        }
        self.add(place("N401"), address.city.as_str(), 2, 30, true);
        if let Some(state) = &address.state {
            self.add(place("N402"), state, 2, 2, false);
        }
        if let Some(zip) = &address.postal_code {
            self.add(place("N403"), zip.as_str(), 3, 15, false);
        }
    }

    fn individual(&mut self, level: &'static str, record: &'static str, person: &'a Individual) {
        self.entity(level, Which::Only, record, &person.name);
        self.address(level, Which::Only, record, person.address.as_ref());
    }
}

/// Whether a text consists of letters, digits and marks that any partner takes, with single spaces between them: nearly every one does, and
/// its normal form is as long as it is.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    let kept = text.bytes().all(|byte| {
        let taken =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b',' | b'/' | b'\'' | b'#') || (byte == b' ' && before != b' ');
        before = byte;
        taken
    });
    kept && (before != b' ' || text.is_empty())
}

/// E001: after normalisation no element holds a delimiter, a control character or one outside the sets of domain.md 1.1.
pub fn characters(case: &Case<'_>, findings: &mut Findings<'_>) {
    let delimiters = Delimiters::default();
    texts(case, &mut |text| {
        if is_plain(text.value) {
            return;
        }
        let normal = if text.free { charset::normalize(text.value, delimiters) } else { text.value.to_owned() };
        if charset::unsupported(&normal).is_some() || normal.bytes().any(|b| delimiters.contains(b)) {
            let path = text.place.to_string();
            let message = format!("{path} has characters that cannot be sent: spell it with letters, digits and common signs");
            findings.add(path, message);
        }
    });
}

/// E002: no element is longer or shorter than it may be. Names and ids are never cut.
pub fn lengths(case: &Case<'_>, findings: &mut Findings<'_>) {
    texts(case, &mut |text| {
        let length = match text.free && !is_plain(text.value) {
            true => charset::normalize(text.value, Delimiters::default()).chars().count(),
            false => text.value.chars().count(),
        };
        if !(text.min..=text.max).contains(&length) {
            let path = text.place.to_string();
            let message = format!("{path} must be {}–{} characters; it has {length}", text.min, text.max);
            findings.add(path, message);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{edits_of, well_child};
    use crate::edi::claim_837p::EntityName;

    #[test]
    fn e001_finds_a_delimiter_in_an_identifier_and_lets_accents_in_a_name_pass() {
        let mut claim = well_child();
        if let EntityName::Person(person) = &mut claim.subscriber.person.name {
            person.last = "Peña".into();
        }
        assert_eq!(edits_of(&claim), [""; 0]);
        claim.subscriber.payer.id.id = "009*00".to_owned();
        assert_eq!(edits_of(&claim), ["E001"]);
    }

    #[test]
    fn e001_finds_a_name_that_has_no_latin_form() {
        let mut claim = well_child();
        if let EntityName::Person(person) = &mut claim.subscriber.person.name {
            person.last = "李".into();
        }
        assert_eq!(edits_of(&claim), ["E001"]);
    }

    #[test]
    fn e002_takes_a_claim_number_of_twenty_characters_and_no_more() {
        let mut claim = well_child();
        claim.claim.id = "C".repeat(20);
        assert_eq!(edits_of(&claim), [""; 0]);
        claim.claim.id = "C".repeat(21);
        assert_eq!(edits_of(&claim), ["E002"]);
    }
}

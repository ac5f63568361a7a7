//! E001, E002: every text of a claim fits into its element.

use crate::edi::Delimiters;
use crate::edi::charset;
use crate::edi::claim_837p::{Address, EntityName, Individual};

use super::super::catalog::Findings;
use super::super::input::ScrubInput;

/// One text with its element and the lengths that the element takes.
struct Text<'a> {
    path: String,
    value: &'a str,
    min: usize,
    max: usize,
    /// Names and addresses are normalised when written; identifiers go out as they are.
    free: bool,
}

/// All texts of a claim that come from people's typing. Lengths: pyx12's maps of the guide (domain.md 0).
fn texts<'a>(input: &ScrubInput<'a>) -> Vec<Text<'a>> {
    let content = input.content;
    let mut all = Texts(Vec::new());
    all.entity("2010AA", "practice", &content.billing.name);
    all.address("2010AA", "practice", content.billing.address.as_ref());
    all.individual("2010BA", "coverage", &content.subscriber.person);
    all.opt("2000B SBR03 (coverage.group_number)", content.subscriber.group_number.as_deref(), 1, 50, false);
    all.add("2010BB NM103 (payer.name)", &content.subscriber.payer.name, 1, 60, true);
    all.add("2010BB NM109 (payer.payer_number)", &content.subscriber.payer.id.id, 2, 80, false);
    if let Some(patient) = &content.patient {
        all.individual("2010CA", "child", &patient.person);
    }
    // Receivers need keep no more than twenty characters of it (RFI 525).
    all.add("2300 CLM01 (claim.pcn)", &content.claim.id, 1, 20, false);
    for provider in &content.claim.providers {
        let path = format!("2310 NM1*{}", provider.role.as_str());
        all.entity(&path, "provider", &provider.name);
        all.address(&path, "location", provider.address.as_ref());
    }
    for (n, line) in content.claim.lines.iter().enumerate() {
        let n = n + 1;
        all.add(format!("2400[{n}] SV101-2 (charge_line.procedure_code)"), &line.procedure.code, 1, 48, false);
        for reference in &line.references {
            let path = format!("2400[{n}] REF*{}", reference.kind.as_str());
            all.add(path, reference.id.as_str(), 1, 50, false);
        }
    }
    all.0
}

struct Texts<'a>(Vec<Text<'a>>);

impl<'a> Texts<'a> {
    fn add(&mut self, path: impl Into<String>, value: &'a str, min: usize, max: usize, free: bool) {
        self.0.push(Text { path: path.into(), value, min, max, free });
    }

    fn opt(&mut self, path: impl Into<String>, value: Option<&'a str>, min: usize, max: usize, free: bool) {
        if let Some(value) = value {
            self.add(path, value, min, max, free);
        }
    }

    fn entity(&mut self, path: &str, record: &str, name: &'a EntityName) {
        match name {
            EntityName::Organization(name) => self.add(format!("{path} NM103 ({record}.name)"), name, 1, 60, true),
            EntityName::Person(person) => {
                self.add(format!("{path} NM103 ({record}.last_name)"), person.last.as_str(), 1, 60, true);
                self.opt(format!("{path} NM104 ({record}.first_name)"), person.first.as_ref().map(|n| n.as_str()), 1, 35, true);
                self.opt(format!("{path} NM105 ({record}.middle_name)"), person.middle.as_ref().map(|n| n.as_str()), 1, 25, true);
            }
        }
    }

    fn address(&mut self, path: &str, record: &str, address: Option<&'a Address>) {
        let Some(address) = address else { return };
        self.add(format!("{path} N301 ({record}.address)"), address.line1.as_str(), 1, 55, true);
        self.opt(format!("{path} N302 ({record}.address)"), address.line2.as_ref().map(|l| l.as_str()), 1, 55, true);
        self.add(format!("{path} N401 ({record}.city)"), address.city.as_str(), 2, 30, true);
        self.opt(format!("{path} N402 ({record}.state)"), address.state.as_deref(), 2, 2, false);
        self.opt(format!("{path} N403 ({record}.zip)"), address.postal_code.as_ref().map(|z| z.as_str()), 3, 15, false);
    }

    fn individual(&mut self, path: &str, record: &str, person: &'a Individual) {
        self.entity(path, record, &person.name);
        self.address(path, record, person.address.as_ref());
    }
}

/// E001: after normalisation no element holds a delimiter, a control character or one outside the sets of domain.md 1.1.
pub fn characters(input: &ScrubInput<'_>, findings: &mut Findings<'_>) {
    let delimiters = Delimiters::default();
    for text in texts(input) {
        let normal = if text.free { charset::normalize(text.value, delimiters) } else { text.value.to_owned() };
        if charset::unsupported(&normal).is_some() || normal.bytes().any(|b| delimiters.contains(b)) {
            let message = format!("{} has characters that cannot be sent: spell it with letters, digits and common signs", text.path);
            findings.add(text.path, message);
        }
    }
}

/// E002: no element is longer or shorter than it may be. Names and ids are never cut.
pub fn lengths(input: &ScrubInput<'_>, findings: &mut Findings<'_>) {
    let delimiters = Delimiters::default();
    for text in texts(input) {
        let length = if text.free { charset::normalize(text.value, delimiters).chars().count() } else { text.value.chars().count() };
        if !(text.min..=text.max).contains(&length) {
            let message = format!("{} must be {}–{} characters; it has {length}", text.path, text.min, text.max);
            findings.add(text.path, message);
        }
    }
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

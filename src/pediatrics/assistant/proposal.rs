//! What is proposed: lines with their reasons, and what is left to a person.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;

use crate::pediatrics::Rule;
use crate::pediatrics::due_list::{Billed, Due, due};
use crate::pediatrics::modifiers::PED_64;
use crate::pediatrics::vfc::style::Charge;
use crate::pediatrics::visits::{Visit, visit};
use crate::reference::modifier::lookup;
use crate::reference::{Icd10, Modifier, PlaceOfService, ProcedureCode};

/// Why something is proposed or found: the rule, and what it says here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: &'static Rule,
    /// One sentence; no PHI.
    pub says: Cow<'static, str>,
}

/// One line that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is billed.
    pub code: ProcedureCode,
    /// Why this code.
    pub reason: Reason,
    /// Its modifiers, in order, each with its reason.
    pub marks: Vec<Mark>,
    /// A modifier that the payer lets pass and does not ask for.
    pub tolerated: Option<Modifier>,
    /// How often.
    pub units: u32,
    /// What it is for, the main reason first, at most four.
    pub diagnoses: Vec<Icd10>,
    /// What it is charged at.
    pub charge: Charge,
    /// Where, when not at the visit's usual place.
    pub place: Option<PlaceOfService>,
    /// The doses it bills, as positions in the encounter's.
    pub doses: Vec<usize>,
}

/// A modifier of a proposed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub modifier: Modifier,
    /// Why.
    pub reason: Reason,
}

/// Something for a person: a fact that is missing, or a line that is not proposed and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Why.
    pub reason: Reason,
    /// The dose concerned, as a position.
    pub dose: Option<usize>,
}

/// What a skilled coder would bill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The diagnoses in the order of the claim, none twice.
    pub diagnoses: Vec<Icd10>,
    /// The lines: visits, vaccines, then other services.
    pub lines: Vec<Line>,
    /// What is left to a person.
    pub notes: Vec<Note>,
    /// A problem visit took place and nothing tells its level: whatever is entered stands.
    pub level_open: bool,
    /// A dose was given whose administration no rule tells: whatever is entered stands.
    pub administration_open: bool,
}

/// Most diagnoses that a line points to (X12 SV107).
pub(super) const POINTERS_MAX: usize = 4;

impl Proposal {
    /// Adds the modifiers that a payer wants on codes by a list of its own, such as EP on screenings or 33 on preventive tests. `wanted`
    /// tells them for a code at the child's age.
    pub fn require<I: IntoIterator<Item = Modifier>>(&mut self, wanted: impl Fn(ProcedureCode) -> I) {
        for line in &mut self.lines {
            for modifier in wanted(line.code) {
                line.mark(modifier, &PED_64, "The payer's own list asks for the modifier on this code.");
            }
            line.order_marks();
        }
    }

    /// What was due at the child's age and stands neither in the history nor among the proposed lines: a list to ask about before the
    /// family leaves (PED-59), empty when no well visit is proposed. `history`: what was billed before this day.
    #[must_use]
    pub fn still_due(&self, birth: Date, service_date: Date, medicaid: bool, history: &[Billed]) -> Vec<Due> {
        if !self.lines.iter().any(|line| visit(line.code) == Some(Visit::Preventive)) {
            return Vec::new();
        }
        let today = self.lines.iter().map(|line| Billed { service_date, code: line.code, units: line.units });
        let billed: Vec<Billed> = history.iter().copied().chain(today).collect();
        due(birth, service_date, medicaid, &billed)
    }

    /// Adds a line of one unit at the practice's fee.
    pub(super) fn line(
        &mut self,
        code: ProcedureCode,
        diagnoses: Vec<Icd10>,
        rule: &'static Rule,
        says: impl Into<Cow<'static, str>>,
    ) -> &mut Line {
        let mut diagnoses = diagnoses;
        diagnoses.truncate(POINTERS_MAX);
        let at = self.lines.len();
        self.lines.push(Line {
            code,
            reason: Reason { rule, says: says.into() },
            marks: Vec::new(),
            tolerated: None,
            units: 1,
            diagnoses,
            charge: Charge::Fee,
            place: None,
            doses: Vec::new(),
        });
        &mut self.lines[at]
    }

    pub(super) fn note(&mut self, rule: &'static Rule, says: impl Into<Cow<'static, str>>) {
        self.notes.push(Note { reason: Reason { rule, says: says.into() }, dose: None });
    }

    pub(super) fn note_on(&mut self, dose: usize, rule: &'static Rule, says: impl Into<Cow<'static, str>>) {
        self.notes.push(Note { reason: Reason { rule, says: says.into() }, dose: Some(dose) });
    }

    /// Adds a diagnosis unless it is there.
    pub(super) fn diagnosis(&mut self, code: Icd10) {
        if !self.diagnoses.contains(&code) {
            self.diagnoses.push(code);
        }
    }
}

/// As people write it, with the reasons: `99392-25 ×1 → Z00.129: The age … (PED-01). The payer … (PED-06).`
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        self.modifiers().try_for_each(|modifier| write!(f, "-{modifier}"))?;
        write!(f, " ×{} →", self.units)?;
        self.diagnoses.iter().try_for_each(|diagnosis| write!(f, " {}", diagnosis.dotted()))?;
        write!(f, ": {}", self.reason)?;
        self.marks.iter().try_for_each(|mark| write!(f, " {}", mark.reason))
    }
}

/// The sentence with the rule's id in front of its full stop.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}).", self.says.trim_end_matches('.'), self.rule.id)
    }
}

impl Line {
    /// Its modifiers, in order.
    pub fn modifiers(&self) -> impl Iterator<Item = Modifier> {
        self.marks.iter().map(|mark| mark.modifier)
    }

    /// Adds a modifier with its reason, unless it is there.
    pub(super) fn mark(&mut self, modifier: Modifier, rule: &'static Rule, says: impl Into<Cow<'static, str>>) {
        if !self.modifiers().any(|known| known == modifier) {
            self.marks.push(Mark { modifier, reason: Reason { rule, says: says.into() } });
        }
    }

    /// Puts pricing modifiers first (PED-64).
    pub(super) fn order_marks(&mut self) {
        self.marks.sort_by_key(|mark| !lookup(mark.modifier).is_some_and(|known| known.pricing));
    }
}

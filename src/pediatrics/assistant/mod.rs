//! The charge assistant: from what happened at a visit to the lines that a skilled pediatric coder would bill to one payer, each with
//! the rules that say so; and what differs in the lines that somebody entered.
//!
//! Takes facts ([`Encounter`]) and the payer's choices ([`Choices`]); [`propose`] gives a [`Proposal`], [`compare`] the findings. Both
//! are advice: nothing here changes a charge. What the facts do not tell is a [`Note`] for a person, never a guess.
//!
//! A well visit at four years with two vaccines, a physician's counselling and a vision screening; first for a commercial plan, then, from
//! public stock, for Medicaid in style A:
//!
//! ```text
//! 99392-25 ×1 → Z00.129     99392-25 ×1 → Z00.129
//! 90710    ×1 → Z23         90710-SL ×1 → Z23       free
//! 90696    ×1 → Z23         90696-SL ×1 → Z23       free
//! 90460    ×2 → Z23         90460-SL ×2 → Z23
//! 90461    ×6 → Z23
//! 99177    ×1 → Z00.129     99177    ×1 → Z00.129
//! ```

mod compare;
mod propose;
mod services;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;

pub use compare::{Entered, Finding, Kind, compare};
pub use propose::propose;

use super::clia::Certificate;
use super::forms::Form;
use super::level::Work;
use super::modifiers::PED_64;
use super::nebulizer::Treatments;
use super::preventive::{self, PatientStatus};
use super::screening::Instruments;
use super::telehealth::Remote;
use super::vaccine_lines::{Given, Terms as VaccineTerms};
use super::vfc::style::Charge;
use super::visits::{NewPlusNew, WellPlusSick};
use super::{Age, Rule, after_hours, epsdt, newborn, telehealth};
use crate::reference::modifier::lookup;
use crate::reference::{Icd10, Modifier, PlaceOfService, ProcedureCode};

/// What kind of visit it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitKind {
    /// A well visit.
    Well,
    /// A visit for a problem.
    Problem,
    /// A well visit with separate work on a problem, documented as such.
    WellAndProblem,
    /// A visit for a form.
    Form {
        /// Which.
        form: Form,
        /// Whether the payer pays a well visit on this day.
        well_visit_due: bool,
        /// Whether something beyond the form was found or treated.
        medically_supported: bool,
    },
    /// By a nurse alone.
    Nurse,
    /// Doses, tests or other services without a visit.
    ServicesOnly,
    /// A day of the stay of birth, of a normal newborn.
    BirthStay(newborn::services::Day),
}

/// What a condition is to the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Treated today.
    Problem,
    /// Found at a well visit, without separate work.
    Finding,
    /// Known and stable: no abnormal finding (PED-03).
    Chronic,
}

/// A condition of the child at the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Which.
    pub code: Icd10,
    /// What it is to the visit.
    pub role: Role,
}

/// Counselling on vaccines that were not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counselling {
    /// Minutes that belong to nothing else.
    pub minutes: u16,
    /// Why they were not given: a complete code of Z28.
    pub reason: Icd10,
}

/// A screening, a procedure or another service with its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// What.
    pub code: ProcedureCode,
    /// How often; for questionnaires: instruments.
    pub count: u32,
    /// What it was for, where that is not what the visit was for.
    pub diagnosis: Option<Icd10>,
}

/// A test done in the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Test {
    /// What.
    pub code: ProcedureCode,
    /// How many results: 2 for influenza A and B.
    pub results: u32,
    /// Whether it screens a healthy child; else it is for the problem.
    pub screening: bool,
}

/// How blood was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Specimen {
    /// From a vein.
    Venous,
    /// From finger or heel.
    Capillary,
}

/// What happened at a visit.
#[derive(Clone, Copy, Debug)]
pub struct Encounter<'a> {
    /// When.
    pub service_date: Date,
    /// The child's age that day.
    pub age: Age,
    /// New or established.
    pub status: PatientStatus,
    /// What kind of visit.
    pub kind: VisitKind,
    /// What the level of a problem visit is computed from.
    pub work: Work,
    /// What the child has, the main reason first.
    pub conditions: &'a [Condition],
    /// Doses given.
    pub doses: &'a [Given],
    /// Counselling on vaccines that were not given.
    pub counselling: Option<Counselling>,
    /// Screenings.
    pub screenings: &'a [Service],
    /// Tests done in the practice.
    pub tests: &'a [Test],
    /// How blood was drawn, if it was.
    pub specimen: Option<Specimen>,
    /// Procedures and other services.
    pub procedures: &'a [Service],
    /// Nebulizer treatments.
    pub nebulizer: Option<Treatments>,
    /// Set for a visit at a distance.
    pub remote: Option<Remote>,
    /// When the visit began, by the posted hours.
    pub hours: after_hours::Hours,
}

impl Encounter<'_> {
    /// A visit at which nothing else happened.
    #[must_use]
    pub const fn new(service_date: Date, age: Age, status: PatientStatus, kind: VisitKind) -> Encounter<'static> {
        Encounter {
            service_date,
            age,
            status,
            kind,
            work: Work { decisions: None, minutes: None, billed_separately: 0 },
            conditions: &[],
            doses: &[],
            counselling: None,
            screenings: &[],
            tests: &[],
            specimen: None,
            procedures: &[],
            nebulizer: None,
            remote: None,
            hours: after_hours::Hours::Ordinary,
        }
    }
}

/// What a payer wants, and what the site may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Codes and styles of vaccines.
    pub vaccines: VaccineTerms,
    /// Whether it follows NCCI (PED-06).
    pub ncci: bool,
    /// Two new-patient codes on one day.
    pub new_plus_new: NewPlusNew,
    /// Sick beside well.
    pub well_plus_sick: WellPlusSick,
    /// From which age well visits take the adult diagnosis.
    pub adult_from_years: u16,
    /// EPSDT.
    pub epsdt: epsdt::Terms,
    /// Telehealth.
    pub telehealth: telehealth::Terms,
    /// After hours.
    pub after_hours: after_hours::Terms,
    /// Several questionnaires of one code.
    pub instruments: Instruments,
    /// Whether it pays counselling on vaccines that were not given.
    pub counselling_only: bool,
    /// Whether screenings that may be preventive or not carry 33.
    pub marks_preventive: bool,
    /// Whether fluoride varnish is billed by the dental code.
    pub dental_fluoride: bool,
    /// Whether the mother's depression screening goes on the child's claim.
    pub mother_on_child: bool,
    /// The site's CLIA certificate; `None`: not known.
    pub certificate: Option<Certificate>,
}

impl Choices {
    /// A commercial plan without wishes of its own, at a site with a certificate of waiver.
    pub const COMMERCIAL: Choices = Choices {
        vaccines: VaccineTerms::USUAL,
        ncci: true,
        new_plus_new: NewPlusNew::Allow,
        well_plus_sick: WellPlusSick::Pay,
        adult_from_years: preventive::ADULT_FROM_YEARS,
        epsdt: epsdt::Terms::NONE,
        telehealth: telehealth::Terms {
            video: telehealth::VideoMark::NinetyFive,
            audio: telehealth::AudioMark::NinetyThree,
            own_codes: false,
            well_visits: false,
        },
        after_hours: after_hours::Terms { outside_hours: false, posted_evenings: false },
        instruments: Instruments::Units,
        counselling_only: true,
        marks_preventive: false,
        dental_fluoride: false,
        mother_on_child: true,
        certificate: Some(Certificate::Waiver),
    };

    /// Medicaid with EPSDT and public stock in style A.
    pub const MEDICAID: Choices = Choices {
        epsdt: epsdt::Terms { program: true, ep: epsdt::EpOn::Nothing, s0302: false },
        counselling_only: false,
        ..Choices::COMMERCIAL
    };
}

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
const POINTERS_MAX: usize = 4;

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

    /// Adds a line of one unit at the practice's fee.
    fn line(&mut self, code: ProcedureCode, diagnoses: Vec<Icd10>, rule: &'static Rule, says: impl Into<Cow<'static, str>>) -> &mut Line {
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

    fn note(&mut self, rule: &'static Rule, says: impl Into<Cow<'static, str>>) {
        self.notes.push(Note { reason: Reason { rule, says: says.into() }, dose: None });
    }

    fn note_on(&mut self, dose: usize, rule: &'static Rule, says: impl Into<Cow<'static, str>>) {
        self.notes.push(Note { reason: Reason { rule, says: says.into() }, dose: Some(dose) });
    }

    /// Adds a diagnosis unless it is there.
    fn diagnosis(&mut self, code: Icd10) {
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
    fn mark(&mut self, modifier: Modifier, rule: &'static Rule, says: impl Into<Cow<'static, str>>) {
        if !self.modifiers().any(|known| known == modifier) {
            self.marks.push(Mark { modifier, reason: Reason { rule, says: says.into() } });
        }
    }

    /// Puts pricing modifiers first (PED-64).
    fn order_marks(&mut self) {
        self.marks.sort_by_key(|mark| !lookup(mark.modifier).is_some_and(|known| known.pricing));
    }
}

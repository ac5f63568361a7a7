//! The proposal for a stored visit, and what differs in the lines that were entered.

use jiff::civil::Date;

use super::facts::Facts;
use super::terms;
use crate::pediatrics::Age;
use crate::pediatrics::assistant::{Entered, Finding, Kind, Note, Proposal, Reason, compare, propose};
use crate::pediatrics::clia::Certificate;
use crate::pediatrics::due_list::{Billed, Due};
use crate::pediatrics::visits::visit;
use crate::pediatrics::{immunization_administration as administration, vaccine_counselling};
use crate::practice::rules::PayerRules;
use crate::reference::vaccine::Class;
use crate::reference::{Icd10, Modifier, ProcedureCode, vaccine};
use crate::revenue_cycle::encounter::record::{ChargeLine, Encounter};

/// What was charged at another visit of the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service<'a> {
    /// What, and when.
    pub billed: Billed,
    /// Taxonomy of who saw the child: it tells whether the child is known (PED-02).
    pub taxonomy: &'a str,
}

/// A stored visit with what is known around it.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The visit with its lines as entered, and its doses: they tell stock, route and counselling, which charges do not.
    pub encounter: &'a Encounter,
    /// When the child was born.
    pub birth: Date,
    /// What was charged at the child's other visits, on any date.
    pub history: &'a [Service<'a>],
    /// Taxonomy of who saw the child at this visit.
    pub taxonomy: &'a str,
    /// The rules of the first payer on the date of service.
    pub rules: &'a PayerRules,
    /// Whether the child has Medicaid on that date, first or not: more is due then (PED-59).
    pub medicaid: bool,
    /// What the site's laboratory may test; none: it has no CLIA number.
    pub certificate: Option<Certificate>,
}

/// What the assistant says about a visit.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// The lines that it would bill, and its notes for a person.
    pub proposal: Proposal,
    /// What differs in the lines that were entered; empty: nothing.
    pub findings: Vec<Finding>,
    /// At a well visit, what was due and was not billed; a list to ask about, no fault.
    pub due: Vec<Due>,
}

/// Compares a visit with what the rules propose for it. A visit before the child's birth gives nothing: its date is the fault then, and
/// the claim's edits say so.
#[must_use]
pub fn advise(of: &Visit<'_>) -> Advice {
    let encounter = of.encounter;
    let Ok(age) = Age::at(of.birth, encounter.service_date) else { return Advice::default() };
    let choices = terms::choices(of.rules, of.certificate);
    let facts = Facts::of(of, age);
    let mut proposal = propose(&facts.encounter(), &choices);
    proposal.notes.extend(uncertain_counselling(encounter));
    proposal.require(|code| of.rules.modifiers_required.of(code, age.years));

    let pointed: Vec<Vec<Icd10>> = encounter.lines.iter().map(|line| diagnoses_of(line, encounter)).collect();
    let entered: Vec<Entered<'_>> = encounter
        .lines
        .iter()
        .zip(&pointed)
        .map(|(line, diagnoses)| Entered { code: line.code, modifiers: &line.modifiers, units: line.units, diagnoses })
        .collect();
    let mut findings = compare(&proposal, &entered);
    findings.retain(|finding| {
        let proposed = finding.proposed.map(|at| proposal.lines[at].code);
        match finding.kind {
            Kind::Diagnosis => proposed.is_some_and(has_own_diagnosis),
            Kind::Units | Kind::Lines => proposed.is_none_or(|code| !facts.is_taken_as_entered(code)),
            Kind::ModifierExtra(modifier) => modifier != Modifier::QW || choices.certificate.is_some(),
            _ => true,
        }
    });
    // Where a note of the same rule says why a line is not proposed, the record does support it: the note is the reason.
    for finding in findings.iter_mut().filter(|finding| finding.kind == Kind::Superfluous) {
        let note = proposal.notes.iter().find(|note| note.reason.rule.id == finding.rule.id);
        if let (Some(note), Some(at)) = (note, finding.entered) {
            finding.says = format!("{} was entered. {}", entered[at].code, note.reason.says);
        }
    }
    let history: Vec<Billed> = of.history.iter().map(|service| service.billed).collect();
    let due = proposal.still_due(of.birth, encounter.service_date, of.medicaid, &history);
    Advice { proposal, findings, due }
}

/// A note for each vaccine of which nobody said whether the family was counselled on it: without that it goes by 90471 to 90474 (PED-10).
fn uncertain_counselling(encounter: &Encounter) -> impl Iterator<Item = Note> {
    let doses = encounter.details.doses.iter().enumerate().filter(|(_, dose)| dose.facts.counselled.is_none());
    doses.filter_map(|(at, dose)| {
        let code = encounter.lines.get(dose.line.checked_sub(1)?)?.code;
        let product = vaccine::product(code, Some(dose.facts.cvx)).filter(|product| product.class == Class::Vaccine)?;
        let says = format!("Nobody said whether a professional counselled on {}: it is proposed as given without, ask.", product.cpt);
        Some(Note { reason: Reason { rule: &administration::PED_10, says: says.into() }, dose: Some(at) })
    })
}

/// The diagnoses that a line points to, in order.
pub(super) fn diagnoses_of(line: &ChargeLine, encounter: &Encounter) -> Vec<Icd10> {
    line.pointers.iter().filter_map(|pointer| encounter.diagnoses.get(usize::from(*pointer).checked_sub(1)?)).copied().collect()
}

/// Whether the facts tell what a line is for: for other services its pointers alone do.
fn has_own_diagnosis(code: ProcedureCode) -> bool {
    visit(code).is_some()
        || vaccine::product(code, None).is_some()
        || administration::administers(code).is_some()
        || vaccine_counselling::is_counselling(code)
}

/// The kind of a finding as programs read it.
#[must_use]
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Missing => "missing",
        Kind::Superfluous => "superfluous",
        Kind::OtherCode => "other_code",
        Kind::Units => "units",
        Kind::Lines => "lines",
        Kind::ModifierMissing(_) => "modifier_missing",
        Kind::ModifierExtra(_) => "modifier_extra",
        Kind::Diagnosis => "diagnosis",
    }
}

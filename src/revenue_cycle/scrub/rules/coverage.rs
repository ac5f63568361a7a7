//! E062–E065, E067: whether this payer is the one to be asked now, and allowed to be.

use crate::edi::claim_837p::ReferenceKind;
use crate::pediatrics::medicaid::is_preventive;
use crate::practice::model::PayerClass;
use crate::practice::rules::PreventiveTpl;
use crate::revenue_cycle::encounter::Eligibility;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::input::OtherCoverage;

const SBR: &str = "2000B SBR01 (coverage.rank)";

/// A payer's place by its class, whatever the families are like: plans before TRICARE, TRICARE before Medicaid and CHIP (PED-40, step 0).
fn place(class: PayerClass) -> u8 {
    match class {
        PayerClass::Commercial | PayerClass::Other => 0,
        PayerClass::Tricare => 1,
        PayerClass::MedicaidFfs | PayerClass::MedicaidMco | PayerClass::Chip => 2,
        PayerClass::SelfPay => 3,
    }
}

/// E062: coverages are ranked as their classes demand. Needs the child's coverages. Medicaid before another payer is E063's; the order of
/// two parents' plans depends on custody, which is not recorded.
pub fn order(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(rank) = case.coverage.rank.filter(|_| !case.payer.class.is_medicaid()) else { return };
    let own = place(case.payer.class);
    let misplaced =
        |other: &&OtherCoverage| (other.rank < rank && place(other.class) > own) || (other.rank > rank && place(other.class) < own);
    for other in case.coverage.others.iter().filter(misplaced) {
        let (first, then) =
            if place(other.class) < own { (&*other.payer_name, case.payer.name) } else { (case.payer.name, &*other.payer_name) };
        findings.add(SBR, format!("Check which plan is primary: {first} pays before {then}, whatever the family says")).found(rank);
    }
}

/// E063: Medicaid is asked when every other coverage has been, but for preventive services alone where the state pays and recovers itself
/// (PED-31). Needs the child's coverages.
pub fn last_resort(case: &Case<'_>, findings: &mut Findings<'_>) {
    let preventive = case.lines.iter().all(|line| line.code.is_some_and(is_preventive));
    if preventive && case.payer.rules.preventive_tpl == PreventiveTpl::PayAndChase {
        return;
    }
    let asked = |other: &&OtherCoverage| case.content.claim.other_payers.iter().any(|payer| payer.payer.id.id == other.payer_number);
    let before_medicaid = |other: &&OtherCoverage| place(other.class) < place(PayerClass::MedicaidFfs);
    for other in case.coverage.others.iter().filter(before_medicaid).filter(|other| !asked(other)) {
        findings.add(SBR, format!("Bill {} first: {} pays after all others", other.payer_name, case.payer.name)).found(&other.payer_name);
    }
}

/// E064: what the eligibility check at check-in said. Needs its answer; a practice that does not record one is not asked.
pub fn eligibility(case: &Case<'_>, findings: &mut Findings<'_>) {
    let status = match case.visit.answers.eligibility {
        Some(Eligibility::Inactive) => "not covered on the date of service",
        Some(Eligibility::Unanswered) => "the payer gave no answer that tells",
        Some(Eligibility::Active) | None => return,
    };
    findings.add("2010BA NM109 (encounter.answers.eligibility)", format!("Eligibility: {status}; check the coverage again"));
}

/// A newborn's claims wait for the child's own coverage so long (domain.md 1.4).
const NEWBORN_DAYS: u32 = 60;

/// E065: a newborn is enrolled before its claims leave. Needs the first day of the coverage.
pub fn newborn(case: &Case<'_>, findings: &mut Findings<'_>) {
    if case.age.is_some_and(|age| age.days <= NEWBORN_DAYS) && case.coverage.own_enrolment == Some(false) {
        let message = format!(
            "Newborn coverage pending: {} covers the parent since before the birth; confirm that the child is enrolled, within the plan's days",
            case.payer.name
        );
        findings.add("2010BA NM109 (coverage.effective_from)", message);
    }
}

/// E067: codes for which the payer wants an authorization or a referral have its number (payer rules `authorization_required` and
/// `referral_required`); and an authorization was valid on the date of service and had units left, which needs its terms.
pub fn authorization(case: &Case<'_>, findings: &mut Findings<'_>) {
    let path = "2300 REF*G1 (encounter.authorization)";
    let rules = case.payer.rules;
    let asked = [
        (&rules.authorization_required, ReferenceKind::PriorAuthorization, "prior authorization"),
        (&rules.referral_required, ReferenceKind::Referral, "referral"),
    ];
    for (codes, kind, what) in asked.into_iter().filter(|(codes, ..)| !codes.is_empty()) {
        let on_claim = case.content.claim.reference(&kind).is_some();
        let lacks =
            |line: &&Line<'_>| line.code.is_some_and(|code| codes.covers(code)) && !on_claim && line.sent.reference(&kind).is_none();
        for line in case.lines.iter().filter(lacks) {
            let message = format!("Authorization: {} wants the number of a {what} for {}", case.payer.name, line.text());
            findings.add(line.path(&format!("REF*{} (encounter.authorization)", kind.as_str())), message).found(line.text());
        }
    }
    let (Some(terms), Some(day)) = (&case.visit.answers.authorization_terms, case.day) else { return };
    if terms.from.is_some_and(|from| day < from) || terms.to.is_some_and(|to| to < day) {
        findings.add(path, format!("Authorization: it does not cover {day}")).found(day);
    }
    if terms.units_left == Some(0) {
        findings.add(path, "Authorization: no unit was left before this visit").found(0);
    }
}

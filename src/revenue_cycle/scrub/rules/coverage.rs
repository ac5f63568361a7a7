//! E062–E065, E067: whether this payer is the one to be asked now, and allowed to be.

use jiff::ToSpan;

use crate::edi::claim_837p::ReferenceKind;
use crate::pediatrics::cob::PlanClass;
use crate::pediatrics::medicaid::{self, Medicaid, is_preventive};
use crate::pediatrics::newborn::coverage::{self, Billing, NewbornMode, ParentCoverage};
use crate::practice::model::PayerClass;
use crate::practice::rules::PayerRules;
use crate::revenue_cycle::encounter::Eligibility;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::input::OtherCoverage;

const SBR: &str = "2000B SBR01 (coverage.rank)";

/// E062: coverages are ranked as their kinds demand: a plan without rules of coordination, other plans, TRICARE, Medicaid and CHIP (PED-40,
/// step 0). Needs the child's coverages. Medicaid before another payer is E063's; the order of two parents' plans depends on custody,
/// which is not recorded: `coverage order` asks for it.
pub fn order(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(rank) = case.coverage.rank.filter(|_| !case.payer.class.is_medicaid()) else { return };
    let own = case.payer.rules.plan_class(case.payer.class);
    let misplaced = |other: &&OtherCoverage| (other.rank < rank && other.plan > own) || (other.rank > rank && other.plan < own);
    for other in case.coverage.others.iter().filter(misplaced) {
        let (first, then) = if other.plan < own { (&*other.payer_name, case.payer.name) } else { (case.payer.name, &*other.payer_name) };
        findings.add(SBR, format!("Check which plan is primary: {first} pays before {then}, whatever the family says")).found(rank);
    }
}

/// E063: Medicaid is asked when every other coverage has answered, but for preventive services where the state pays and recovers itself, or
/// has waited long enough for an answer (PED-31). Needs the child's coverages.
pub fn last_resort(case: &Case<'_>, findings: &mut Findings<'_>) {
    let answered = |other: &&OtherCoverage| case.content.claim.other_payers.iter().any(|payer| payer.payer.id.id == other.payer_number);
    let before_medicaid = |other: &&OtherCoverage| other.plan < PlanClass::MedicaidOrChip;
    let preventive = case.lines.iter().all(|line| line.code.is_some_and(is_preventive));
    for other in case.coverage.others.iter().filter(before_medicaid).filter(|other| !answered(other)) {
        let unanswered = medicaid::OtherCoverage { billed: other.billed, adjudicated: false, absent_parent: false };
        let asked = other.billed.map_or_else(String::new, |day| format!("; it was asked on {day}, and its answer is not on this claim"));
        let why = match medicaid::may_bill(&[unanswered], preventive, case.payer.rules.preventive_tpl, case.today) {
            Medicaid::AfterAll | Medicaid::PaysFirst | Medicaid::WaitedEnough => continue,
            Medicaid::NotBefore(day) => format!("{asked}: not before {day}"),
            Medicaid::AwaitAnswer | Medicaid::BillOtherFirst => asked,
        };
        let message = format!("Bill {} first: {} pays after all others{why}", other.payer_name, case.payer.name);
        findings.add(SBR, message).found(&other.payer_name);
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

/// What covers the parent, as far as the payer's rules tell: whom it covers without enrolment and how long the child can be enrolled (payer
/// rules `newborn_on_mother` and `newborn_window_days`).
fn parent_coverage(class: PayerClass, rules: &PayerRules) -> ParentCoverage {
    let days = rules.newborn_window_days;
    match (class.is_medicaid(), rules.newborn_on_mother) {
        (true, true) => ParentCoverage::MotherMedicaid(NewbornMode::MotherId { days }),
        (true, false) => ParentCoverage::MotherMedicaid(NewbornMode::OwnId),
        (false, covers) => ParentCoverage::Plan { automatic_days: if covers { days } else { 0 }, enrolment_days: days },
    }
}

/// E065: a newborn is enrolled before its claims leave; where the payer covers its first days by the parent's coverage (PED-52) the finding
/// says so, and a person decides not to wait. Needs the first day of the coverage.
pub fn newborn(case: &Case<'_>, findings: &mut Findings<'_>) {
    let (Some(birth), Some(day), Some(false)) = (case.content.birth_date(), case.day, case.coverage.own_enrolment) else { return };
    let (payer, path) = (case.payer.name, "2010BA NM109 (coverage.effective_from)");
    let enrol_by = birth.saturating_add(i64::from(case.payer.rules.newborn_window_days).days());
    match coverage::billing(birth, day, false, parent_coverage(case.payer.class, case.payer.rules)) {
        Billing::Hold { deadline, reason } => {
            findings.add(path, format!("Newborn coverage pending at {payer}: {reason}; the last day is {deadline}")).found(deadline);
        }
        Billing::UnderParent | Billing::UnderMotherId => {
            let message = format!(
                "Newborn coverage pending: {payer} covers the first days by the parent's coverage; the child must be enrolled by {enrol_by}"
            );
            findings.add(path, message).found(enrol_by);
        }
        Billing::OwnCoverage | Billing::NoCoverage => {}
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

#[cfg(test)]
mod tests {
    use super::super::super::model::Severity;
    use super::super::testing::World;
    use super::*;

    #[test]
    fn ped_52_a_newborn_waits_for_its_enrolment_and_is_told_where_the_parents_coverage_helps() {
        let found = |days, on_mother, window| {
            let mut world = World::visit(&["J029"], &["99213"]);
            world.aged_days(days);
            world.own_enrolment = Some(false);
            (world.rules.newborn_on_mother, world.rules.newborn_window_days) = (on_mother, window);
            let findings = world.findings();
            assert!(findings.iter().all(|finding| (&*finding.edit, finding.severity) == ("E065", Severity::Warning)));
            findings.iter().map(|finding| finding.message.contains("by the parent's coverage")).collect::<Vec<_>>()
        };
        assert_eq!((found(10, true, 30), found(10, false, 30)), (vec![true], vec![false]));
        assert_eq!((found(40, true, 30), found(40, true, 60), found(61, true, 30)), (vec![false], vec![true], vec![]));
    }

    #[test]
    fn ped_40_a_plan_without_rules_of_coordination_pays_first() {
        let mut world = World::visit(&["J029"], &["99213"]);
        let plan = PlanClass::NonGovernment;
        world.others =
            vec![OtherCoverage { payer_name: "Prairie".to_owned(), payer_number: "60054".to_owned(), plan, rank: 2, billed: None }];
        assert_eq!(world.edits(), [""; 0]);
        world.rank = Some(2);
        world.others[0].rank = 1;
        world.content.claim.other_payers.clear();
        assert!(!world.edits().contains(&"E062".to_owned()));
        world.rules.coordinates_benefits = false;
        assert!(world.edits().contains(&"E062".to_owned()));
    }
}

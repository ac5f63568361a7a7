//! What a payer decides: a claim, a plan and a scenario become the claim's part of a remittance. Pure; every result balances.

use jiff::civil::Date;

use super::config::Scenario;
use super::draw::Key;
use super::intake::{Person, SubmittedClaim, SubmittedLine};
use super::plan::{Plan, is_office_visit, is_preventive};
use crate::edi::Few;
use crate::edi::claim_837p::{Frequency, Responsibility};
use crate::edi::remittance_835::{
    Adjustment, CasGroup, ClaimPayment, ClaimStatus, Code, Party, PartyRole, QualifiedAmount, QualifiedDate, Reference, Remark, ServiceLine,
};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// A denial: CARC under group CO, and a RARC where the CARC asks for one.
struct Denial {
    reason: &'static str,
    remark: Option<&'static str>,
}

/// Why a whole claim is denied: before coverage began or after it ended, not identified, not authorized, not medically needed.
const CLAIM_DENIALS: [Denial; 5] = [
    Denial { reason: "27", remark: None },
    Denial { reason: "26", remark: None },
    Denial { reason: "31", remark: None },
    Denial { reason: "197", remark: None },
    Denial { reason: "50", remark: None },
];

/// Why one line is denied: bundled, or something is missing.
const LINE_DENIALS: [Denial; 4] = [
    Denial { reason: "97", remark: None },
    Denial { reason: "16", remark: Some("N290") },
    Denial { reason: "16", remark: Some("M119") },
    Denial { reason: "97", remark: Some("N19") },
];

/// Why a second claim for the same service is denied.
const DUPLICATE: Denial = Denial { reason: "18", remark: None };

/// What the payer made of a claim before it looked at the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It takes the course of a scenario.
    Scenario(Scenario),
    /// The payer has the same service already.
    Duplicate,
}

/// What the payer decides about a line.
enum Ruling<'a> {
    /// Paid up to what is allowed, less what the family owes of it.
    Allowed { allowed: Money, family: Vec<(&'static str, Money)> },
    /// Not paid.
    Denied(&'a Denial),
}

/// Adjudicates a claim, received on a day, under the payer's claim number `icn`.
#[must_use]
pub fn adjudicate(claim: &SubmittedClaim, plan: &Plan, course: Course, key: &Key, icn: String, received: Date) -> ClaimPayment {
    let rulings = rulings(claim, plan, course, key);
    let lines: Vec<ServiceLine> = claim.lines.iter().zip(&rulings).map(|(line, ruling)| line_payment(line, ruling)).collect();
    let owed = |adjustment: &&Adjustment| adjustment.group == CasGroup::PR;
    let family = lines.iter().flat_map(|line| &line.adjustments).filter(owed).map(|a| a.amount).sum();
    let allowed: Money = lines.iter().filter_map(ServiceLine::allowed).sum();
    ClaimPayment {
        segment: 0,
        header: "1".into(),
        pcn: if claim.pcn.is_empty() { "0".to_owned() } else { claim.pcn.clone() },
        status: status(&claim.responsibility),
        charge: lines.iter().map(|line| line.charge).sum(),
        paid: lines.iter().map(|line| line.paid).sum(),
        patient_responsibility: Some(family),
        filing_indicator: Some(filing_indicator(claim.filing_indicator.as_deref()).into()),
        icn,
        facility: Some(claim.place_of_service.as_str().into()).filter(|place: &Code| !place.is_empty()),
        frequency: Some(claim.frequency.as_str().into()),
        drg: [None, None, None],
        adjustments: Few::new(),
        parties: parties(claim),
        remarks: Vec::new(),
        references: references(claim),
        dates: [dated("050", received)].into(),
        contacts: Vec::new(),
        amounts: Some(QualifiedAmount { qualifier: "AU".into(), amount: allowed }).filter(|_| !allowed.is_zero()).into_iter().collect(),
        quantities: Few::new(),
        lines,
    }
}

/// The negation of an earlier payment: all amounts with the other sign, reasons and groups as they were (RFI 1147).
#[must_use]
pub fn reverse(original: &ClaimPayment) -> ClaimPayment {
    let mut reversal = original.clone();
    reversal.status = ClaimStatus::Reversal;
    reversal.patient_responsibility = None;
    reversal.amounts.clear();
    negate(&mut reversal.charge);
    negate(&mut reversal.paid);
    for line in &mut reversal.lines {
        negate(&mut line.charge);
        negate(&mut line.paid);
        line.amounts.clear();
        line.adjustments.iter_mut().for_each(|adjustment| negate(&mut adjustment.amount));
    }
    reversal
}

fn negate(amount: &mut Money) {
    *amount = -*amount;
}

fn rulings<'a>(claim: &SubmittedClaim, plan: &Plan, course: Course, key: &Key) -> Vec<Ruling<'a>> {
    let denied_line = match course {
        Course::Duplicate => return claim.lines.iter().map(|_| Ruling::Denied(&DUPLICATE)).collect(),
        Course::Scenario(Scenario::Denied) => {
            let denial = key.pick("claim denial", &CLAIM_DENIALS);
            return claim.lines.iter().map(|_| Ruling::Denied(denial)).collect();
        }
        Course::Scenario(Scenario::LineDenied) => {
            let charged: Vec<usize> = (0..claim.lines.len()).filter(|&at| claim.lines[at].charge > Money::ZERO).collect();
            if charged.is_empty() { None } else { Some(*key.pick("denied line", &charged)) }
        }
        Course::Scenario(_) => None,
    };
    let shares = course == Course::Scenario(Scenario::PatientShare);
    let mut deductible = if shares { plan.deductible.percent(key.between("deductible", 20, 100)) } else { Money::ZERO };
    let coinsurance = if shares { plan.coinsurance } else { 0 };
    let mut copay = plan.copay;
    let mut rulings = Vec::with_capacity(claim.lines.len());
    for (at, line) in claim.lines.iter().enumerate() {
        if denied_line == Some(at) {
            rulings.push(Ruling::Denied(key.pick("line denial", &LINE_DENIALS)));
            continue;
        }
        let code = line.procedure.code.as_str();
        let allowed = plan.allowed(code, &line.procedure.modifiers, line.units.as_whole().unwrap_or(1), line.charge);
        let mut family = Vec::new();
        if !is_preventive(code) {
            let mut left = allowed;
            let mut take = |reason, amount: Money| {
                let amount = amount.min(left);
                left -= amount;
                if amount > Money::ZERO {
                    family.push((reason, amount));
                }
                amount
            };
            if is_office_visit(code) {
                copay -= take("3", copay);
            }
            deductible -= take("1", deductible);
            let rest = allowed - family_total(&family);
            if coinsurance > 0 {
                family.push(("2", rest.percent(coinsurance)));
            }
            family.retain(|(_, amount)| *amount > Money::ZERO);
        }
        rulings.push(Ruling::Allowed { allowed, family });
    }
    rulings
}

fn family_total(family: &[(&'static str, Money)]) -> Money {
    family.iter().map(|(_, amount)| *amount).sum()
}

fn line_payment(line: &SubmittedLine, ruling: &Ruling<'_>) -> ServiceLine {
    let mut written = ServiceLine {
        segment: 0,
        procedure: line.procedure.clone(),
        charge: line.charge,
        paid: Money::ZERO,
        revenue_code: None,
        units: Some(line.units),
        submitted: None,
        submitted_units: None,
        dates: dates(line),
        adjustments: Few::new(),
        references: line.number.iter().map(|number| reference("6R", number)).collect(),
        amounts: Few::new(),
        quantities: Few::new(),
        remarks: Few::new(),
    };
    // A payer that follows others decides only about what they left; what they denied altogether is as if they had never been asked.
    let prior = line.prior.filter(|prior| !prior.paid.is_zero() || !prior.remaining.is_zero());
    let asked = prior.map_or(line.charge, |prior| prior.remaining);
    let mut adjust = |group, reason: &str, amount: Money| {
        if !amount.is_zero() {
            written.adjustments.push(Adjustment { segment: 0, group, reason: reason.into(), amount, quantity: None });
        }
    };
    adjust(CasGroup::OA, "23", line.charge - asked);
    match (ruling, prior) {
        (Ruling::Denied(denial), _) => {
            adjust(CasGroup::CO, denial.reason, asked);
            written.remarks = denial.remark.iter().map(|code| remark(code)).collect();
        }
        (Ruling::Allowed { allowed, .. }, Some(prior)) => {
            let paid = asked.min(*allowed - prior.paid).max(Money::ZERO);
            adjust(CasGroup::CO, "45", asked - paid);
            written.paid = paid;
            written.amounts.push(allowed_amount(*allowed));
        }
        (Ruling::Allowed { allowed, family }, None) => {
            adjust(CasGroup::CO, "45", asked - *allowed);
            family.iter().for_each(|(reason, amount)| adjust(CasGroup::PR, reason, *amount));
            written.paid = *allowed - family_total(family);
            written.amounts.push(allowed_amount(*allowed));
        }
    }
    written
}

/// The payer's place in the order of benefits (domain.md 2.2). A claim adjudicated to zero is processed all the same (RFI 1423).
fn status(responsibility: &Responsibility) -> ClaimStatus {
    match responsibility {
        Responsibility::Primary => ClaimStatus::Primary,
        Responsibility::Secondary => ClaimStatus::Secondary,
        _ => ClaimStatus::Tertiary,
    }
}

/// CLP06 knows fewer kinds of plan than SBR09: Blue Cross plans answer as PPO, commercial ones as indemnity, others as mutually defined.
fn filing_indicator(submitted: Option<&str>) -> &str {
    match submitted {
        Some("BL") => "12",
        Some("CI") => "15",
        Some(code) if ANSWERED.contains(&code) => code,
        _ => "ZZ",
    }
}

/// The kinds of plan that SBR09 and CLP06 share.
const ANSWERED: [&str; 18] = ["12", "13", "14", "15", "16", "17", "AM", "CH", "DS", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC"];

fn parties(claim: &SubmittedClaim) -> Vec<Party> {
    let member_id = || Some(claim.member_id.clone()).filter(|id| !id.reveal().is_empty());
    let party = |role, person: &Person, id: Option<Phi<String>>| Party {
        segment: 0,
        role,
        is_person: true,
        name: Some(person.last.clone().into()),
        first: person.first.clone().map(Into::into),
        middle: person.middle.clone().map(Into::into),
        suffix: person.suffix.clone().map(Into::into),
        id_qualifier: id.as_ref().map(|_| "MI".into()),
        id: id.map(Into::into),
    };
    let mut parties = Vec::new();
    match &claim.subscriber {
        None => parties.push(party(PartyRole::Patient, &claim.patient, member_id())),
        Some(subscriber) => {
            parties.push(party(PartyRole::Patient, &claim.patient, None));
            parties.push(party(PartyRole::Insured, subscriber, member_id()));
        }
    }
    if let Some(npi) = &claim.rendering_npi {
        let id = Some(Phi::from(npi.as_str()));
        let (name, first, middle, suffix) = (None, None, None, None);
        let id_qualifier = Some("XX".into());
        parties.push(Party { segment: 0, role: PartyRole::Rendering, is_person: true, name, first, middle, suffix, id_qualifier, id });
    }
    parties
}

fn references(claim: &SubmittedClaim) -> Few<Reference> {
    let corrected = if claim.frequency == Frequency::Replacement { claim.original_icn.as_deref() } else { None };
    corrected.map(|icn| reference("F8", icn)).into_iter().collect()
}

fn dates(line: &SubmittedLine) -> Few<QualifiedDate> {
    match line.dates {
        None => Few::new(),
        Some((first, last)) if first == last => [dated("472", first)].into(),
        Some((first, last)) => [dated("150", first), dated("151", last)].into(),
    }
}

fn dated(qualifier: &str, date: Date) -> QualifiedDate {
    QualifiedDate { qualifier: qualifier.into(), date }
}

fn reference(qualifier: &str, value: &str) -> Reference {
    Reference { qualifier: qualifier.into(), value: Phi::from(value) }
}

fn remark(code: &str) -> Remark {
    Remark { qualifier: "HE".into(), code: code.into() }
}

fn allowed_amount(amount: Money) -> QualifiedAmount {
    QualifiedAmount { qualifier: "B6".into(), amount }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clearinghouse::simulator::intake::{Prior, Route, claims_of};
    use crate::clearinghouse::simulator::tests::samples::{TODAY, Visit, batch, money, visit};

    fn submitted(visit: &Visit) -> SubmittedClaim {
        let route = Route {
            sender: ("ZZ".into(), "A".into()),
            receiver: ("ZZ".into(), "B".into()),
            application_sender: "A".into(),
            application_receiver: "B".into(),
            usage: "T".into(),
        };
        claims_of(&batch(1, std::slice::from_ref(visit)), &Arc::new(route)).remove(0)
    }

    fn plan() -> Plan {
        Plan { copay: money("25"), deductible: money("100"), coinsurance: 20, fee_level: 100, ..Plan::medicaid() }
    }

    fn decide(claim: &SubmittedClaim, scenario: Scenario) -> ClaimPayment {
        let payment = adjudicate(claim, &plan(), Course::Scenario(scenario), &claim.key(1), "ICN1".into(), TODAY);
        assert_balanced(&payment);
        payment
    }

    fn assert_balanced(payment: &ClaimPayment) {
        for line in &payment.lines {
            assert_eq!(line.charge - line.adjustments.iter().map(|a| a.amount).sum(), line.paid);
            assert!(line.paid.is_negative() == payment.is_reversal() || line.paid.is_zero());
        }
        assert_eq!(payment.lines.iter().map(|line| line.paid).sum::<Money>(), payment.paid);
    }

    fn adjustments(line: &ServiceLine) -> Vec<(&str, &str, String)> {
        line.adjustments.iter().map(|a| (a.group.as_str(), a.reason.as_str(), a.amount.to_string())).collect()
    }

    fn office_visit() -> Visit {
        Visit { lines: vec![("99213", "25", 150, 1), ("87880", "QW", 40, 1), ("90460", "", 105, 3)], ..visit(1) }
    }

    #[test]
    fn preventive_services_cost_the_family_nothing() {
        let payment = decide(&submitted(&visit(1)), Scenario::PatientShare);
        assert_eq!(payment.patient_responsibility, Some(Money::ZERO));
        assert_eq!(payment.paid, money("107") + money("105") + money("78"));
        assert_eq!(adjustments(&payment.lines[0]), [("CO", "45", "73.00".to_owned())]);
    }

    #[test]
    fn an_office_visit_costs_a_copay() {
        let payment = decide(&submitted(&office_visit()), Scenario::Paid);
        assert_eq!(adjustments(&payment.lines[0]), [("CO", "45", "55.00".to_owned()), ("PR", "3", "25.00".to_owned())]);
        assert_eq!(payment.lines[0].paid, money("70"));
        assert_eq!(payment.lines[0].allowed(), Some(money("95")));
        assert_eq!(payment.patient_responsibility, Some(money("25")));
    }

    #[test]
    fn deductible_and_coinsurance_follow_the_copay() {
        let claim = submitted(&office_visit());
        let payment = decide(&claim, Scenario::PatientShare);
        let deductible = money("100").percent(claim.key(1).between("deductible", 20, 100));
        let first = deductible.min(money("70"));
        let by_reason = |reason: &str| payment.all_adjustments().filter(|a| a.reason == *reason).map(|a| a.amount).sum::<Money>();
        assert_eq!(by_reason("3"), money("25"));
        assert_eq!(by_reason("1"), first + (deductible - first).min(money("18")));
        assert_eq!(by_reason("2"), (money("88") - by_reason("1")).percent(20));
        assert_eq!(payment.patient_responsibility, Some(by_reason("1") + by_reason("2") + by_reason("3")));
    }

    #[test]
    fn medicaid_leaves_nothing_to_the_family_and_pays_no_state_vaccine() {
        let claim = submitted(&Visit { lines: vec![("99213", "", 150, 1), ("90710", "SL", 0, 1), ("90697", "SL", 20, 1)], ..visit(1) });
        let payment = adjudicate(&claim, &Plan::medicaid(), Course::Scenario(Scenario::PatientShare), &claim.key(1), "1".into(), TODAY);
        assert_balanced(&payment);
        assert_eq!(payment.patient_responsibility, Some(Money::ZERO));
        assert_eq!((payment.lines[1].paid, adjustments(&payment.lines[1])), (Money::ZERO, vec![]));
        assert_eq!(adjustments(&payment.lines[2]), [("CO", "45", "20.00".to_owned())]);
    }

    #[test]
    fn a_denied_claim_is_processed_and_paid_nothing() {
        let payment = decide(&submitted(&visit(1)), Scenario::Denied);
        assert_eq!((payment.status.as_str(), payment.paid, payment.charge), ("1", Money::ZERO, money("460")));
        assert!(payment.all_adjustments().all(|a| a.group == CasGroup::CO && a.reason != *"45"));
    }

    #[test]
    fn one_denied_line_leaves_the_others_paid() {
        let payment = decide(&submitted(&visit(1)), Scenario::LineDenied);
        let denied: Vec<_> = payment.lines.iter().filter(|line| line.paid.is_zero()).collect();
        assert_eq!(denied.len(), 1);
        assert_eq!(denied[0].adjustments[0].amount, denied[0].charge);
        assert!(LINE_DENIALS.iter().any(|denial| denied[0].adjustments[0].reason == *denial.reason));
    }

    #[test]
    fn lines_echo_our_numbers_and_days() {
        let payment = decide(&submitted(&visit(1)), Scenario::Paid);
        let numbers: Vec<_> = payment.lines.iter().map(|line| line.line_number().unwrap()).collect();
        assert_eq!(numbers, ["C1-1", "C1-2", "C1-3"]);
        assert_eq!(payment.lines[0].service_date(), Some(visit(1).day));
        assert_eq!((payment.pcn.as_str(), payment.icn.as_str(), payment.date("050")), ("C1", "ICN1", Some(TODAY)));
    }

    /// The first cases of the table in domain.md 2.8, from the payer's side.
    #[test]
    fn a_secondary_payer_decides_only_about_what_the_primary_left() {
        let mut claim = submitted(&Visit { lines: vec![("J3490", "", 200, 1)], responsibility: Responsibility::Secondary, ..visit(1) });
        let mut after = |paid: &str, remaining: &str| {
            claim.lines[0].prior = Some(Prior { paid: money(paid), remaining: money(remaining) });
            decide(&claim, Scenario::Paid)
        };
        let shared = after("80", "60");
        assert_eq!(shared.status, ClaimStatus::Secondary);
        assert_eq!(adjustments(&shared.lines[0]), [("OA", "23", "140.00".to_owned()), ("CO", "45", "20.00".to_owned())]);
        assert_eq!(shared.paid, money("40"));
        assert_eq!(after("0", "0").paid, money("120"));
        assert_eq!(after("150", "50").paid, Money::ZERO);
    }

    #[test]
    fn a_reversal_negates_every_amount_and_keeps_every_reason() {
        let payment = decide(&submitted(&office_visit()), Scenario::PatientShare);
        let reversal = reverse(&payment);
        assert_balanced(&reversal);
        assert_eq!((reversal.status.as_str(), reversal.paid, reversal.charge), ("22", -payment.paid, -payment.charge));
        for (there, back) in payment.all_adjustments().zip(reversal.all_adjustments()) {
            assert_eq!((&there.group, &there.reason, there.amount), (&back.group, &back.reason, -back.amount));
        }
    }

    #[test]
    fn the_same_service_again_is_a_duplicate() {
        let claim = submitted(&visit(1));
        let payment = adjudicate(&claim, &plan(), Course::Duplicate, &claim.key(1), "1".into(), TODAY);
        assert!(payment.paid.is_zero() && payment.all_adjustments().all(|a| a.reason == *"18"));
    }
}

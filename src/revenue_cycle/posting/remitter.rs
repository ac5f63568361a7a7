//! Which of the child's payers sent a remittance claim: the remitting payer decides, not the claim that CLP01 names, because a payer to
//! whom a claim was forwarded answers with the primary's number (domain.md 2.8).

use jiff::civil::Date;

use super::model::{PayerFacts, Remitter, UnknownRemitter};
use crate::edi::remittance_835::ClaimStatus;
use crate::pediatrics::medicaid::{PatientShare, patient_share};
use crate::platform::ids::PayerId;
use crate::practice::rules::PayerRules;
use crate::revenue_cycle::ledger::model::PayerOrder;

/// The claim's own payer and place, and the child's payers on the day of service.
#[derive(Clone, Debug)]
pub struct Benefits<'a> {
    /// Whom the claim was asked of.
    pub claim_payer: PayerId,
    /// SBR01 of the claim as a place in the order.
    pub claim_order: Option<PayerOrder>,
    /// The date of service, for the payers' rules.
    pub on: Date,
    /// The child's payers on the day of service, by place.
    pub coverages: &'a [(PayerOrder, PayerId)],
}

/// Finds the remitter's place. `remitting`: the payer of the remittance, none when nobody here is known under its identifiers.
pub fn remitter(
    remitting: Option<PayerId>,
    status: &ClaimStatus,
    benefits: &Benefits<'_>,
    payers: &[PayerFacts],
) -> Result<Remitter, UnknownRemitter> {
    let facts = |id: PayerId| payers.iter().find(|payer| payer.id == id);
    let remitting = remitting.and_then(facts).ok_or(UnknownRemitter::Payer)?;
    let is_remitting = |id: PayerId| facts(id).is_some_and(|payer| payer.era_payer_id == remitting.era_payer_id);
    let said = status.payer_order().and_then(|rank| PayerOrder::new(rank.into()));
    let own = is_remitting(benefits.claim_payer).then_some(benefits.claim_order).flatten();
    // An insurer may hold two of the child's coverages; then the status tells which of them speaks.
    let forwarded = benefits.coverages.iter().filter(|(order, id)| is_remitting(*id) && Some(*order) != own);
    let other = forwarded.clone().find(|(order, _)| Some(*order) == said).or_else(|| forwarded.clone().next().filter(|_| own.is_none()));
    let (order, payer, of_claim) = match (own, other) {
        (_, Some((order, payer))) => (*order, *payer, false),
        (Some(order), None) => (order, benefits.claim_payer, true),
        (None, None) => return Err(UnknownRemitter::Coverage),
    };
    let speaking = facts(payer).unwrap_or(remitting);
    let rules = PayerRules::resolve(&speaking.rules, speaking.class, benefits.on);
    let medicaid = speaking.class.is_medicaid();
    Ok(Remitter {
        payer,
        order,
        next: benefits.coverages.iter().map(|(order, _)| *order).filter(|later| *later > order).min(),
        medicaid,
        shields_family: patient_share(medicaid) == PatientShare::Review || !rules.patient_share_billable,
        forwards: rules.crossover,
        of_claim,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::model::PayerClass;
    use crate::practice::rules::{DatedRule, Setting};
    use jiff::civil::date;

    const BLUE: PayerId = PayerId(1);
    const STATE: PayerId = PayerId(2);
    const BLUE_HMO: PayerId = PayerId(3);

    fn payers() -> Vec<PayerFacts> {
        let payer = |id, era: &str, class| PayerFacts { id, era_payer_id: era.to_owned(), class, rules: Vec::new() };
        vec![
            payer(BLUE, "E1", PayerClass::Commercial),
            payer(STATE, "E2", PayerClass::MedicaidFfs),
            payer(BLUE_HMO, "E1", PayerClass::Commercial),
        ]
    }

    fn ask(
        remitting: Option<PayerId>,
        status: ClaimStatus,
        claim: PayerId,
        coverages: &[(i64, PayerId)],
    ) -> Result<Remitter, UnknownRemitter> {
        let coverages: Vec<(PayerOrder, PayerId)> = coverages.iter().map(|(rank, id)| (PayerOrder::new(*rank).unwrap(), *id)).collect();
        let benefits =
            Benefits { claim_payer: claim, claim_order: Some(PayerOrder::PRIMARY), on: date(2026, 5, 18), coverages: &coverages };
        remitter(remitting, &status, &benefits, &payers())
    }

    #[test]
    fn the_claims_own_payer_is_the_remitter_and_names_who_comes_next() {
        let found = ask(Some(BLUE), ClaimStatus::Primary, BLUE, &[(1, BLUE), (2, STATE)]).unwrap();
        assert_eq!(
            (found.payer, found.order, found.next.map(PayerOrder::rank), found.of_claim),
            (BLUE, PayerOrder::PRIMARY, Some(2), true)
        );
        assert!(!found.medicaid);
    }

    #[test]
    fn a_forwarded_claim_belongs_to_the_payer_that_remits_and_never_to_a_second_primary() {
        let found = ask(Some(STATE), ClaimStatus::Secondary, BLUE, &[(1, BLUE), (2, STATE)]).unwrap();
        assert_eq!((found.payer, found.order.rank(), found.next, found.of_claim), (STATE, 2, None, false));
        assert!(found.medicaid && found.shields_family);
    }

    #[test]
    fn two_coverages_by_one_insurer_are_told_apart_by_the_status() {
        let coverages = [(1, BLUE), (2, BLUE_HMO)];
        assert_eq!(ask(Some(BLUE), ClaimStatus::Primary, BLUE, &coverages).unwrap().order.rank(), 1);
        assert_eq!(ask(Some(BLUE), ClaimStatus::Secondary, BLUE, &coverages).unwrap().order.rank(), 2);
        assert_eq!(ask(Some(BLUE), ClaimStatus::Reversal, BLUE, &coverages).unwrap().order.rank(), 1);
    }

    #[test]
    fn an_unknown_payer_and_a_payer_without_coverage_are_said_to_be_so() {
        assert_eq!(ask(None, ClaimStatus::Primary, BLUE, &[(1, BLUE)]), Err(UnknownRemitter::Payer));
        assert_eq!(ask(Some(STATE), ClaimStatus::Primary, BLUE, &[(1, BLUE)]), Err(UnknownRemitter::Coverage));
    }

    #[test]
    fn ped_32_a_payers_rules_say_whether_its_share_is_the_familys_and_medicaid_has_no_say() {
        let told = |class, key: &str, value: &str| {
            let rule = DatedRule { from: date(2026, 1, 1), to: None, setting: Setting::parse(key, value).unwrap() };
            let payers = [PayerFacts { id: BLUE, era_payer_id: "E1".to_owned(), class, rules: vec![rule] }];
            let coverages = [(PayerOrder::PRIMARY, BLUE)];
            let on = date(2026, 5, 18);
            let benefits = Benefits { claim_payer: BLUE, claim_order: Some(PayerOrder::PRIMARY), on, coverages: &coverages };
            let found = remitter(Some(BLUE), &ClaimStatus::Primary, &benefits, &payers).unwrap();
            (found.shields_family, found.forwards)
        };
        assert_eq!(told(PayerClass::Chip, "patient_share_billable", "yes"), (false, false));
        assert_eq!(told(PayerClass::Commercial, "patient_share_billable", "no"), (true, false));
        assert_eq!(told(PayerClass::MedicaidMco, "patient_share_billable", "yes"), (true, false));
        assert_eq!(
            (told(PayerClass::Chip, "crossover", "yes"), told(PayerClass::Commercial, "crossover", "no")),
            ((true, true), (false, false))
        );
    }
}

//! `edi-samples/835`.

use pediclaim::edi::remittance_835::{CasGroup, ClaimStatus, Level, PartyRole, PaymentMethod, Remittance, prove, read_835, write_835};
use pediclaim::platform::money::Money;

use super::{assert_written_back, exempt, folder, sample, sets};

const FOLDER: &str = "835";
const UNBALANCED: &str = "835/unbalanced";

fn read(folder: &str, name: &str) -> Vec<Remittance> {
    let sets = sets(&sample(folder, name));
    sets.iter()
        .map(|set| {
            let (remittance, findings) = read_835(set);
            assert_eq!(findings, [], "{name}");
            remittance
        })
        .collect()
}

fn first(name: &str) -> Remittance {
    read(FOLDER, name).remove(0)
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// Reasons and amounts of all PLB pairs.
fn pairs(remittance: &Remittance) -> Vec<(&str, Money)> {
    remittance.provider_adjustments.iter().map(|p| (&*p.reason, p.amount)).collect()
}

#[test]
fn each_remittance_sample_balances_and_is_written_back_to_the_byte() {
    for (name, text) in folder(FOLDER) {
        for remittance in read(FOLDER, &name) {
            let proof = prove(&remittance).unwrap_or_else(|faults| panic!("{name}: {}", faults[0]));
            assert_eq!(proof.payment, remittance.payment.amount);
        }
        assert_written_back(&name, &text, |set, w| write_835(&read_835(set).0, w));
    }
}

#[test]
fn a_second_implementation_understands_each_remittance_sample() {
    assert_eq!(exempt(FOLDER), [""; 0]);
}

#[test]
fn each_unbalanced_sample_fails_for_the_sum_that_it_is_named_for() {
    let sums = [
        ("claim-charge.edi", vec![Level::ClaimCharge]),
        ("claim.edi", vec![Level::Claim]),
        ("line.edi", vec![Level::Line, Level::Line]),
        ("payment-below-zero.edi", vec![Level::Payment]),
        ("payment.edi", vec![Level::Transaction]),
    ];
    let found: Vec<(String, Vec<Level>)> = folder(UNBALANCED)
        .into_iter()
        .map(|(name, _)| {
            let faults = prove(&read(UNBALANCED, &name).remove(0)).unwrap_err();
            (name, faults.iter().map(|fault| fault.level).collect())
        })
        .collect();
    assert_eq!(found, sums.map(|(name, levels)| (name.to_owned(), levels)));
}

#[test]
fn what_is_taken_back_and_what_interest_adds_stands_beside_the_claims() {
    assert_eq!(pairs(&first("paid-with-recovery-and-interest.edi")), [("WO", money("50")), ("L6", money("-1.25"))]);
    assert_eq!(pairs(&first("interest.edi")), [("L6", money("-1.37"))]);
    assert_eq!(first("interest.edi").claims[0].amount("I"), Some(money("1.37")));
    assert_eq!(pairs(&first("refund-acknowledged.edi")), [("72", money("-50")), ("WO", money("50"))]);
}

#[test]
fn a_reversal_negates_and_the_correction_names_what_it_corrects() {
    let remittance = first("reversal-and-correction.edi");
    let [reversal, correction] = &remittance.claims[..] else { panic!("two claims") };
    assert!(reversal.is_reversal() && !correction.is_reversal());
    assert_eq!((reversal.charge, correction.original_icn()), (-correction.charge, Some(reversal.icn.as_str())));
}

#[test]
fn what_could_not_be_taken_is_carried_forward_and_taken_later() {
    let carried = first("forward-balance.edi");
    let applied = first("forward-balance-applied.edi");
    assert_eq!((carried.payment.amount, &carried.payment.method), (Money::ZERO, &PaymentMethod::NoPayment));
    assert_eq!((pairs(&carried), pairs(&applied)), (vec![("FB", money("-25"))], vec![("FB", money("25"))]));
    assert_eq!(carried.provider_adjustments[0].reference, Some(carried.trace));
    let deferred = first("reversal-deferred.edi");
    assert!(deferred.claims[0].is_reversal());
    assert_eq!(pairs(&deferred), [("WO", deferred.claims[0].paid)]);
}

#[test]
fn the_patients_part_is_deductible_and_copay() {
    let remittance = first("deductible-and-copay.edi");
    let claim = &remittance.claims[0];
    let owed: Vec<_> = claim.all_adjustments().filter(|a| a.group == CasGroup::PR).map(|a| (&*a.reason, a.amount)).collect();
    assert_eq!(owed, [("1", money("18")), ("3", money("15"))]);
    assert_eq!((claim.patient_responsibility, claim.lines[0].allowed()), (Some(money("33")), Some(money("88"))));
    assert_eq!(claim.date("050"), Some(jiff::civil::date(2026, 10, 8)));
}

#[test]
fn a_denial_is_told_by_its_reasons_and_not_by_the_status() {
    let adjudicated = first("denied-for-missing-information.edi");
    let unknown = first("denied-patient-unknown.edi");
    assert_eq!((&adjudicated.claims[0].status, &unknown.claims[0].status), (&ClaimStatus::Primary, &ClaimStatus::Denied));
    assert_eq!((adjudicated.claims[0].paid, unknown.claims[0].paid), (Money::ZERO, Money::ZERO));
    assert_eq!(adjudicated.claims[0].lines[0].remarks[0].code, "N290");
}

#[test]
fn a_capitated_visit_pays_nothing_and_the_month_is_paid_beside_it() {
    let remittance = first("capitated.edi");
    let reasons: Vec<_> = remittance.claims[0].all_adjustments().map(|a| &*a.reason).collect();
    assert_eq!((reasons, pairs(&remittance)), (vec!["24"], vec![("CT", money("-640"))]));
}

#[test]
fn a_second_payer_repeats_what_the_first_one_did_as_oa_23() {
    let remittance = first("secondary.edi");
    let claim = &remittance.claims[0];
    assert_eq!(claim.status, ClaimStatus::Secondary);
    let echoed: Money = claim.all_adjustments().filter(|a| a.group == CasGroup::OA && a.reason == "23").map(|a| a.amount).sum();
    assert_eq!(echoed, money("96"));
}

#[test]
fn a_payer_may_change_procedure_and_units_and_bundle_a_line() {
    let remittance = first("procedure-changed.edi");
    let [changed, fewer, bundled] = &remittance.claims[0].lines[..] else { panic!("three lines") };
    assert_eq!((&*changed.procedure.code, &*changed.submitted_procedure().code), ("99213", "99214"));
    assert_ne!(fewer.units, fewer.submitted_units);
    assert_eq!((bundled.paid, &*bundled.adjustments[0].reason), (Money::ZERO, "97"));
}

#[test]
fn a_claim_may_have_been_forwarded_with_or_without_payment() {
    let paid = first("forwarded-to-medicaid.edi");
    assert_eq!(paid.claims[0].status, ClaimStatus::from("19"));
    assert!(paid.claims[0].party(&PartyRole::from("TT")).is_some());
    let unpaid = first("not-our-claim-and-predetermined.edi");
    assert_eq!(unpaid.claims.iter().map(|c| c.status.as_str()).collect::<Vec<_>>(), ["23", "25"]);
}

#[test]
fn a_file_may_hold_several_remittances() {
    for name in ["several-sets.edi", "several-interchanges.edi"] {
        let remittances = read(FOLDER, name);
        assert_eq!(remittances.len(), 2);
        assert_ne!(remittances[0].business_key(), remittances[1].business_key());
    }
}

#[test]
fn adjustments_of_the_whole_claim_stand_above_its_lines_or_instead_of_them() {
    let above = first("claim-level-adjustment.edi").claims.remove(0);
    assert_eq!(above.lines.iter().map(|line| line.paid).sum::<Money>() - above.adjustments[0].amount, above.paid);
    let instead = first("without-lines.edi");
    assert!(instead.claims[0].lines.is_empty() && instead.payment.method == PaymentMethod::Check);
}

#[test]
fn one_claim_of_ours_may_come_back_as_two() {
    let remittance = first("split-claim.edi");
    let [one, two] = &remittance.claims[..] else { panic!("two claims") };
    assert!(one.pcn == two.pcn && one.icn != two.icn);
}

#[test]
fn every_triple_and_every_pair_counts() {
    let remittance = first("many-adjustments.edi");
    assert_eq!((remittance.claims[0].all_adjustments().count(), remittance.provider_adjustments.len()), (10, 6));
}

#[test]
fn a_corrected_member_stands_beside_the_one_we_sent() {
    let remittance = first("corrected-member.edi");
    let id = |role: &str| remittance.claims[0].party(&PartyRole::from(role)).unwrap().id.as_ref().unwrap().reveal().clone();
    assert_ne!(id("74"), id("QC"));
    assert!(remittance.claims[0].date("036").is_some());
}

#[test]
fn a_vaccine_that_cost_nothing_is_paid_nothing_without_a_reason() {
    let remittance = first("vaccine-at-no-charge.edi");
    let line = &remittance.claims[0].lines[0];
    assert_eq!((line.charge, line.paid, line.adjustments.len()), (Money::ZERO, Money::ZERO, 0));
}

//! The test vectors of domain.md 2.5 and 2.8, and the gate of 5.2.

use super::samples::{Says, buckets, change, family_pays, line, order, reasons, states, usd, visit};
use crate::edi::remittance_835::Remark;
use crate::platform::clock::Millis;
use crate::platform::ids::RemittanceId;
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::model::{Account, Bucket, Family, TransferKind};
use crate::revenue_cycle::posting::decide::decide;
use crate::revenue_cycle::posting::line::MEDICAID_PAID_IN_FULL;
use crate::revenue_cycle::posting::model::{ClaimOutcome, Decision, EncounterFacts, LineFacts, Pending};
use crate::revenue_cycle::remittance::model::RemittanceClaimState::{Informational, Posted, Review, Waiting};

const PATIENT: Bucket = Bucket::Patient;

fn contra() -> Account {
    Account::Contra(Family::Contractual)
}

/// One claim decided alone.
fn one(facts: &mut EncounterFacts, says: Says<'_>) -> Decision {
    let pending = says.pending(facts);
    decide(facts, vec![pending]).remove(0)
}

/// The first payer's answer to a visit of one line, which must post.
fn primary(facts: &mut EncounterFacts, charge: &str, paid: &str, cas: &str, next: Option<i64>) {
    let decision = one(facts, Says { next, lines: vec![line(1, charge, paid, cas)], ..Says::default() });
    assert_eq!(decision.state, Posted, "{:?}", decision.notices);
}

/// What a later payer's answer writes off.
fn secondary(facts: &mut EncounterFacts, charge: &str, paid: &str, cas: &str, medicaid: bool) -> (Decision, Money) {
    // The claim's own lines keep their charge, whatever is open on the visit.
    let lines = vec![line(1, charge, paid, cas)];
    let mut pending = Says { id: 2, rank: 2, medicaid, status: "2", icn: "ICN2", lines, ..Says::default() }.pending(facts);
    for ours in pending.claim.iter_mut().flat_map(|claim| &mut claim.lines) {
        ours.charge = usd(charge);
    }
    let decision = decide(facts, vec![pending]).remove(0);
    let written_off = change(std::slice::from_ref(&decision), contra());
    (decision, written_off)
}

#[test]
fn row_1_a_secondary_pays_part_of_the_share_and_the_rest_is_written_off() {
    let mut facts = visit(&[usd("200")]);
    primary(&mut facts, "200", "80", "CO-45 60, PR-2 60", Some(2));
    assert_eq!(buckets(&facts), [(Bucket::Insurance(order(2)), usd("60"))].into());
    let (decision, written_off) = secondary(&mut facts, "200", "40", "OA-23 140, CO-45 20", false);
    assert_eq!((decision.state, written_off), (Posted, usd("20")));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn row_2_a_secondary_that_states_the_whole_difference_writes_off_the_residual_only() {
    let mut facts = visit(&[usd("200")]);
    primary(&mut facts, "200", "80", "CO-45 60, PR-2 60", Some(2));
    let (decision, written_off) = secondary(&mut facts, "200", "40", "CO-45 160", false);
    assert_eq!((decision.state, written_off), (Posted, usd("20")));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn row_3_after_a_primarys_denial_the_secondary_is_paid_and_written_off_in_full() {
    let mut facts = visit(&[usd("200")]);
    primary(&mut facts, "200", "0", "CO-109 200", Some(2));
    assert_eq!(buckets(&facts), [(Bucket::Denied(order(1)), usd("200"))].into());
    let (decision, written_off) = secondary(&mut facts, "200", "120", "CO-45 80", false);
    assert_eq!((decision.state, written_off), (Posted, usd("80")));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn row_4_medicaid_after_a_commercial_plan_writes_off_what_is_left_of_its_difference() {
    let mut facts = visit(&[usd("500")]);
    primary(&mut facts, "500", "300", "CO-45 125, PR-1 75", Some(2));
    let (decision, written_off) = secondary(&mut facts, "500", "65", "CO-45 435", true);
    assert_eq!((decision.state, written_off), (Posted, usd("10")));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn row_5_medicaid_that_pays_nothing_and_denies_nothing_is_payment_in_full() {
    let mut facts = visit(&[usd("200")]);
    primary(&mut facts, "200", "80", "CO-45 60, PR-2 60", Some(2));
    let (decision, written_off) = secondary(&mut facts, "200", "0", "OA-23 200", true);
    assert_eq!((decision.state, written_off), (Posted, usd("60")));
    let labels: Vec<_> = decision.journal.iter().flat_map(|j| &j.transfers).filter_map(|t| t.adjustment.as_deref()).collect();
    assert!(labels.contains(&MEDICAID_PAID_IN_FULL));
}

#[test]
fn row_5_the_same_from_a_commercial_plan_is_left_to_a_person() {
    let mut facts = visit(&[usd("200")]);
    primary(&mut facts, "200", "80", "CO-45 60, PR-2 60", Some(2));
    let (decision, _) = secondary(&mut facts, "200", "0", "OA-23 200", false);
    assert_eq!((decision.state, reasons(&[decision])), (Review, vec!["COB_REVIEW".to_owned()]));
}

#[test]
fn row_6_a_denial_by_medicaid_stays_a_denial_and_writes_nothing_off() {
    let mut facts = visit(&[usd("200")]);
    primary(&mut facts, "200", "80", "CO-45 60, PR-2 60", Some(2));
    let (decision, written_off) = secondary(&mut facts, "200", "0", "CO-16 60, OA-23 140", true);
    assert_eq!((decision.state, written_off), (Posted, Money::ZERO));
    assert_eq!(buckets(&facts), [(Bucket::Denied(order(2)), usd("60"))].into());
}

#[test]
fn row_7_a_secondary_that_echoes_the_payment_only_writes_off_what_is_open() {
    let mut facts = visit(&[usd("200")]);
    primary(&mut facts, "200", "80", "CO-45 60, PR-2 60", Some(2));
    let (decision, written_off) = secondary(&mut facts, "200", "40", "OA-23 80, CO-45 80", false);
    assert_eq!((decision.state, written_off), (Posted, usd("20")));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn row_8_a_negative_over_allowance_raises_the_line_and_is_no_overpayment() {
    let mut facts = visit(&[usd("541")]);
    primary(&mut facts, "541", "416", "CO-45 100, PR-2 25", Some(2));
    let (decision, written_off) = secondary(&mut facts, "541", "34", "OA-23 516, OA-94 -9", false);
    assert_eq!((decision.state, written_off), (Posted, usd("-9")));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn row_9_a_share_that_the_family_has_paid_ahead_leaves_nothing_due() {
    let mut facts = visit(&[usd("200")]);
    family_pays(&mut facts, 1, usd("25"));
    primary(&mut facts, "200", "80", "CO-45 60, PR-2 60", Some(2));
    let (decision, written_off) = secondary(&mut facts, "200", "35", "OA-23 140, PR-3 25", false);
    assert_eq!((decision.state, written_off), (Posted, Money::ZERO));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn a_claim_level_adjustment_lowers_the_cash_of_its_lines() {
    let mut facts = visit(&[usd("500")]);
    let decision = one(&mut facts, Says { cas: "CO-A2 50", lines: vec![line(1, "500", "500", "")], ..Says::default() });
    // CO-A2 is unknown to the table and something was paid: a person looks at it. With a known reason it posts.
    assert_eq!(decision.state, Review);
    let decision = one(&mut facts, Says { cas: "CO-45 50", lines: vec![line(1, "500", "500", "")], ..Says::default() });
    let paid: Money =
        decision.journal.iter().flat_map(|j| &j.transfers).filter(|t| t.kind() == TransferKind::InsPayment).map(|t| t.amount()).sum();
    assert_eq!((decision.state, paid), (Posted, usd("450")));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn a_paid_claim_moves_its_cash_from_unposted_to_its_lines() {
    let mut facts = visit(&[usd("180"), usd("90")]);
    let lines = vec![line(1, "180", "140", "CO-45 40"), line(2, "90", "0", "CO-97 90")];
    let decision = one(&mut facts, Says { lines, ..Says::default() });
    let decisions = [decision];
    assert_eq!(change(&decisions, Account::UnpostedCash), usd("140"));
    assert_eq!(change(&decisions, Account::RemittanceClearing), Money::ZERO);
    assert_eq!(change(&decisions, contra()), usd("40"));
    assert_eq!(buckets(&facts), [(Bucket::Denied(order(1)), usd("90"))].into());
    assert_eq!(reasons(&decisions), ["DENIAL_NCCI"]);
    assert_eq!(decisions[0].outcome.as_ref().unwrap().kind, ClaimOutcome::PaidPartly);
    let labels: Vec<_> = decisions[0].journal.iter().flat_map(|j| &j.transfers).map(|t| (t.adjustment.as_deref(), t.segment)).collect();
    assert!(labels.contains(&(Some("CO-45"), Some(31))) && labels.contains(&(Some("CO-97"), Some(31))));
}

#[test]
fn ped_32_a_medicaid_share_goes_to_a_person_and_its_money_stays_unposted() {
    let mut facts = visit(&[usd("100")]);
    let decision = one(&mut facts, Says { medicaid: true, lines: vec![line(1, "100", "80", "CO-45 15, PR-3 5")], ..Says::default() });
    assert_eq!((decision.state, decision.journal.is_none()), (Review, true));
    assert_eq!(reasons(&[decision]), ["MEDICAID_PATIENT_SHARE"]);
    assert_eq!(buckets(&facts), [(Bucket::Insurance(order(1)), usd("100"))].into());
}

#[test]
fn status_4_is_a_denial_whatever_the_reason() {
    let mut facts = visit(&[usd("100")]);
    let decision = one(&mut facts, Says { status: "4", lines: vec![line(1, "100", "0", "CO-45 100")], ..Says::default() });
    assert_eq!(decision.outcome.as_ref().unwrap().kind, ClaimOutcome::Denied);
    assert_eq!(buckets(&facts), [(Bucket::Denied(order(1)), usd("100"))].into());
}

#[test]
fn a_denial_that_leaves_it_to_the_remark_goes_to_whom_the_remark_names() {
    for (remarks, reason) in [(vec!["MA120"], "DENIAL_CREDENTIALING"), (vec!["N999", "M76"], "DENIAL_CODING"), (vec![], "DENIAL_BY_REMARK")]
    {
        let mut denied = line(1, "100", "0", "CO-16 100");
        denied.remarks = remarks.into_iter().map(|code| Remark { qualifier: "HE".into(), code: code.into() }).collect();
        let decision = one(&mut visit(&[usd("100")]), Says { lines: vec![denied], ..Says::default() });
        assert_eq!(reasons(&[decision]), [reason]);
    }
}

#[test]
fn a_deductible_pays_nothing_denies_nothing_and_is_the_familys() {
    let mut facts = visit(&[usd("100")]);
    let decision = one(&mut facts, Says { lines: vec![line(1, "100", "0", "CO-45 30, PR-1 70")], ..Says::default() });
    assert_eq!(decision.outcome.as_ref().unwrap().kind, ClaimOutcome::PaidNothing);
    assert_eq!(buckets(&facts), [(PATIENT, usd("70"))].into());
}

#[test]
fn every_reason_against_posting_is_told_at_once() {
    let mut facts = visit(&[usd("100"), usd("50")]);
    let lines = vec![line(1, "90", "80", "CR-45 10"), line(2, "50", "0", "OA-45 50")];
    let decision = one(&mut facts, Says { lines, ..Says::default() });
    assert_eq!(decision.state, Review);
    assert_eq!(reasons(&[decision]), ["CAS_GROUP", "LINE_CHARGE", "UNUSUAL_GROUP"]);
}

#[test]
fn a_predetermination_never_posts() {
    let mut facts = visit(&[usd("100")]);
    let decision = one(&mut facts, Says { status: "25", lines: vec![line(1, "100", "0", "OA-101 100")], ..Says::default() });
    assert_eq!((decision.state, decision.journal.is_none()), (Informational, true));
}

#[test]
fn a_second_payer_waits_for_the_first_and_follows_it_at_once() {
    let mut facts = visit(&[usd("200")]);
    let second = || Says { id: 2, rank: 2, status: "2", lines: vec![line(1, "200", "40", "OA-23 140, CO-45 20")], ..Says::default() };
    let waiting = second().pending(&facts);
    let alone = decide(&mut facts.clone(), vec![waiting.clone()]);
    assert_eq!((alone[0].state, reasons(&alone)), (Waiting, vec!["PRIOR_PAYER_NOT_POSTED".to_owned()]));
    let first = Says { next: Some(2), lines: vec![line(1, "200", "80", "CO-45 60, PR-2 60")], ..Says::default() }.pending(&facts);
    let both = decide(&mut facts, vec![waiting, first]);
    assert_eq!(states(&both), [(1, Posted), (2, Posted)].into());
    assert!(buckets(&facts).is_empty());
}

/// A reversal of a claim whose lines were as given.
fn reversal(id: i64, icn: &'static str, lines: Vec<crate::edi::remittance_835::ServiceLine>) -> Says<'static> {
    Says { id, status: "22", icn, lines, ..Says::default() }
}

#[test]
fn a_reversal_and_its_correction_end_with_the_corrections_balances_in_any_order() {
    let story = |facts: &EncounterFacts| {
        [
            Says { id: 1, icn: "OLD", lines: vec![line(1, "100", "60", "CO-45 30, PR-3 10")], ..Says::default() }.pending(facts),
            reversal(2, "OLD", vec![line(1, "-100", "-60", "CO-45 -30, PR-3 -10")]).pending(facts),
            Says { id: 3, icn: "NEW", lines: vec![line(1, "100", "75", "CO-45 20, PR-3 5")], ..Says::default() }.pending(facts),
        ]
    };
    for arrival in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut facts = visit(&[usd("100")]);
        let all = story(&facts);
        let mut waiting: Vec<Pending> = Vec::new();
        let mut done = Vec::new();
        for next in arrival {
            waiting.push(all[next].clone());
            let decisions = decide(&mut facts, waiting.clone());
            waiting.retain(|p| decisions.iter().any(|d| d.id == p.id && d.state == Waiting));
            done.extend(decisions.into_iter().filter(|d| d.state == Posted));
        }
        assert!(waiting.is_empty(), "{arrival:?} leaves {:?}", waiting.iter().map(|p| p.id).collect::<Vec<_>>());
        assert_eq!(buckets(&facts), [(PATIENT, usd("5"))].into(), "{arrival:?}");
        assert_eq!((change(&done, contra()), change(&done, Account::UnpostedCash)), (usd("20"), usd("75")), "{arrival:?}");
    }
}

#[test]
fn a_posting_and_its_reversal_sum_to_zero_in_every_account() {
    let mut facts = visit(&[usd("180"), usd("90")]);
    let before = buckets(&facts);
    let given = vec![line(1, "180", "140", "CO-45 30, PR-3 10"), line(2, "90", "0", "CO-97 90")];
    let taken = vec![line(1, "-180", "-140", "CO-45 -30, PR-3 -10"), line(2, "-90", "0", "CO-97 -90")];
    let pending = vec![Says { lines: given, ..Says::default() }.pending(&facts), reversal(2, "ICN1", taken).pending(&facts)];
    let decisions = decide(&mut facts, pending);
    assert_eq!(buckets(&facts), before);
    for account in [Account::UnpostedCash, Account::RemittanceClearing, contra()] {
        assert_eq!(change(&decisions, account), Money::ZERO, "{account}");
    }
    assert_eq!(reasons(&decisions), ["ADJUDICATION_REVERSED", "DENIAL_NCCI"]);
    assert_eq!(decisions[1].journal.as_ref().unwrap().reverses.as_deref(), Some("posting:1"));
}

#[test]
fn a_reversal_without_the_payers_number_takes_back_an_earlier_payment_of_its_amounts_and_no_correction() {
    let facts = visit(&[Money::from_cents(400)]);
    let old = Says { icn: "OLD", lines: vec![line(1, "4", "3", "PR-1 1")], ..Says::default() }.pending(&facts);
    let mut taken = reversal(2, "OTHER", vec![line(1, "-4", "-3", "PR-1 -1")]).pending(&facts);
    let mut new = Says { id: 3, icn: "NEW", lines: vec![line(1, "4", "3", "CO-45 1")], ..Says::default() }.pending(&facts);
    for later in [&mut taken, &mut new] {
        later.came.effective = later.came.effective.tomorrow().unwrap();
    }
    for order in [[&old, &taken, &new], [&taken, &new, &old], [&new, &taken, &old], [&new, &old, &taken]] {
        let mut facts = facts.clone();
        let mut waiting = Vec::new();
        for next in order {
            waiting.push(next.clone());
            let decisions = decide(&mut facts, waiting.clone());
            waiting.retain(|p| decisions.iter().any(|d| d.id == p.id && d.state == Waiting));
        }
        assert!(waiting.is_empty(), "{:?}", order.map(|p| p.id));
        assert!(buckets(&facts).is_empty(), "{:?}", order.map(|p| p.id));
    }
}

#[test]
fn a_reversal_of_the_same_day_without_the_payers_number_takes_back_what_came_before_it() {
    for remittances in [[1, 1], [1, 2]] {
        let mut facts = visit(&[usd("100")]);
        let before = buckets(&facts);
        let mut paid = Says { icn: "A", lines: vec![line(1, "100", "70", "CO-45 30")], ..Says::default() }.pending(&facts);
        let mut taken = reversal(2, "B", vec![line(1, "-100", "-70", "CO-45 -30")]).pending(&facts);
        for (pending, remittance) in [&mut paid, &mut taken].into_iter().zip(remittances) {
            (pending.came.remittance, pending.came.received) = (RemittanceId(remittance), Millis(remittance));
        }
        let decisions = decide(&mut facts, vec![paid, taken]);
        assert_eq!((states(&decisions), buckets(&facts)), ([(1, Posted), (2, Posted)].into(), before));
    }
}

#[test]
fn a_reversal_without_the_payers_number_never_takes_back_what_came_after_it() {
    let mut facts = visit(&[usd("100")]);
    let taken = reversal(1, "B", vec![line(1, "-100", "-70", "CO-45 -30")]).pending(&facts);
    let correction = Says { id: 2, icn: "C", lines: vec![line(1, "100", "70", "CO-45 30")], ..Says::default() }.pending(&facts);
    assert_eq!(states(&decide(&mut facts, vec![taken, correction])), [(1, Waiting), (2, Posted)].into());
}

#[test]
fn a_reversal_that_fits_two_payments_is_left_to_a_person() {
    let mut facts = visit(&[usd("100"), usd("100")]);
    let whole = |id, icn, taken: &str| {
        let status = if taken.is_empty() { "4" } else { "22" };
        Says { id, icn, status, lines: vec![line(1, &format!("{taken}100"), "0", &format!("CO-16 {taken}100"))], ..Says::default() }
    };
    let pending = vec![whole(1, "A", "").pending(&facts), whole(2, "B", "").pending(&facts), whole(3, "C", "-").pending(&facts)];
    let decisions = decide(&mut facts, pending);
    assert_eq!(states(&decisions), [(1, Posted), (2, Posted), (3, Review)].into());
    assert!(reasons(&decisions).contains(&"REVERSAL_AMBIGUOUS".to_owned()));
}

/// The halves of a split claim (domain.md 2.6), each with its line.
fn half(id: i64, number: i64, icn: &'static str) -> Says<'static> {
    Says { id, icn, lines: vec![line(number, "50", "40", "CO-45 10")], ..Says::default() }
}

#[test]
fn a_reversal_of_one_half_of_a_split_claim_takes_back_that_half() {
    let mut facts = visit(&[usd("50"), usd("50")]);
    let pending = vec![
        half(1, 1, "A").pending(&facts),
        half(2, 2, "B").pending(&facts),
        reversal(3, "C", vec![line(2, "-50", "-40", "CO-45 -10")]).pending(&facts),
    ];
    let decisions = decide(&mut facts, pending);
    assert_eq!(states(&decisions), [(1, Posted), (2, Posted), (3, Posted)].into());
    let owed: Vec<Money> = facts.lines.values().map(LineFacts::balance).collect();
    assert_eq!(owed, [Money::ZERO, usd("50")]);
}

#[test]
fn a_waiting_half_of_a_split_claim_is_not_set_off_by_the_reversal_of_the_other() {
    // At a secondary that waits for its primary, which never comes.
    let mut facts = visit(&[usd("50"), usd("50")]);
    let secondary = |says: Says<'static>| Says { rank: 2, status: if says.status == "22" { "22" } else { "2" }, ..says };
    let pending = vec![
        secondary(half(1, 1, "A")).pending(&facts),
        secondary(reversal(2, "C", vec![line(2, "-50", "-40", "CO-45 -10")])).pending(&facts),
    ];
    let decisions = decide(&mut facts, pending);
    assert_eq!(states(&decisions), [(1, Waiting), (2, Waiting)].into());
    // The half that it takes back is set off, and a person is told.
    let pending = vec![
        secondary(half(1, 1, "A")).pending(&facts),
        secondary(half(2, 2, "B")).pending(&facts),
        secondary(reversal(3, "C", vec![line(2, "-50", "-40", "CO-45 -10")])).pending(&facts),
    ];
    let decisions = decide(&mut facts, pending);
    assert_eq!(states(&decisions), [(1, Waiting), (2, Posted), (3, Posted)].into());
    assert!(reasons(&decisions).contains(&"NETTED_BY_AMOUNTS".to_owned()));
}

#[test]
fn a_reversal_of_other_amounts_posts_what_the_payer_says_and_tells_a_person() {
    let mut facts = visit(&[usd("100")]);
    primary(&mut facts, "100", "60", "CO-45 40", None);
    let pending = reversal(2, "ICN1", vec![line(1, "-100", "-50", "CO-45 -50")]);
    let mut pending = pending.pending(&facts);
    pending.claim.iter_mut().flat_map(|c| &mut c.lines).for_each(|l| l.charge = usd("100"));
    let decisions = decide(&mut facts, vec![pending]);
    assert_eq!(states(&decisions), [(2, Posted)].into());
    assert!(reasons(&decisions).contains(&"REVERSAL_MISMATCH".to_owned()));
    assert_eq!((change(&decisions, Account::UnpostedCash), change(&decisions, contra())), (usd("-50"), usd("-50")));
}

#[test]
fn what_the_family_paid_beyond_the_corrected_share_becomes_theirs_again() {
    for (had_paid, unapplied, due) in [("160", "-60", "0"), ("60", "0", "40")] {
        let mut facts = visit(&[usd("160")]);
        primary(&mut facts, "160", "0", "PR-1 160", None);
        family_pays(&mut facts, 1, usd(had_paid));
        let mut pending = vec![
            reversal(2, "ICN1", vec![line(1, "-160", "0", "PR-1 -160")]).pending(&facts),
            Says { id: 3, icn: "NEW", lines: vec![line(1, "160", "60", "PR-1 100")], ..Says::default() }.pending(&facts),
        ];
        for ours in pending.iter_mut().filter_map(|p| p.claim.as_mut()).flat_map(|c| &mut c.lines) {
            ours.charge = usd("160");
        }
        let decisions = decide(&mut facts, pending);
        assert_eq!(change(&decisions, Account::Unapplied), usd(unapplied), "{had_paid}");
        assert_eq!(buckets(&facts).get(&PATIENT).copied().unwrap_or_default(), usd(due), "{had_paid}");
    }
}

#[test]
fn the_same_payer_twice_on_one_line_waits_for_a_reversal() {
    let mut facts = visit(&[usd("100")]);
    let first = Says { lines: vec![line(1, "100", "60", "CO-45 40")], ..Says::default() }.pending(&facts);
    let again = Says { id: 2, icn: "ICN9", lines: vec![line(1, "100", "0", "CO-18 100")], ..Says::default() }.pending(&facts);
    let decisions = decide(&mut facts, vec![first, again]);
    assert_eq!(states(&decisions), [(1, Posted), (2, Waiting)].into());
    assert!(buckets(&facts).is_empty());
}

#[test]
fn a_denial_that_the_payer_decides_anew_posts_without_reversal() {
    let mut facts = visit(&[usd("100")]);
    primary(&mut facts, "100", "0", "CO-16 100", None);
    let mut anew = Says { id: 2, icn: "ICN9", lines: vec![line(1, "100", "70", "CO-45 30")], ..Says::default() }.pending(&facts);
    anew.claim.iter_mut().flat_map(|c| &mut c.lines).for_each(|l| l.charge = usd("100"));
    let decisions = decide(&mut facts, vec![anew]);
    assert_eq!(states(&decisions), [(2, Posted)].into());
    assert!(buckets(&facts).is_empty());
}

#[test]
fn a_split_claim_posts_each_part_to_its_own_lines() {
    let mut facts = visit(&[usd("100"), usd("50")]);
    let pending = vec![
        Says { icn: "A", lines: vec![line(1, "100", "60", "CO-45 40")], ..Says::default() }.pending(&facts),
        Says { id: 2, icn: "B", lines: vec![line(2, "50", "50", "")], ..Says::default() }.pending(&facts),
    ];
    let decisions = decide(&mut facts, pending);
    assert_eq!(states(&decisions), [(1, Posted), (2, Posted)].into());
    assert!(buckets(&facts).is_empty());
}

#[test]
fn a_line_that_the_payer_split_posts_once_with_the_sum() {
    let mut facts = visit(&[usd("90")]);
    let lines = vec![line(1, "40", "30", "CO-45 10"), line(1, "50", "50", "")];
    let decision = one(&mut facts, Says { lines, ..Says::default() });
    assert_eq!((decision.state, buckets(&facts).len()), (Posted, 0));
}

#[test]
fn money_withheld_waits_on_its_own_account() {
    let mut facts = visit(&[usd("100")]);
    let decision = one(&mut facts, Says { lines: vec![line(1, "100", "70", "CO-45 20, CO-104 10")], ..Says::default() });
    assert_eq!(change(&[decision], Account::WithholdReceivable), usd("10"));
    assert!(buckets(&facts).is_empty());
}

#[test]
fn free_vaccine_lines_post_nothing() {
    let mut facts = visit(&[usd("0"), usd("30")]);
    let lines = vec![line(1, "0", "0", ""), line(2, "30", "20", "CO-45 10")];
    let decision = one(&mut facts, Says { lines, ..Says::default() });
    assert_eq!((decision.state, buckets(&facts).len()), (Posted, 0));
}

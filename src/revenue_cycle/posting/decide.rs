//! All remittance claims of one visit that wait to be posted, in whatever order they came: reversals first, then by the date of payment,
//! again and again until nothing moves any more. What is left waits. Any order of arrival ends with the same balances (domain.md 2.8).

use super::model::{ClaimOutcome, Decision, EncounterFacts, Outcome, Pending, Posted};
use super::plan::{journal, plan_claim, unposted_released};
use super::reversal::{names, netted_notice, original, plan_reversal, reversed_notice, undoes};
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::model::{Account, Journal, JournalKind, PayerOrder, Transfer};
use crate::revenue_cycle::remittance::model::RemittanceClaimState;

/// Decides every pending claim of one visit; the facts end as they are after all of it.
pub fn decide(facts: &mut EncounterFacts, mut pending: Vec<Pending>) -> Vec<Decision> {
    pending.sort_by(|a, b| {
        let key = |p: &Pending| (!p.content.is_reversal(), p.came);
        key(a).cmp(&key(b))
    });
    let mut decisions: Vec<Decision> = Vec::new();
    loop {
        let before = pending.len();
        let mut left: Vec<Pending> = Vec::new();
        for next in std::mem::take(&mut pending) {
            let decision = decide_one(&next, facts);
            if decision.state == RemittanceClaimState::Waiting {
                left.push(next);
            } else {
                note(facts, &next, &decision);
                decisions.push(decision);
            }
        }
        pending = left;
        if pending.len() == before {
            match netted_pair(facts, &mut pending) {
                Some(pair) => decisions.extend(pair),
                None => break,
            }
        }
    }
    decisions.extend(pending.iter().map(|still| decide_one(still, facts)));
    follow_reversals(facts, &mut decisions);
    decisions
}

fn decide_one(next: &Pending, facts: &EncounterFacts) -> Decision {
    if next.content.is_reversal() { plan_reversal(next, facts) } else { plan_claim(next, facts) }
}

fn order(pending: &Pending) -> Option<PayerOrder> {
    pending.remitter.as_ref().ok().map(|remitter| remitter.order)
}

/// Takes a decision into the facts.
fn note(facts: &mut EncounterFacts, pending: &Pending, decision: &Decision) {
    let (RemittanceClaimState::Posted, Some(order)) = (decision.state, decision.order) else { return };
    if pending.content.is_reversal() {
        let undone = original(pending, facts, order).ok().flatten().map(|posted| posted.id);
        for posted in facts.history.iter_mut().filter(|posted| Some(posted.id) == undone) {
            posted.reversed = true;
        }
    }
    if let Some(journal) = &decision.journal {
        facts.apply(journal);
    }
    facts.history.push(Posted {
        id: pending.id,
        order,
        came: pending.came,
        icn: pending.content.icn.clone(),
        charge: pending.content.charge,
        paid: pending.content.paid,
        is_reversal: pending.content.is_reversal(),
        reversed: false,
        journal: decision.journal.clone(),
    });
}

/// A payment that came after its own correction (and so waits for a reversal) together with that reversal (which waits for a payment that
/// stands): both are booked to the claim as cash, which undoes itself, and neither changes anything else.
fn netted_pair(facts: &mut EncounterFacts, pending: &mut Vec<Pending>) -> Option<[Decision; 2]> {
    let (reversal, payment) = pending.iter().enumerate().filter(|(_, p)| p.content.is_reversal()).find_map(|(at, reversal)| {
        let undone = pending.iter().position(|p| !p.content.is_reversal() && order(p) == order(reversal) && undoes(reversal, p));
        undone.map(|undone| (at, undone))
    })?;
    let (first, second) = (payment.min(reversal), payment.max(reversal));
    let second = pending.remove(second);
    let first = pending.remove(first);
    let (payment, reversal) = if first.content.is_reversal() { (second, first) } else { (first, second) };
    let paid = cash_only(&payment, facts, None)?;
    let undone = paid.journal.as_ref().map(|journal| journal.effect_key.clone());
    let mut taken = cash_only(&reversal, facts, undone)?;
    if !names(&reversal.content, &payment.content.icn) {
        taken.notices.push(netted_notice(&reversal));
    }
    for (pending, decision) in [(&payment, &paid), (&reversal, &taken)] {
        note(facts, pending, decision);
    }
    for posted in facts.history.iter_mut().filter(|posted| posted.id == payment.id) {
        posted.reversed = true;
    }
    Some([paid, taken])
}

/// Books a claim's cash to the first line of its claim and nothing else.
fn cash_only(pending: &Pending, facts: &EncounterFacts, reverses: Option<String>) -> Option<Decision> {
    let (claim, remitter) = (pending.claim.as_ref()?, pending.remitter.as_ref().ok()?);
    let line = claim.lines.first()?.charge_line;
    let payment = Transfer::insurance_payment(remitter.order, pending.content.paid)
        .map(|transfer| transfer.caused_by(None, pending.content.segment).about(facts.family, line, Some(remitter.payer)));
    let transfers = unposted_released(pending).into_iter().chain(payment).collect();
    let kind = if pending.content.is_reversal() { JournalKind::Reversal } else { JournalKind::Posting };
    let journal = journal(pending, facts, claim, kind, reverses, transfers);
    let state = RemittanceClaimState::Posted;
    Some(Decision { id: pending.id, state, order: Some(remitter.order), journal, notices: Vec::new(), outcome: None })
}

/// A claim that ends reversed, with no correction among the decisions, needs a follow-up; one whose correction is here does not.
fn follow_reversals(facts: &EncounterFacts, decisions: &mut [Decision]) {
    for decision in decisions.iter_mut() {
        let Some(Outcome { claim, kind: ClaimOutcome::Reversed, .. }) = decision.outcome else { continue };
        if !facts.standing().any(|posted| Some(posted.order) == decision.order) {
            decision.notices.push(reversed_notice(claim));
        }
    }
    debug_assert!(decisions.iter().filter_map(|d| d.journal.as_ref()).all(is_cleared));
}

/// Whether a journal leaves nothing in remittance clearing.
fn is_cleared(journal: &Journal) -> bool {
    journal.change(Account::RemittanceClearing) == Money::ZERO
}

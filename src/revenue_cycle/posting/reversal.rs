//! CLP02 22: the payer takes an adjudication back (domain.md 2.5). Our earlier entries are negated exactly; where the payer's figures are
//! others, the difference is posted as the payer says and a person is told.

use std::collections::BTreeMap;

use super::adjustment::{Effect, LineDecision, by_line};
use super::model::{ClaimOutcome, Decision, EncounterFacts, Notice, Outcome, Pending, Posted, Remitter, Subject};
use super::plan::{FOLLOW_UP_DAYS, identified, journal, notice, review, unposted_released, waiting};
use crate::edi::remittance_835::ClaimPayment;
use crate::platform::ids::{ChargeLineId, ClaimId};
use crate::platform::money::Money;
use crate::reference::carc::Disposition;
use crate::revenue_cycle::ledger::model::{Bucket, Family, JournalKind, PayerOrder, Transfer, TransferKind};
use crate::revenue_cycle::remittance::model::{MatchedClaim, RemittanceClaimState};

/// Decides a reversal. `facts` are those of its visit.
#[must_use]
pub fn plan_reversal(pending: &Pending, facts: &EncounterFacts) -> Decision {
    let (claim, remitter) = match identified(pending) {
        Ok(known) => known,
        Err(reason) => return review(pending, vec![reason]),
    };
    let original = match original(pending, facts, remitter.order) {
        Ok(Some(original)) => original,
        Ok(None) => {
            let message = "waits for the payment that it takes back".to_owned();
            return waiting(pending, ("ORIGINAL_NOT_POSTED".to_owned(), message));
        }
        Err(Ambiguous(count)) => {
            let message = format!("takes back one of {count} payments of the same amounts and does not say which: ask the payer");
            return review(pending, vec![("REVERSAL_AMBIGUOUS".to_owned(), message)]);
        }
    };
    let ours = original.journal.as_ref().map_or(&[][..], |journal| &journal.transfers);
    // What was unapplied belongs to the family now: it stays theirs, and the next adjudication takes it into account.
    let mut transfers: Vec<Transfer> = unposted_released(pending).into_iter().collect();
    let kept = [TransferKind::UnpostedCash, TransferKind::Apply, TransferKind::Unapply];
    transfers.extend(ours.iter().filter(|transfer| !kept.contains(&transfer.kind())).map(|transfer| {
        let negated = transfer.negated();
        let label = negated.adjustment.clone();
        negated.caused_by(label.as_deref(), pending.content.segment)
    }));
    let negated: Money = ours.iter().map(paid_by).sum();
    let differences = match decisions(pending, remitter) {
        Some(decisions) => differences(&decisions, ours, claim, remitter),
        None => Vec::new(),
    };
    let difference: Money = differences.iter().map(|(_, transfer)| paid_by(transfer)).sum();
    if negated - difference != -pending.content.paid {
        let message = format!("takes back {}, we hold {negated}, and its lines do not say where", -pending.content.paid);
        return review(pending, vec![("REVERSAL_MISMATCH".to_owned(), message)]);
    }
    let mismatch = !differences.is_empty();
    transfers.extend(differences.into_iter().map(|(line, transfer)| transfer.about(facts.family, line, Some(remitter.payer))));
    let mut after = facts.lines.clone();
    for transfer in &transfers {
        if let Some(line) = transfer.line {
            after.entry(line).or_default().apply(transfer);
        }
    }
    // A denial that this payer has decided anew since lies in its bucket no more: there is nothing to take from it.
    for (&line, known) in &mut after {
        let missing = known.bucket(Bucket::Denied(remitter.order)).min(Money::ZERO);
        let own = Bucket::Insurance(remitter.order);
        if let Some(back) = Transfer::responsibility(own, Bucket::Denied(remitter.order), -missing) {
            let back = back.caused_by(None, pending.content.segment).about(facts.family, line, Some(remitter.payer));
            known.apply(&back);
            transfers.push(back);
        }
    }
    let journal = journal(pending, facts, claim, JournalKind::Reversal, original.journal.as_ref().map(|j| j.effect_key.clone()), transfers);
    let mut notices: Vec<Notice> = Vec::new();
    let overdrawn =
        after.values().flat_map(|line| &line.buckets).any(|(bucket, amount)| *bucket != Bucket::Patient && amount.is_negative());
    if mismatch || overdrawn {
        let message = "the payer took back other amounts than it had given, or they have moved since: check the lines".to_owned();
        notices.push(notice("posting", "REVERSAL_MISMATCH", Subject::RemittanceClaim(pending.id), message, None));
    }
    if facts.standing().any(|posted| posted.order > remitter.order) {
        let message = "a payer before was reversed: send the later payer a replacement with the new figures".to_owned();
        notices.push(notice("posting", "NEEDS_REBILL", Subject::Claim(claim.claim), message, None));
    }
    let kind = ClaimOutcome::Reversed;
    let outcome =
        remitter.of_claim.then(|| Outcome { claim: claim.claim, kind, icn: pending.content.icn.clone(), paid: pending.content.paid });
    Decision { id: pending.id, state: RemittanceClaimState::Posted, order: Some(remitter.order), journal, notices, outcome }
}

/// What a person follows up when a reversal stays without correction.
pub(super) fn reversed_notice(claim: ClaimId) -> Notice {
    let message = "the payer took its adjudication back and sent no other: ask for it".to_owned();
    notice("posting", "ADJUDICATION_REVERSED", Subject::Claim(claim), message, Some(FOLLOW_UP_DAYS))
}

/// Several payments fit a reversal that names none: how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ambiguous(usize);

/// The posting that a reversal takes back: the payer's own, still standing, by the payer's number, else by the amounts (domain.md 2.5). By
/// the amounts only one that came before it, since a correction of the same amounts may be here before the payment that it corrects; and
/// only one of its lines, since halves of a split claim may be equal (2.6).
pub(super) fn original<'f>(pending: &Pending, facts: &'f EncounterFacts, order: PayerOrder) -> Result<Option<&'f Posted>, Ambiguous> {
    let mut standing = facts.standing().filter(|posted| posted.order == order);
    if let Some(named) = standing.clone().find(|posted| names(&pending.content, &posted.icn)) {
        return Ok(Some(named));
    }
    let lines = pending.charge_lines();
    let other_lines = |posted: &Posted| !lines.is_empty() && posted.journal.is_some() && posted.lines().is_disjoint(&lines);
    let mut fitting = standing.by_ref().filter(|posted| {
        let amounts = posted.paid == -pending.content.paid && posted.charge == -pending.content.charge;
        amounts && posted.came < pending.came && !other_lines(posted)
    });
    match (fitting.next(), fitting.count()) {
        (Some(only), 0) => Ok(Some(only)),
        (None, _) => Ok(None),
        (Some(_), more) => Err(Ambiguous(more + 1)),
    }
}

/// Whether a reversal names a payment by the payer's number: its own, or the one that REF*F8 gives.
pub(super) fn names(reversal: &ClaimPayment, icn: &str) -> bool {
    !icn.is_empty() && [Some(reversal.icn.as_str()), reversal.original_icn()].contains(&Some(icn))
}

/// What a person is told of a payment and a reversal that were set off against each other by their amounts alone.
pub(super) fn netted_notice(reversal: &Pending) -> Notice {
    let message = "a payment and a reversal of the same amounts and lines, without a common number, were set off: check them".to_owned();
    notice("posting", "NETTED_BY_AMOUNTS", Subject::RemittanceClaim(reversal.id), message, None)
}

/// Whether a reversal takes back a payment of the same payer that is not posted either: by the payer's number, else by what came before of
/// the same claim number and lines; and exactly.
pub(super) fn undoes(reversal: &Pending, payment: &Pending) -> bool {
    let same = || reversal.content.pcn == payment.content.pcn && reversal.charge_lines() == payment.charge_lines();
    let known = names(&reversal.content, &payment.content.icn) || (payment.came < reversal.came && same());
    known && payment.content.charge == -reversal.content.charge && payment.content.paid == -reversal.content.paid
}

fn decisions(pending: &Pending, remitter: &Remitter) -> Option<Vec<LineDecision>> {
    let matched: Option<Vec<usize>> = pending.lines.iter().copied().collect();
    matched.filter(|lines| !lines.is_empty()).map(|lines| by_line(&pending.content, &lines, remitter.shields_family))
}

/// What a transfer paid of a line: takebacks count below zero.
fn paid_by(transfer: &Transfer) -> Money {
    match transfer.kind() {
        TransferKind::InsPayment => transfer.amount(),
        TransferKind::Takeback => -transfer.amount(),
        _ => Money::ZERO,
    }
}

/// What the payer says beyond the negation of our entries, line by line: payments, and for the first payer write-offs too (later ones
/// write off what remains, not what the payer states).
fn differences(decisions: &[LineDecision], ours: &[Transfer], claim: &MatchedClaim, remitter: &Remitter) -> Vec<(ChargeLineId, Transfer)> {
    let mut paid: BTreeMap<ChargeLineId, Money> = BTreeMap::new();
    let mut written_off: BTreeMap<ChargeLineId, Money> = BTreeMap::new();
    for transfer in ours {
        let Some(line) = transfer.line else { continue };
        *paid.entry(line).or_default() += paid_by(transfer);
        if transfer.kind() == TransferKind::AdjContractual {
            let sign = if transfer.credit().bucket().is_some() { transfer.amount() } else { -transfer.amount() };
            *written_off.entry(line).or_default() += sign;
        }
    }
    let own = Bucket::Insurance(remitter.order);
    let mut transfers = Vec::new();
    let mut segments: BTreeMap<ChargeLineId, u32> = BTreeMap::new();
    for decision in decisions {
        let line = claim.lines[decision.line].charge_line;
        segments.insert(line, decision.segment);
        *paid.entry(line).or_default() += decision.paid;
        let stated = decision.adjustments.iter().filter(|a| matches!(a.effect, Effect::Over | Effect::Route(Disposition::Contractual)));
        *written_off.entry(line).or_default() += stated.map(|a| a.amount).sum::<Money>();
    }
    let at = |line: ChargeLineId, transfer: Option<Transfer>| {
        transfer.map(|transfer| (line, transfer.caused_by(None, segments.get(&line).copied().unwrap_or_default())))
    };
    transfers.extend(paid.iter().filter_map(|(line, left)| at(*line, Transfer::insurance_payment(remitter.order, *left))));
    if remitter.order == PayerOrder::PRIMARY {
        transfers.extend(written_off.iter().filter_map(|(line, left)| at(*line, Transfer::write_off(Family::Contractual, own, *left))));
    }
    transfers
}

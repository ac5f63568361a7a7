//! One remittance claim: may it post by itself, and what does it post? The gate of domain.md 5.2 decides claim by claim; the money of a
//! claim that doesn't pass stays in unposted cash and a person gets every reason at once.

use super::adjustment::{Effect, LineDecision, by_line, echoes_prior_payer};
use super::line::{LinePosting, LineProblem, post_line};
use super::model::{ClaimOutcome, Decision, EncounterFacts, LineFacts, Notice, Outcome, Pending, Remitter, Subject, UnknownRemitter};
use crate::edi::remittance_835::{ClaimPayment, ClaimStatus, PartyRole};
use crate::platform::money::Money;
use crate::reference::carc::Disposition;
use crate::revenue_cycle::ledger::model::{Journal, JournalKind, References, Transfer};
use crate::revenue_cycle::remittance::model::{MatchedClaim, RemittanceClaimState};

/// A denial above this (in cents) on one claim is looked at before it posts. Ten times the dearest visit of an office (a well visit with
/// every vaccine stays below 1,500 dollars), so it stops misreadings and payers' blunders, not the day's work.
pub const DENIAL_AUTO_MAX_CENTS: i64 = 1_500_000;

/// Days after which a person asks where the other remittance is that a claim waits for: payers pay weekly, so a month has missed four runs.
pub const WAITING_DAYS: i32 = 30;

/// Days after which a person follows up on a claim that the payer has forwarded, and on a reversal without correction (domain.md 2.5).
pub const FOLLOW_UP_DAYS: i32 = 30;

/// Why a claim doesn't post by itself, as (code, sentence).
pub(super) type Reason = (String, String);

/// Decides a claim that is no reversal. `facts` are those of its visit.
#[must_use]
pub fn plan_claim(pending: &Pending, facts: &EncounterFacts) -> Decision {
    let (claim, remitter) = match identified(pending) {
        Ok(known) => known,
        Err(reason) => return review(pending, vec![reason]),
    };
    if is_silent(&pending.content.status) {
        return informational(pending, claim, remitter);
    }
    if let Some(reason) = waits_for(pending, facts, claim, remitter) {
        return waiting(pending, reason);
    }
    let (decisions, mut reasons) = gate(pending, facts, claim, remitter);
    let postings: Vec<(&LineDecision, LinePosting)> = decisions
        .iter()
        .filter_map(|decision| {
            let line = &claim.lines[decision.line];
            let known = facts.lines.get(&line.charge_line).cloned().unwrap_or_else(LineFacts::default);
            match post_line(&known, decision, remitter) {
                Ok(posting) => Some((decision, posting)),
                Err(problem) => {
                    reasons.push(line_reason(&problem, &line.line_number));
                    None
                }
            }
        })
        .collect();
    let denied: Money = postings.iter().map(|(_, posting)| posting.denied).sum();
    if denied.cents() > DENIAL_AUTO_MAX_CENTS {
        reasons.push(("DENIAL_LARGE".to_owned(), format!("{denied} is denied: look at it before it is posted")));
    }
    if !reasons.is_empty() {
        return review(pending, reasons);
    }
    posted(pending, facts, claim, remitter, &postings)
}

/// Decides a claim that nobody here knows: a person matches it.
#[must_use]
pub fn plan_unmatched(pending: &Pending) -> Decision {
    review(pending, vec![unmatched()])
}

fn unmatched() -> Reason {
    ("UNMATCHED_CLAIM".to_owned(), "no claim of ours has this number: match it by hand".to_owned())
}

/// The claim and the remitter, if both are known.
pub(super) fn identified(pending: &Pending) -> Result<(&MatchedClaim, &Remitter), Reason> {
    let Some(claim) = &pending.claim else { return Err(unmatched()) };
    match &pending.remitter {
        Ok(remitter) => Ok((claim, remitter)),
        Err(UnknownRemitter::Payer) => {
            Err(("PAYER_UNKNOWN".to_owned(), "no payer of the practice has the remittance's identifiers: add them to the payer".to_owned()))
        }
        Err(UnknownRemitter::Coverage) => {
            Err(("PAYER_NOT_COVERING".to_owned(), "the child has no coverage by this payer on the day of service".to_owned()))
        }
    }
}

/// 23 and 25 (domain.md 2.2): never post.
fn is_silent(status: &ClaimStatus) -> bool {
    matches!(status, ClaimStatus::NotOursForwarded | ClaimStatus::Predetermination)
}

fn informational(pending: &Pending, claim: &MatchedClaim, remitter: &Remitter) -> Decision {
    if !pending.content.paid.is_zero() {
        let message = format!("{} was paid under a status that pays nothing", pending.content.paid);
        return review(pending, vec![("PAID_WITHOUT_ADJUDICATION".to_owned(), message)]);
    }
    let mut notices = notices(pending, claim, remitter);
    if pending.content.status == ClaimStatus::NotOursForwarded {
        let message = "the payer says that the claim is not its own and has forwarded it: check who is primary".to_owned();
        notices.push(notice("posting", "NOT_OUR_PAYER", Subject::Claim(claim.claim), message, Some(FOLLOW_UP_DAYS)));
    }
    Decision { state: RemittanceClaimState::Informational, order: None, journal: None, notices, outcome: None, id: pending.id }
}

/// What must be posted before this claim (domain.md 2.8, "Order").
fn waits_for(pending: &Pending, facts: &EncounterFacts, claim: &MatchedClaim, remitter: &Remitter) -> Option<Reason> {
    let is_posted = |rank: u8| facts.standing().any(|posted| posted.order.rank() == rank);
    if let Some(missing) = (1..remitter.order.rank()).find(|rank| !is_posted(*rank)) {
        let message = format!("waits until payer {missing} of the child has been posted");
        return Some(("PRIOR_PAYER_NOT_POSTED".to_owned(), message));
    }
    let ours = pending.lines.iter().flatten().map(|&index| claim.lines[index].charge_line);
    if ours.clone().any(|line| facts.is_settled(remitter.order, line)) {
        let message = "this payer has settled the same lines before: waits for the reversal".to_owned();
        return Some(("ALREADY_ADJUDICATED".to_owned(), message));
    }
    None
}

/// Every reason against posting that shows before the arithmetic; and the lines as the payer decided them, if they could be set out.
fn gate(pending: &Pending, facts: &EncounterFacts, claim: &MatchedClaim, remitter: &Remitter) -> (Vec<LineDecision>, Vec<Reason>) {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut refuse = |code: &str, message: String| reasons.push((code.to_owned(), message));
    if remitter.order.rank() == 1 && echoes_prior_payer(&pending.content) {
        refuse("COB_PRIOR_PAYER", "the first payer reports what a payer before it did: check the order of payers".to_owned());
    }
    if facts.standing().any(|posted| posted.order > remitter.order) {
        refuse("LATER_PAYER_POSTED", "a later payer has been posted: post by hand, then send it a replacement".to_owned());
    }
    if pending.content.lines.is_empty() {
        refuse("LINES_MISSING", "the payer gives no service lines".to_owned());
    }
    let matched: Option<Vec<usize>> = pending.lines.iter().copied().collect();
    let Some(matched) = matched.filter(|lines| !lines.is_empty()) else {
        if !pending.content.lines.is_empty() {
            let unmatched = pending.lines.iter().filter(|line| line.is_none()).count();
            refuse("LINE_UNMATCHED", format!("{unmatched} service line(s) of the payer fit no line of the claim"));
        }
        return (Vec::new(), reasons);
    };
    let decisions = by_line(&pending.content, &matched, remitter.shields_family);
    for decision in &decisions {
        let line = &claim.lines[decision.line];
        if decision.charge != line.charge {
            refuse(
                "LINE_CHARGE",
                format!("line {}: the payer states a charge of {}, ours is {}", line.line_number, decision.charge, line.charge),
            );
        }
        for adjustment in &decision.adjustments {
            let (label, amount, number) = (&adjustment.label, adjustment.amount, &line.line_number);
            match adjustment.effect {
                Effect::BadGroup => refuse("CAS_GROUP", format!("line {number}: {label} {amount} has a group that no 835 may use")),
                Effect::Route(Disposition::Review(reason)) => {
                    refuse(&reason.word().to_ascii_uppercase(), format!("line {number}: {label} {amount}: {}", reason.label()));
                }
                _ => {}
            }
        }
    }
    let decisions = if reasons.is_empty() { decisions } else { Vec::new() };
    (decisions, reasons)
}

fn line_reason(problem: &LineProblem, number: &str) -> Reason {
    let (code, message) = match problem {
        LineProblem::Overpaid(amount) => ("COB_OVERPAID", format!("line {number}: {amount} more than was owed")),
        LineProblem::Unexplained(amount) => ("COB_REVIEW", format!("line {number}: {amount} stays open and no adjustment explains it")),
        LineProblem::NegativeShare(amount) => ("NEGATIVE_SHARE", format!("line {number}: the patient's share is {amount}")),
    };
    (code.to_owned(), message)
}

fn posted(
    pending: &Pending,
    facts: &EncounterFacts,
    claim: &MatchedClaim,
    remitter: &Remitter,
    postings: &[(&LineDecision, LinePosting)],
) -> Decision {
    let mut transfers: Vec<Transfer> = unposted_released(pending).into_iter().collect();
    for (decision, posting) in postings {
        let line = claim.lines[decision.line].charge_line;
        transfers.extend(posting.transfers.iter().cloned().map(|transfer| transfer.about(facts.family, line, Some(remitter.payer))));
    }
    let paid = pending.content.paid;
    let is_denied = pending.content.status == ClaimStatus::Denied || postings.iter().any(|(_, posting)| !posting.denied.is_zero());
    let kind = match (is_denied, paid > Money::ZERO) {
        (false, true) => ClaimOutcome::Paid,
        (true, true) => ClaimOutcome::PaidPartly,
        (false, false) => ClaimOutcome::PaidNothing,
        (true, false) => ClaimOutcome::Denied,
    };
    let mut notices = notices(pending, claim, remitter);
    notices.extend(denials(claim, postings));
    let shifted = postings.iter().any(|(_, posting)| !posting.patient.is_zero());
    let is_forwarded = pending.content.status.is_forwarded() || pending.content.party(&PartyRole::CrossoverCarrier).is_some();
    if is_forwarded {
        let message = "the payer has forwarded the claim to the next one: follow up if nothing comes".to_owned();
        notices.push(notice("posting", "CROSSED_OVER", Subject::Claim(claim.claim), message, Some(FOLLOW_UP_DAYS)));
    } else if shifted && remitter.next.is_some() && remitter.forwards {
        let message = "the payer forwards its claims to the next one and did not say so here: follow up if nothing comes".to_owned();
        notices.push(notice("posting", "CROSSED_OVER", Subject::Claim(claim.claim), message, Some(FOLLOW_UP_DAYS)));
    } else if shifted && remitter.next.is_some() {
        let message = "the next payer of the child owes what this one left: bill it".to_owned();
        notices.push(notice("posting", "SECONDARY_DUE", Subject::Claim(claim.claim), message, None));
    }
    let outcome = remitter.of_claim.then(|| Outcome { claim: claim.claim, kind, icn: pending.content.icn.clone(), paid });
    let journal = journal(pending, facts, claim, JournalKind::Posting, None, transfers);
    Decision { id: pending.id, state: RemittanceClaimState::Posted, order: Some(remitter.order), journal, notices, outcome }
}

/// The claim's money leaves unposted cash.
pub(super) fn unposted_released(pending: &Pending) -> Option<Transfer> {
    Transfer::unposted_cash(-pending.content.paid).map(|transfer| transfer.caused_by(None, pending.content.segment))
}

/// The journal of a posting or a reversal; none when nothing moves.
pub(super) fn journal(
    pending: &Pending,
    facts: &EncounterFacts,
    claim: &MatchedClaim,
    kind: JournalKind,
    reverses: Option<String>,
    transfers: Vec<Transfer>,
) -> Option<Journal> {
    (!transfers.is_empty()).then(|| Journal {
        kind,
        effect_key: pending.effect_key(),
        effective: pending.came.effective,
        reason: format!("CLP02 {}", pending.content.status.as_str()),
        references: References {
            encounter: Some(facts.encounter),
            claim: Some(claim.claim),
            remittance: Some(pending.came.remittance),
            remittance_claim: Some(pending.id),
            segment: Some(pending.content.segment),
        },
        reverses,
        transfers,
    })
}

/// One notice for each queue that has work, naming the lines.
fn denials(claim: &MatchedClaim, postings: &[(&LineDecision, LinePosting)]) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    for (decision, _) in postings.iter().filter(|(_, posting)| !posting.denied.is_zero()) {
        let number = &claim.lines[decision.line].line_number;
        for adjustment in &decision.adjustments {
            let Effect::Route(Disposition::Denial { queue, patient_billable }) = adjustment.effect else { continue };
            let billable = if patient_billable { ", billable to the family after review" } else { "" };
            let part = format!("line {number}: {} {}{billable}", adjustment.label, adjustment.amount);
            let reason = format!("DENIAL_{}", queue.word().to_ascii_uppercase());
            match notices.iter_mut().find(|notice| notice.reason == reason) {
                Some(notice) => notice.message = format!("{}; {part}", notice.message),
                None => notices.push(notice("denial", &reason, Subject::Claim(claim.claim), format!("{} — {part}", queue.label()), None)),
            }
        }
    }
    notices
}

/// What the payer says beside the money.
fn notices(pending: &Pending, claim: &MatchedClaim, remitter: &Remitter) -> Vec<Notice> {
    let content: &ClaimPayment = &pending.content;
    let subject = Subject::Claim(claim.claim);
    let mut notices = Vec::new();
    let mut add = |reason: &str, message: &str| notices.push(notice("posting", reason, subject, message.to_owned(), None));
    if content.party(&PartyRole::CorrectedInsured).is_some() {
        add("INSURED_CORRECTED", "the payer knows the insured under another name or member id: correct the coverage");
    }
    if content.party(&PartyRole::PriorityPayer).is_some() && remitter.of_claim {
        add("ANOTHER_PAYER_FIRST", "the payer names another payer that comes before it: check the order of payers");
    }
    if content.date("036").is_some() {
        add("COVERAGE_ENDED", "the payer gives a last day of coverage: check the coverage");
    }
    notices
}

pub(super) fn notice(stage: &'static str, reason: &str, subject: Subject, message: String, due_in_days: Option<i32>) -> Notice {
    Notice { stage, reason: reason.to_owned(), subject, message, due_in_days }
}

/// A person decides; every reason becomes a notice.
pub(super) fn review(pending: &Pending, reasons: Vec<Reason>) -> Decision {
    let subject = Subject::RemittanceClaim(pending.id);
    let mut notices: Vec<Notice> = Vec::new();
    for (reason, message) in reasons {
        match notices.iter_mut().find(|notice| notice.reason == reason) {
            Some(notice) => notice.message = format!("{}; {message}", notice.message),
            None => notices.push(notice("posting", &reason, subject, message, None)),
        }
    }
    Decision { id: pending.id, state: RemittanceClaimState::Review, order: None, journal: None, notices, outcome: None }
}

/// Another remittance decides; it is asked for if it doesn't come.
pub(super) fn waiting(pending: &Pending, (reason, message): Reason) -> Decision {
    let notices = vec![notice("posting", &reason, Subject::RemittanceClaim(pending.id), message, Some(WAITING_DAYS))];
    Decision { id: pending.id, state: RemittanceClaimState::Waiting, order: None, journal: None, notices, outcome: None }
}

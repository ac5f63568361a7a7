//! E060, E061, E074: what prior payers decided, on the claim to the next one (domain.md 1.8).

use crate::edi::claim_837p::{OtherPayer, Responsibility};
use crate::platform::money::Money;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;

/// SBR01 in the order of benefits.
const ORDER: [Responsibility; 11] = [
    Responsibility::Primary,
    Responsibility::Secondary,
    Responsibility::Tertiary,
    Responsibility::Fourth,
    Responsibility::Fifth,
    Responsibility::Sixth,
    Responsibility::Seventh,
    Responsibility::Eighth,
    Responsibility::Ninth,
    Responsibility::Tenth,
    Responsibility::Eleventh,
];

/// SBR01 as a number: 1 is primary. None for an order that is not known.
fn place(responsibility: &Responsibility) -> Option<usize> {
    ORDER.iter().position(|known| known == responsibility).map(|at| at + 1)
}

/// The payers that come before this claim's, in the claim's order of other payers. With `AMT*A8` a payer was not billed, because it was
/// known not to cover: it adjudicated nothing (domain.md 1.8, 6).
pub(super) fn prior<'c>(case: &Case<'c>) -> impl Iterator<Item = (usize, &'c OtherPayer)> {
    let claim = &case.content.claim;
    let own = place(&case.content.subscriber.responsibility);
    let before = move |payer: &OtherPayer| matches!((own, place(&payer.responsibility)), (Some(own), Some(other)) if other < own);
    claim.other_payers.iter().enumerate().filter(move |(_, payer)| before(payer)).map(|(at, payer)| (at + 1, payer))
}

/// What a payer decided on a line: what it paid and adjusted; none when it said nothing of the line.
fn decided(line: &Line<'_>, payer: &OtherPayer) -> Option<Money> {
    let mut loops = line.sent.adjudications.iter().filter(|said| said.payer_id == payer.payer.id.id).peekable();
    loops.peek()?;
    Some(loops.map(|said| said.paid + said.adjustments.iter().map(|a| a.amount).sum::<Money>()).sum())
}

/// E060: a claim that isn't the first carries the decision of every payer before it, and the lines name the payers as 2330B does.
pub fn adjudicated(case: &Case<'_>, findings: &mut Findings<'_>) {
    let claim = &case.content.claim;
    if let Some(own) = place(&case.content.subscriber.responsibility) {
        for missing in (1..own).filter(|wanted| !claim.other_payers.iter().any(|payer| place(&payer.responsibility) == Some(*wanted))) {
            findings.add("2320 (remittance)", format!("Primary remittance not posted: what payer {missing} decided is not on the claim"));
        }
    }
    for (at, payer) in prior(case).filter(|(_, payer)| payer.non_covered.is_none()) {
        if payer.paid.is_none() {
            findings.add(
                format!("2320[{at}] AMT*D (remittance)"),
                format!("Primary remittance not posted: nothing says what {} paid", payer.payer.name),
            );
        }
    }
    for line in &case.lines {
        for said in &line.sent.adjudications {
            if !claim.other_payers.iter().any(|payer| payer.payer.id.id == said.payer_id) {
                let message = format!(
                    "Primary remittance not posted: line {} names payer {}, which is none of the claim's",
                    line.number, said.payer_id
                );
                findings.add(line.path("2430 SVD01 (remittance)"), message).found(&said.payer_id);
            }
        }
    }
}

/// E061: for each prior payer each line and the claim come out to the cent: charge = paid + adjusted.
pub fn balance(case: &Case<'_>, findings: &mut Findings<'_>) {
    for (at, payer) in prior(case).filter(|(_, payer)| payer.non_covered.is_none()) {
        let mut on_lines = Money::ZERO;
        for line in &case.lines {
            let Some(decided) = decided(line, payer) else { continue };
            if decided != line.sent.charge {
                let off = line.sent.charge - decided;
                let message = format!("Prior payer amounts do not balance: line {} is off by {off}", line.number);
                findings.add(line.path("2430 (remittance)"), message).found(decided).expected(line.sent.charge);
            }
            let mine = line.sent.adjudications.iter().filter(|said| said.payer_id == payer.payer.id.id);
            on_lines += mine.flat_map(|said| &said.adjustments).map(|adjustment| adjustment.amount).sum::<Money>();
        }
        let Some(paid) = payer.paid else { continue };
        let on_claim: Money = payer.adjustments.iter().map(|adjustment| adjustment.amount).sum();
        let (charge, decided) = (case.content.claim.charge, paid + on_claim + on_lines);
        if decided != charge {
            let message = format!("Prior payer amounts do not balance: off by {} for {}", charge - decided, payer.payer.name);
            findings.add(format!("2320[{at}] AMT*D CAS (remittance)"), message).found(decided).expected(charge);
        }
    }
}

/// E074: what remains to the patient is told for a payer at claim level or on the lines, never at both (RFI 1517).
pub fn remaining_twice(case: &Case<'_>, findings: &mut Findings<'_>) {
    for (at, payer) in case.content.claim.other_payers.iter().enumerate() {
        let on_line =
            |line: &&Line<'_>| line.sent.adjudications.iter().any(|said| said.payer_id == payer.payer.id.id && said.remaining.is_some());
        if payer.remaining.is_some() && case.lines.iter().any(|line| on_line(&line)) {
            let path = format!("2320[{}] AMT*EAF (remittance)", at + 1);
            findings.add(path, format!("Remaining liability reported twice for {}: on the claim and on a line", payer.payer.name));
        }
    }
}

//! Visits, claims and remittance claims for the tests of posting, built in a few words.

use std::collections::BTreeMap;

use jiff::civil::date;

use crate::edi::Few;
use crate::edi::remittance_835::{Adjustment, CasGroup, ClaimPayment, ClaimStatus, Procedure, Reference, ServiceLine};
use crate::platform::clock::Millis;
use crate::platform::ids::{ChargeLineId, ClaimId, EncounterId, FamilyId, PayerId, RemittanceClaimId, RemittanceId};
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::charge_journal;
use crate::revenue_cycle::ledger::model::{Account, Bucket, Journal, PayerOrder, Transfer};
use crate::revenue_cycle::posting::model::{Came, Decision, EncounterFacts, LineFacts, Pending, Remitter};
use crate::revenue_cycle::remittance::model::{ClaimLine, MatchedClaim, RemittanceClaimState};

/// Dollars, or an amount of cents after the point.
pub fn usd(text: &str) -> Money {
    text.parse().unwrap()
}

pub fn order(rank: i64) -> PayerOrder {
    PayerOrder::new(rank).unwrap()
}

/// A visit whose lines were charged to the first payer.
pub fn visit(charges: &[Money]) -> EncounterFacts {
    let lines: Vec<(ChargeLineId, Money)> = (1..).map(ChargeLineId).zip(charges.iter().copied()).collect();
    let mut facts = EncounterFacts {
        encounter: EncounterId(1),
        family: FamilyId(1),
        lines: lines.iter().map(|(line, _)| (*line, LineFacts::default())).collect(),
        history: Vec::new(),
    };
    if let Some(journal) = charge_journal(facts.encounter, facts.family, date(2026, 11, 16), Some(PayerId(1)), &lines) {
        facts.apply(&journal);
    }
    facts
}

/// The family pays towards a line.
pub fn family_pays(facts: &mut EncounterFacts, line: i64, amount: Money) {
    let paid = Transfer::apply(amount).unwrap().about(facts.family, ChargeLineId(line), None);
    facts.lines.entry(ChargeLineId(line)).or_default().apply(&paid);
}

/// Adjustments as `CO-45 60`, separated by commas.
pub fn adjustments(text: &str) -> Few<Adjustment> {
    text.split(", ")
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (code, amount) = part.split_once(' ').unwrap();
            let (group, reason) = code.split_once('-').unwrap();
            Adjustment { segment: 31, group: CasGroup::from(group), reason: reason.into(), amount: usd(amount), quantity: None }
        })
        .collect()
}

/// A line by our number, its charge, payment and adjustments.
pub fn line(number: i64, charge: &str, paid: &str, cas: &str) -> ServiceLine {
    ServiceLine {
        segment: 30,
        procedure: Procedure { qualifier: "HC".into(), code: "99213".into(), modifiers: Few::new(), description: None },
        charge: usd(charge),
        paid: usd(paid),
        revenue_code: None,
        units: None,
        submitted: None,
        submitted_units: None,
        dates: Few::new(),
        adjustments: adjustments(cas),
        references: [Reference { qualifier: "6R".into(), value: number.to_string().into() }].into(),
        amounts: Few::new(),
        quantities: Few::new(),
        remarks: Few::new(),
    }
}

/// A remittance claim of the visit, by the payer at a rank.
pub struct Says<'a> {
    pub id: i64,
    pub rank: i64,
    pub next: Option<i64>,
    pub medicaid: bool,
    pub status: &'a str,
    pub icn: &'a str,
    pub cas: &'a str,
    pub lines: Vec<ServiceLine>,
}

impl Default for Says<'_> {
    fn default() -> Self {
        Says { id: 1, rank: 1, next: None, medicaid: false, status: "1", icn: "ICN1", cas: "", lines: Vec::new() }
    }
}

impl Says<'_> {
    /// The claim against a visit; paid is what balances.
    pub fn pending(self, facts: &EncounterFacts) -> Pending {
        let charge: Money = self.lines.iter().map(|line| line.charge).sum();
        let claim_level = adjustments(self.cas);
        let paid = self.lines.iter().map(|line| line.paid).sum::<Money>() - claim_level.iter().map(|a| a.amount).sum();
        let content = ClaimPayment {
            segment: 20,
            header: String::new().into(),
            pcn: "C26".to_owned(),
            status: ClaimStatus::from(self.status),
            charge,
            paid,
            patient_responsibility: None,
            filing_indicator: None,
            icn: self.icn.to_owned(),
            facility: None,
            frequency: None,
            drg: [None, None, None],
            adjustments: claim_level,
            parties: Vec::new(),
            remarks: Vec::new(),
            references: Few::new(),
            dates: Few::new(),
            contacts: Vec::new(),
            amounts: Few::new(),
            quantities: Few::new(),
            lines: self.lines,
        };
        let lines: Vec<ClaimLine> = facts
            .lines
            .iter()
            .map(|(line, known)| ClaimLine {
                charge_line: *line,
                line_number: line.0.to_string(),
                code: "99213".to_owned(),
                modifiers: Vec::new(),
                charge: known.balance() + known.patient_paid,
            })
            .collect();
        let claim = MatchedClaim {
            claim: ClaimId(self.rank),
            pcn: "C26".to_owned(),
            encounter: facts.encounter,
            payer: PayerId(self.rank),
            service_date: date(2026, 11, 16),
            lines,
        };
        Pending {
            id: RemittanceClaimId(self.id),
            came: Came { effective: date(2026, 12, 1), received: Millis(self.id), remittance: RemittanceId(self.id), position: self.id },
            state: RemittanceClaimState::Stored,
            lines: crate::revenue_cycle::remittance::matching::match_lines(&content, &claim.lines, claim.service_date),
            content,
            claim: Some(claim),
            remitter: Ok(Remitter {
                payer: PayerId(self.rank),
                order: order(self.rank),
                next: self.next.map(order),
                medicaid: self.medicaid,
                shields_family: self.medicaid,
                forwards: false,
                of_claim: true,
            }),
        }
    }
}

/// The buckets of a visit that are not zero, summed over its lines.
pub fn buckets(facts: &EncounterFacts) -> BTreeMap<Bucket, Money> {
    let mut sums: BTreeMap<Bucket, Money> = BTreeMap::new();
    for (bucket, amount) in facts.lines.values().flat_map(|line| &line.buckets) {
        *sums.entry(*bucket).or_default() += *amount;
    }
    sums.retain(|_, amount| !amount.is_zero());
    sums
}

/// The sum of an account over the journals of decisions.
pub fn change(decisions: &[Decision], account: Account) -> Money {
    decisions.iter().filter_map(|decision| decision.journal.as_ref()).map(|journal: &Journal| journal.change(account)).sum()
}

/// The states of decisions by remittance claim.
pub fn states(decisions: &[Decision]) -> BTreeMap<i64, RemittanceClaimState> {
    decisions.iter().map(|decision| (decision.id.0, decision.state)).collect()
}

/// The reasons of all notices, sorted.
pub fn reasons(decisions: &[Decision]) -> Vec<String> {
    let mut reasons: Vec<String> = decisions.iter().flat_map(|d| d.notices.iter().map(|n| n.reason.clone())).collect();
    reasons.sort();
    reasons
}

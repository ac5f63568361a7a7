//! All that is known about one claim, gathered from every stage, for its page and its answer.

use std::collections::BTreeMap;

use crate::edi::claim_837p::EntityName;
use crate::platform::audit::{self, EventRow};
use crate::platform::database::{DbError, Queries};
use crate::platform::ids::{ChargeLineId, ClaimId, PracticeId};
use crate::platform::money::Money;
use crate::revenue_cycle::acknowledgment::{self, AcknowledgmentRow};
use crate::revenue_cycle::claim::model::ClaimContent;
use crate::revenue_cycle::claim::store::{self, ClaimLineRow, ClaimRow};
use crate::revenue_cycle::ledger::Account;
use crate::revenue_cycle::ledger::store::{LineEntry, history_of_lines, line_balances};
use crate::revenue_cycle::remittance::{self, ClaimRemittance};
use crate::revenue_cycle::scrub::{self, FindingRow};
use crate::revenue_cycle::submission::{self, BatchClaim};

/// A claim with its story. Lists are in the order of time, but for lines and findings.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The claim.
    pub claim: ClaimRow,
    /// What the 837P says.
    pub content: ClaimContent,
    /// Its lines.
    pub lines: Vec<ClaimLineRow>,
    /// What the edits found.
    pub findings: Vec<FindingRow>,
    /// Where it was sent.
    pub batches: Vec<BatchClaim>,
    /// What partners said before adjudication.
    pub acknowledgments: Vec<AcknowledgmentRow>,
    /// What payers said.
    pub remittances: Vec<ClaimRemittance>,
    /// The entries of its charges, those of the visit's other payers among them.
    pub entries: Vec<LineEntry>,
    /// What is left of each charge, by account.
    pub balances: BTreeMap<ChargeLineId, BTreeMap<Account, Money>>,
    /// What happened to it.
    pub events: Vec<EventRow>,
}

impl Dossier {
    /// Loads a claim of a practice; none when it has no such claim.
    pub async fn load(db: &mut impl Queries, practice: PracticeId, id: ClaimId) -> Result<Option<Dossier>, DbError> {
        let Some(claim) = store::claim(db, practice, id).await? else { return Ok(None) };
        let lines = store::lines(db, practice, id).await?;
        let charges: Vec<ChargeLineId> = lines.iter().map(|line| line.charge_line_id).collect();
        Ok(Some(Dossier {
            content: store::content(db, practice, id).await?,
            findings: scrub::of_claim(db, practice, id).await?,
            batches: submission::claim_batches(db, practice, id).await?,
            acknowledgments: acknowledgment::of_claim(db, practice, id).await?,
            remittances: remittance::of_claim(db, practice, id).await?,
            entries: history_of_lines(db, practice, &charges).await?,
            balances: line_balances(db, practice, &charges).await?,
            events: audit::events_of(db, practice, "claim", id.0).await?,
            claim,
            lines,
        }))
    }

    /// The child's family name and given names, in clear: for the practice's own screens and programs.
    #[must_use]
    pub fn child_name(&self) -> (&str, &str) {
        match &self.content.child().name {
            EntityName::Person(name) => (name.last.as_str(), name.first.as_ref().map_or("", |first| first.as_str())),
            EntityName::Organization(name) => (name, ""),
        }
    }

    /// Who still owes what of its charges.
    #[must_use]
    pub fn owed(&self) -> BTreeMap<Account, Money> {
        let mut owed: BTreeMap<Account, Money> = BTreeMap::new();
        for (account, amount) in self.balances.values().flatten().filter(|(account, _)| account.bucket().is_some()) {
            *owed.entry(*account).or_default() += *amount;
        }
        owed
    }

    /// What was written off of its charges, less what came back.
    #[must_use]
    pub fn written_off(&self) -> Money {
        let is_contra = |code: &str| matches!(Account::from_code(code), Some(Account::Contra(_)));
        let amount = |entry: &LineEntry| {
            let transfer = &entry.row.transfer;
            let given_up = if is_contra(&transfer.debit_account) { transfer.cents } else { Money::ZERO };
            let back = if is_contra(&transfer.credit_account) { transfer.cents } else { Money::ZERO };
            given_up - back
        };
        self.entries.iter().map(amount).sum()
    }
}

//! Reading the ledger: balances as they are kept, and the entries behind them.

use std::collections::BTreeMap;

use super::row::{JournalRow, TransferRow};
use crate::platform::database::{DbError, Queries};
use crate::platform::ids::{ChargeLineId, ClaimId, FamilyId, JournalId, PracticeId, RemittanceClaimId};
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::model::{Account, Transfer, TransferKind};
use crate::{args, statements};

statements! {
    LINE_BALANCES = {
        sqlite: "SELECT charge_line_id, account, cents FROM line_balance WHERE practice_id = $1 AND charge_line_id IN (SELECT value FROM json_each($2))
            AND cents <> 0 ORDER BY charge_line_id, account",
        postgres: "SELECT charge_line_id, account, cents FROM line_balance WHERE practice_id = $1
            AND charge_line_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint)) AND cents <> 0 ORDER BY charge_line_id, account"
    };
    FAMILY_BALANCES = "SELECT account, cents FROM family_balance WHERE practice_id = $1 AND family_id = $2 AND cents <> 0 ORDER BY account";
    ACCOUNT_BALANCES = "SELECT account, CAST(SUM(debit_cents - credit_cents) AS BIGINT) FROM day_balance WHERE practice_id = $1 AND day <= $2
        GROUP BY account ORDER BY account";
    HISTORY = {
        sqlite: "SELECT t.id, t.journal_id, t.position, t.kind, t.debit_account, t.credit_account, t.cents, t.family_id, t.charge_line_id,
            t.payer_id, t.adjustment, t.segment, j.effect_key, j.effective_date, j.posted_ms, j.actor, j.reason, j.claim_id, j.remittance_claim_id, j.reverses_id
            FROM transfer t JOIN journal j ON j.practice_id = t.practice_id AND j.id = t.journal_id
            WHERE t.practice_id = $1 AND t.charge_line_id IN (SELECT value FROM json_each($2)) ORDER BY j.posted_ms, t.journal_id, t.position",
        postgres: "SELECT t.id, t.journal_id, t.position, t.kind, t.debit_account, t.credit_account, t.cents, t.family_id, t.charge_line_id,
            t.payer_id, t.adjustment, t.segment, j.effect_key, j.effective_date, j.posted_ms, j.actor, j.reason, j.claim_id, j.remittance_claim_id, j.reverses_id
            FROM transfer t JOIN journal j ON j.practice_id = t.practice_id AND j.id = t.journal_id
            WHERE t.practice_id = $1 AND t.charge_line_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))
            ORDER BY j.posted_ms, t.journal_id, t.position"
    };
    JOURNALS_AFTER = "SELECT practice_id, id, kind, effect_key, posted_ms, effective_date, period, actor, reason, encounter_id, claim_id,
        remittance_id, remittance_claim_id, segment, reverses_id, epoch, mac FROM journal WHERE practice_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    JOURNAL_TRANSFERS = "SELECT id, journal_id, position, kind, debit_account, credit_account, cents, family_id, charge_line_id, payer_id,
        adjustment, segment FROM transfer WHERE practice_id = $1 AND journal_id >= $2 AND journal_id <= $3 ORDER BY journal_id, position";
}

/// One entry of a charge line, with the act it belongs to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HistoryRow {
    /// The transfer.
    #[sqlx(flatten)]
    pub transfer: TransferRow,
    /// The act's effect key.
    pub effect_key: String,
    /// Its business date, ISO.
    pub effective_date: String,
    /// When it was posted, UTC milliseconds.
    pub posted_ms: i64,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// The claim.
    pub claim_id: Option<ClaimId>,
    /// The remittance claim.
    pub remittance_claim_id: Option<RemittanceClaimId>,
    /// The act that it reverses.
    pub reverses_id: Option<JournalId>,
}

/// An entry as its types.
#[derive(Clone, Debug)]
pub struct LineEntry {
    /// The row.
    pub row: HistoryRow,
    /// The movement.
    pub transfer: Transfer,
}

impl TransferRow {
    /// The movement that the row holds; [`DbError::Corrupt`] when a word in it is none of ours.
    pub fn to_transfer(&self) -> Result<Transfer, DbError> {
        let account = |code: &str| Account::from_code(code).ok_or(DbError::Corrupt("account"));
        let kind = TransferKind::from_code(&self.kind).ok_or(DbError::Corrupt("transfer kind"))?;
        let mut transfer = Transfer::stored(kind, account(&self.debit_account)?, account(&self.credit_account)?, self.cents);
        transfer.family = self.family_id;
        transfer.line = self.charge_line_id;
        transfer.payer = self.payer_id;
        transfer.adjustment.clone_from(&self.adjustment);
        transfer.segment = self.segment.and_then(|number| u32::try_from(number).ok());
        Ok(transfer)
    }
}

/// The parts of the balances of charge lines that are not zero.
pub async fn line_balances(
    db: &mut impl Queries,
    practice: PracticeId,
    lines: &[ChargeLineId],
) -> Result<BTreeMap<ChargeLineId, BTreeMap<Account, Money>>, DbError> {
    let keys = serde_json::Value::from_iter(lines.iter().map(|line| line.0)).to_string();
    let rows: Vec<(ChargeLineId, String, Money)> = db.all(&LINE_BALANCES, args![practice, keys]).await?;
    let mut balances: BTreeMap<ChargeLineId, BTreeMap<Account, Money>> = BTreeMap::new();
    for (line, account, amount) in rows {
        let account = Account::from_code(&account).ok_or(DbError::Corrupt("account"))?;
        balances.entry(line).or_default().insert(account, amount);
    }
    Ok(balances)
}

/// The parts of a family's balance that are not zero: receivables above zero, unapplied money below.
pub async fn family_balances(db: &mut impl Queries, practice: PracticeId, family: FamilyId) -> Result<BTreeMap<Account, Money>, DbError> {
    typed(db.all(&FAMILY_BALANCES, args![practice, family]).await?)
}

/// The balance of every account at the end of a day (ISO): debits less credits.
pub async fn account_balances(db: &mut impl Queries, practice: PracticeId, day: &str) -> Result<BTreeMap<Account, Money>, DbError> {
    typed(db.all(&ACCOUNT_BALANCES, args![practice, day]).await?)
}

fn typed(rows: Vec<(String, Money)>) -> Result<BTreeMap<Account, Money>, DbError> {
    rows.into_iter().map(|(account, amount)| Ok((Account::from_code(&account).ok_or(DbError::Corrupt("account"))?, amount))).collect()
}

/// Every entry of charge lines, in the order of posting.
pub async fn history_of_lines(db: &mut impl Queries, practice: PracticeId, lines: &[ChargeLineId]) -> Result<Vec<LineEntry>, DbError> {
    let keys = serde_json::Value::from_iter(lines.iter().map(|line| line.0)).to_string();
    let rows: Vec<HistoryRow> = db.all(&HISTORY, args![practice, keys]).await?;
    rows.into_iter().map(|row| Ok(LineEntry { transfer: row.transfer.to_transfer()?, row })).collect()
}

/// The next journals after a key, for verification.
pub async fn journals_after(db: &mut impl Queries, practice: PracticeId, after: JournalId, limit: u32) -> Result<Vec<JournalRow>, DbError> {
    db.all(&JOURNALS_AFTER, args![practice, after, limit]).await
}

/// The transfers of the journals from one key to another, in their order.
pub async fn journal_transfers(
    db: &mut impl Queries,
    practice: PracticeId,
    from: JournalId,
    to: JournalId,
) -> Result<Vec<TransferRow>, DbError> {
    db.all(&JOURNAL_TRANSFERS, args![practice, from, to]).await
}

//! Posting: journals with their transfers, and the balances that follow from them, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::row::{JournalRow, TransferRow};
use crate::platform::audit::{Actor, Event, Sealed};
use crate::platform::clock::Millis;
use crate::platform::database::{Args, Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{JournalId, PracticeId};
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::model::{Account, Journal, Transfer};
use crate::{args, statements};

statements! {
    KNOWN = {
        sqlite: "SELECT effect_key, id FROM journal WHERE practice_id = $1 AND effect_key IN (SELECT value FROM json_each($2))",
        postgres: "SELECT effect_key, id FROM journal WHERE practice_id = $1
            AND effect_key = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))"
    };
    CLOSED_FROM = "SELECT period FROM period WHERE practice_id = $1 AND period >= $2 AND state = 'closed' ORDER BY period";
    CLOSE_PERIOD = "INSERT INTO period (practice_id, period, state, closed_ms) VALUES ($1, $2, 'closed', $3)
        ON CONFLICT (practice_id, period) DO UPDATE SET state = 'closed', closed_ms = excluded.closed_ms WHERE period.state <> 'closed'";
}

static JOURNAL_ROWS: Bulk = Bulk {
    table: "journal",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("kind", Column::Text),
        ("effect_key", Column::Text),
        ("posted_ms", Column::Int),
        ("effective_date", Column::Text),
        ("period", Column::Text),
        ("actor", Column::Text),
        ("reason", Column::Text),
        ("encounter_id", Column::Int),
        ("claim_id", Column::Int),
        ("remittance_id", Column::Int),
        ("remittance_claim_id", Column::Int),
        ("segment", Column::Int),
        ("reverses_id", Column::Int),
        ("epoch", Column::Int),
        ("mac", Column::Text),
    ],
    on_conflict: "",
};

static TRANSFER_ROWS: Bulk = Bulk {
    table: "transfer",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("journal_id", Column::Int),
        ("position", Column::Int),
        ("kind", Column::Text),
        ("debit_account", Column::Text),
        ("credit_account", Column::Text),
        ("cents", Column::Int),
        ("family_id", Column::Int),
        ("charge_line_id", Column::Int),
        ("payer_id", Column::Int),
        ("adjustment", Column::Text),
        ("segment", Column::Int),
    ],
    on_conflict: "",
};

static LINE_BALANCES: Bulk = Bulk {
    table: "line_balance",
    columns: &[("practice_id", Column::Int), ("charge_line_id", Column::Int), ("account", Column::Text), ("cents", Column::Int)],
    on_conflict: "ON CONFLICT (practice_id, charge_line_id, account) DO UPDATE SET cents = line_balance.cents + excluded.cents",
};

static FAMILY_BALANCES: Bulk = Bulk {
    table: "family_balance",
    columns: &[("practice_id", Column::Int), ("family_id", Column::Int), ("account", Column::Text), ("cents", Column::Int)],
    on_conflict: "ON CONFLICT (practice_id, family_id, account) DO UPDATE SET cents = family_balance.cents + excluded.cents",
};

static DAY_BALANCES: Bulk = Bulk {
    table: "day_balance",
    columns: &[
        ("practice_id", Column::Int),
        ("day", Column::Text),
        ("account", Column::Text),
        ("kind", Column::Text),
        ("debit_cents", Column::Int),
        ("credit_cents", Column::Int),
    ],
    on_conflict: "ON CONFLICT (practice_id, day, account, kind) DO UPDATE SET debit_cents = day_balance.debit_cents + excluded.debit_cents,
        credit_cents = day_balance.credit_cents + excluded.credit_cents",
};

/// Whose books, by whom, when.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The practice.
    pub practice: PracticeId,
    /// Its time zone: it decides the day and the month of an entry.
    pub zone: TimeZone,
    /// Who posts.
    pub actor: Actor,
    /// When.
    pub now: Millis,
}

/// What posting did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// Journals that are new.
    pub posted: usize,
    /// Journals whose effect key was known: nothing happened for these.
    pub known: usize,
}

/// Posts journals: those whose effect key exists are left out, so that the same act twice is one. Everything lands on the day of posting
/// (`entry.now`), or on the first day of the next open month when its month is closed; the business date stays as it is. Journals without
/// transfers are ignored. Fails with [`DbError::Missing`] when a journal reverses one that does not exist.
pub async fn post(tx: &mut Tx, entry: &Entry, journals: &[Journal]) -> Result<Posting, DbError> {
    let keys: BTreeSet<&str> =
        journals.iter().flat_map(|journal| [Some(journal.effect_key.as_str()), journal.reverses.as_deref()]).flatten().collect();
    let keys = serde_json::Value::from_iter(keys).to_string();
    let mut ids: BTreeMap<String, JournalId> =
        tx.all::<(String, JournalId)>(&KNOWN, args![entry.practice, keys]).await?.into_iter().collect();
    let day = posting_day(tx, entry).await?;
    let epoch = tx.open_epoch(entry.practice, Sealed::Journal).await?;

    let mut done = Posting::default();
    let mut rows = Rows::default();
    for journal in journals.iter().filter(|journal| !journal.transfers.is_empty()) {
        if ids.contains_key(&journal.effect_key) {
            done.known += 1;
            continue;
        }
        let id: JournalId = tx.new_key()?;
        let reverses_id = match &journal.reverses {
            Some(key) => Some(*ids.get(key).ok_or(DbError::Missing("the journal that is reversed"))?),
            None => None,
        };
        ids.insert(journal.effect_key.clone(), id);
        let mut row = journal_row(entry, journal, id, reverses_id, day, epoch);
        let mut transfers = Vec::with_capacity(journal.transfers.len());
        for (position, transfer) in (1..).zip(&journal.transfers) {
            transfers.push(transfer_row(tx.new_key()?, id, position, transfer));
            rows.count(transfer);
        }
        let mac = row.expected_mac(tx.db().mac_key(), &transfers);
        row.mac = mac.to_string();
        tx.note_sealed(entry.practice, Sealed::Journal, mac);
        rows.journals.push(journal_args(row));
        rows.transfers.extend(transfers.into_iter().map(|transfer| transfer_args(entry.practice, transfer)));
        done.posted += 1;
    }
    rows.write(tx, entry.practice, day).await?;
    Ok(done)
}

/// Closes a month (`YYYY-MM`): from then on its figures stand, and what comes late counts in the next open month. Gives whether it was open.
pub async fn close_period(tx: &mut Tx, entry: &Entry, period: &str) -> Result<bool, DbError> {
    let closed = tx.execute(&CLOSE_PERIOD, args![entry.practice, period, entry.now]).await? == 1;
    if closed {
        tx.record(Event {
            practice: entry.practice,
            at: entry.now,
            actor: entry.actor,
            subject_kind: "period",
            subject_id: period.replace('-', "").parse().unwrap_or_default(),
            event: "period.closed",
            from: Some("open".to_owned()),
            to: Some("closed".to_owned()),
            detail: Some(period.to_owned()),
        });
    }
    Ok(closed)
}

/// The day that entries count on: today, or the first day of the next month that is not closed.
async fn posting_day(tx: &mut Tx, entry: &Entry) -> Result<Date, DbError> {
    let today = entry.now.date_in(&entry.zone);
    let closed: Vec<(String,)> = tx.all(&CLOSED_FROM, args![entry.practice, month(today)]).await?;
    let mut day = today;
    for (period,) in closed {
        if period != month(day) {
            break;
        }
        day = day.first_of_month().checked_add(1.month()).unwrap_or(day);
    }
    Ok(day)
}

/// The month of a day, `YYYY-MM`.
fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn journal_row(entry: &Entry, journal: &Journal, id: JournalId, reverses_id: Option<JournalId>, day: Date, epoch: i64) -> JournalRow {
    let references = journal.references;
    JournalRow {
        practice_id: entry.practice,
        id,
        kind: journal.kind.code().to_owned(),
        effect_key: journal.effect_key.clone(),
        posted_ms: entry.now.0,
        effective_date: journal.effective.to_string(),
        period: month(day),
        actor: entry.actor.to_string(),
        reason: journal.reason.clone(),
        encounter_id: references.encounter,
        claim_id: references.claim,
        remittance_id: references.remittance,
        remittance_claim_id: references.remittance_claim,
        segment: references.segment.map(i64::from),
        reverses_id,
        epoch,
        mac: String::new(),
    }
}

fn transfer_row(id: i64, journal_id: JournalId, position: i64, transfer: &Transfer) -> TransferRow {
    TransferRow {
        id,
        journal_id,
        position,
        kind: transfer.kind().code().to_owned(),
        debit_account: transfer.debit().to_string(),
        credit_account: transfer.credit().to_string(),
        cents: transfer.amount(),
        family_id: transfer.family,
        charge_line_id: transfer.line,
        payer_id: transfer.payer,
        adjustment: transfer.adjustment.clone(),
        segment: transfer.segment.map(i64::from),
    }
}

fn journal_args(row: JournalRow) -> Args {
    args![
        row.practice_id,
        row.id,
        row.kind,
        row.effect_key,
        row.posted_ms,
        row.effective_date,
        row.period,
        row.actor,
        row.reason,
        row.encounter_id,
        row.claim_id,
        row.remittance_id,
        row.remittance_claim_id,
        row.segment,
        row.reverses_id,
        row.epoch,
        row.mac
    ]
}

fn transfer_args(practice: PracticeId, row: TransferRow) -> Args {
    args![
        practice,
        row.id,
        row.journal_id,
        row.position,
        row.kind,
        row.debit_account,
        row.credit_account,
        row.cents,
        row.family_id,
        row.charge_line_id,
        row.payer_id,
        row.adjustment,
        row.segment
    ]
}

/// The rows of one posting, with the balances summed before they are written. Maps keep them in the order of their keys, so that two
/// writers never wait for each other crosswise.
#[derive(Default)]
struct Rows {
    journals: Vec<Args>,
    transfers: Vec<Args>,
    lines: BTreeMap<(i64, String), Money>,
    families: BTreeMap<(i64, String), Money>,
    days: BTreeMap<(String, &'static str), (Money, Money)>,
}

impl Rows {
    fn count(&mut self, transfer: &Transfer) {
        for (account, change) in transfer.changes() {
            if let (Some(line), true) = (transfer.line, account.bucket().is_some()) {
                *self.lines.entry((line.0, account.to_string())).or_default() += change;
            }
            if let (Some(family), true) = (transfer.family, account.bucket().is_some() || account == Account::Unapplied) {
                *self.families.entry((family.0, account.to_string())).or_default() += change;
            }
            let (debits, credits) = self.days.entry((account.to_string(), transfer.kind().code())).or_default();
            *(if change.is_negative() { credits } else { debits }) += change.abs();
        }
    }

    async fn write(self, tx: &mut Tx, practice: PracticeId, day: Date) -> Result<(), DbError> {
        tx.insert_all(&JOURNAL_ROWS, &self.journals).await?;
        tx.insert_all(&TRANSFER_ROWS, &self.transfers).await?;
        let balances = |sums: BTreeMap<(i64, String), Money>| -> Vec<Args> {
            sums.into_iter().map(|((key, account), cents)| args![practice, key, account, cents]).collect()
        };
        tx.insert_all(&LINE_BALANCES, &balances(self.lines)).await?;
        tx.insert_all(&FAMILY_BALANCES, &balances(self.families)).await?;
        let days: Vec<Args> = self
            .days
            .into_iter()
            .map(|((account, kind), (debits, credits))| args![practice, day, account, kind, debits, credits])
            .collect();
        tx.insert_all(&DAY_BALANCES, &days).await.map(drop)
    }
}

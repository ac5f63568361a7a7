//! What needs our own code: MACs, seals and hashes, page by page.

use std::collections::BTreeMap;

use super::Check;
use crate::platform::archive::{check_next, sha256_hex};
use crate::platform::audit::{SealHead, SealSum, Sealed, events_after, heads};
use crate::platform::database::{Db, DbError, Queries};
use crate::platform::ids::{BatchId, ClaimId, JournalId, PracticeId};
use crate::revenue_cycle::claim::model::ClaimContent;
use crate::revenue_cycle::ledger::model::{Account, TransferKind};
use crate::revenue_cycle::ledger::store::{TransferRow, journal_transfers, journals_after};
use crate::{args, statements};

/// Rows of a page: a page of claims with their contents is a few megabytes.
const PAGE: u32 = 1_000;

statements! {
    CLAIM_CONTENTS = "SELECT id, content, content_sha256 FROM claim WHERE practice_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    SNAPSHOTS = "SELECT bc.batch_id, bc.claim_id, bc.snapshot, c.pcn FROM batch_claim bc
        JOIN claim c ON c.practice_id = bc.practice_id AND c.id = bc.claim_id
        WHERE bc.practice_id = $1 AND (bc.batch_id, bc.claim_id) > ($2, $3) ORDER BY bc.batch_id, bc.claim_id LIMIT $4";
    TRANSFER_COUNT = "SELECT COUNT(*) FROM transfer WHERE practice_id = $1";
}

/// Journals with their transfers: MACs, words that we know, nothing added or removed, seals.
pub(super) async fn ledger(mut db: &Db, practice: PracticeId, code: &str) -> Result<Vec<Check>, DbError> {
    let mut macs = Check::new(Some(code), "every journal carries the MAC of itself and its transfers");
    let mut words = Check::new(Some(code), "every transfer moves money between accounts that exist");
    let mut sums: BTreeMap<i64, SealSum> = BTreeMap::new();
    let mut after = JournalId(0);
    loop {
        let page = journals_after(&mut db, practice, after, PAGE).await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { break };
        let mut transfers: BTreeMap<JournalId, Vec<TransferRow>> = BTreeMap::new();
        for transfer in journal_transfers(&mut db, practice, first.id, last.id).await? {
            let known = Account::from_code(&transfer.debit_account).is_some() && Account::from_code(&transfer.credit_account).is_some();
            words.count(known && TransferKind::from_code(&transfer.kind).is_some(), || transfer.id.to_string());
            transfers.entry(transfer.journal_id).or_default().push(transfer);
        }
        after = last.id;
        for journal in &page {
            let expected = journal.expected_mac(db.mac_key(), transfers.get(&journal.id).map_or(&[][..], Vec::as_slice));
            macs.count(expected.to_string() == journal.mac, || journal.id.to_string());
            sums.entry(journal.epoch).or_default().add(expected);
        }
    }
    let (stored,): (i64,) = db.one(&TRANSFER_COUNT, args![practice]).await?;
    let mut lost = Check::new(Some(code), "every transfer belongs to a journal");
    lost.checked = stored;
    lost.faults = (stored - words.checked).abs();
    let mut checks = vec![macs, words, lost];
    checks.extend(seals(db, practice, code, Sealed::Journal, &sums).await?);
    Ok(checks)
}

/// Events: MACs, nothing added or removed, seals.
pub(super) async fn events(mut db: &Db, practice: PracticeId, code: &str) -> Result<Vec<Check>, DbError> {
    let mut macs = Check::new(Some(code), "every event carries its MAC");
    let mut sums: BTreeMap<i64, SealSum> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = events_after(&mut db, practice, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for event in &page {
            let expected = event.expected_mac(db.mac_key());
            macs.count(expected.to_string() == event.mac, || event.id.to_string());
            sums.entry(event.epoch).or_default().add(expected);
        }
    }
    let mut checks = vec![macs];
    checks.extend(seals(db, practice, code, Sealed::Event, &sums).await?);
    Ok(checks)
}

/// Compares what was counted with the heads of the epochs, and the heads with their seals, each of which signs the one before.
async fn seals(mut db: &Db, practice: PracticeId, code: &str, table: Sealed, sums: &BTreeMap<i64, SealSum>) -> Result<[Check; 2], DbError> {
    let (counted_name, sealed_name) = match table {
        Sealed::Journal => ("no journal was added or removed behind the books", "the seals of the ledger hold"),
        Sealed::Event => ("no event was added or removed behind the trail", "the seals of the audit trail hold"),
    };
    let mut counted = Check::new(Some(code), counted_name);
    let mut sealed = Check::new(Some(code), sealed_name);
    let heads: Vec<SealHead> = heads(&mut db, practice, table).await?;
    let mut previous: Option<&str> = None;
    for head in &heads {
        let made = sums.get(&head.epoch).copied().unwrap_or_default();
        counted.count(made == head.sum(), || format!("epoch {}", head.epoch));
        if head.sealed_ms.is_some() {
            let expected = head.expected_seal(db.mac_key(), previous);
            sealed.count(head.mac.as_deref() == Some(&expected), || format!("epoch {}", head.epoch));
        }
        previous = head.mac.as_deref();
    }
    for epoch in sums.keys().filter(|epoch| heads.iter().all(|head| head.epoch != **epoch)) {
        counted.count(false, || format!("epoch {epoch} has no head"));
    }
    Ok([counted, sealed])
}

/// Claims against the hash of their content.
pub(super) async fn claim_contents(mut db: &Db, practice: PracticeId, code: &str) -> Result<Check, DbError> {
    let mut check = Check::new(Some(code), "a claim's content has its hash");
    let mut after = ClaimId(0);
    loop {
        let page: Vec<(ClaimId, String, String)> = db.all(&CLAIM_CONTENTS, args![practice, after, PAGE]).await?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        for (id, content, hash) in &page {
            check.count(sha256_hex(content.as_bytes()) == *hash, || id.to_string());
        }
    }
    Ok(check)
}

/// Snapshots of what was sent: each reads back as the claim that it is of.
pub(super) async fn snapshots(mut db: &Db, practice: PracticeId, code: &str) -> Result<Check, DbError> {
    let mut check = Check::new(Some(code), "a snapshot reads back as its claim");
    let (mut batch, mut claim) = (BatchId(0), ClaimId(0));
    loop {
        let page: Vec<(BatchId, ClaimId, String, String)> = db.all(&SNAPSHOTS, args![practice, batch, claim, PAGE]).await?;
        let Some(last) = page.last() else { break };
        (batch, claim) = (last.0, last.1);
        for (_, id, snapshot, pcn) in &page {
            let read = serde_json::from_str::<ClaimContent>(snapshot);
            check.count(read.is_ok_and(|content| content.claim.id == *pcn), || id.to_string());
        }
    }
    Ok(check)
}

/// Every file against its hash, one at a time.
pub(super) async fn archive(mut db: &Db) -> Result<Check, DbError> {
    let mut check = Check::new(None, "every archived file has its hash");
    let mut after = 0;
    while let Some((id, holds)) = check_next(&mut db, after).await? {
        check.count(holds, || id.to_string());
        after = id;
    }
    Ok(check)
}

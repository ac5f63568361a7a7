//! The digest: SHA-256 over what a practice's life came to, in an order that depends on nothing but that. Keys, claim numbers, control
//! numbers and instants stay out, so that two runs of the same life agree, however they were batched or interrupted.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::platform::database::{Db, DbError, Queries};
use crate::platform::ids::{EncounterId, PracticeId};
use crate::{args, statements};

/// Visits of a page; each has a few dozen rows.
const PAGE: u32 = 500;

statements! {
    VISITS = "SELECT e.id, e.source, e.external_id, k.external_id, d.code, e.service_date, e.place_of_service, e.diagnoses, e.state
        FROM encounter e JOIN child k ON k.practice_id = e.practice_id AND k.id = e.child_id
        JOIN provider d ON d.practice_id = e.practice_id AND d.id = e.provider_id
        WHERE e.practice_id = $1 AND (e.source, e.external_id) > ($2, $3) ORDER BY e.source, e.external_id LIMIT $4";
    CHARGES = {
        sqlite: "SELECT encounter_id, 'charge|' || position || '|' || procedure_code || '|' || modifiers || '|' || units || '|' || cents
            FROM charge_line WHERE practice_id = $1 AND encounter_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT encounter_id, 'charge|' || position || '|' || procedure_code || '|' || modifiers || '|' || units || '|' || cents
            FROM charge_line WHERE practice_id = $1 AND encounter_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))"
    };
    CLAIMS = {
        sqlite: "SELECT c.encounter_id, 'claim|' || p.code || '|' || c.version || '|' || c.frequency || '|' || c.responsibility || '|' || c.state || '|'
                || c.charge_cents || '|' || c.paid_cents
            FROM claim c JOIN payer p ON p.practice_id = c.practice_id AND p.id = c.payer_id
            WHERE c.practice_id = $1 AND c.encounter_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT c.encounter_id, 'claim|' || p.code || '|' || c.version || '|' || c.frequency || '|' || c.responsibility || '|' || c.state || '|'
                || c.charge_cents || '|' || c.paid_cents
            FROM claim c JOIN payer p ON p.practice_id = c.practice_id AND p.id = c.payer_id
            WHERE c.practice_id = $1 AND c.encounter_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))"
    };
    FINDINGS = {
        sqlite: "SELECT c.encounter_id, 'finding|' || c.version || '|' || f.edit || '|' || f.severity || '|' || f.path
            FROM claim c CROSS JOIN finding f WHERE f.practice_id = c.practice_id AND f.claim_id = c.id
            AND c.practice_id = $1 AND c.encounter_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT c.encounter_id, 'finding|' || c.version || '|' || f.edit || '|' || f.severity || '|' || f.path
            FROM claim c CROSS JOIN finding f WHERE f.practice_id = c.practice_id AND f.claim_id = c.id
            AND c.practice_id = $1 AND c.encounter_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))"
    };
    ENTRIES = {
        sqlite: "SELECT g.encounter_id, 'entry|' || g.position || '|' || t.kind || '|' || t.debit_account || '|' || t.credit_account || '|' || t.cents || '|'
                || COALESCE(t.adjustment, '') || '|' || j.effective_date
            FROM charge_line g CROSS JOIN transfer t CROSS JOIN journal j WHERE t.practice_id = g.practice_id AND t.charge_line_id = g.id
            AND j.practice_id = t.practice_id AND j.id = t.journal_id AND g.practice_id = $1 AND g.encounter_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT g.encounter_id, 'entry|' || g.position || '|' || t.kind || '|' || t.debit_account || '|' || t.credit_account || '|' || t.cents || '|'
                || COALESCE(t.adjustment, '') || '|' || j.effective_date
            FROM charge_line g CROSS JOIN transfer t CROSS JOIN journal j WHERE t.practice_id = g.practice_id AND t.charge_line_id = g.id
            AND j.practice_id = t.practice_id AND j.id = t.journal_id AND g.practice_id = $1 AND g.encounter_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))"
    };
    FAMILIES = "SELECT f.external_id, b.account, 'family|' || b.cents FROM family_balance b
        JOIN family f ON f.practice_id = b.practice_id AND f.id = b.family_id
        WHERE b.practice_id = $1 AND b.cents <> 0 AND (f.external_id, b.account) > ($2, $3) ORDER BY f.external_id, b.account LIMIT $4";
    ACCOUNTS = "SELECT 'account|' || account || '|' || SUM(debit_cents - credit_cents) FROM day_balance WHERE practice_id = $1
        GROUP BY account ORDER BY account";
    PROVIDER_ADJUSTMENTS = "SELECT 'plb|' || p.code || '|' || p.cents || '|' || COUNT(*) FROM provider_adjustment p WHERE p.practice_id = $1
        GROUP BY p.code, p.cents ORDER BY p.code, p.cents";
    WORK_ITEMS = "SELECT 'work|' || stage || '|' || reason || '|' || subject_kind || '|'
            || CASE WHEN subject_kind IN ('remittance', 'batch', 'interchange') THEN 0 ELSE COUNT(*) END
        FROM work_item WHERE practice_id = $1 AND state = 'open' GROUP BY stage, reason, subject_kind ORDER BY stage, reason, subject_kind";
}

type VisitRow = (EncounterId, String, String, String, String, String, String, String, String);

/// The digest of all practices, in the order of their codes: 64 hexadecimal digits. It covers visits with their charges, claims with their
/// findings and states, every entry of every line, accounts, families' balances, provider adjustments, and open work items by reason. How
/// many work items are about whole remittances or batches stays out: two claims of a kind may share one.
pub async fn digest(db: &Db) -> Result<String, DbError> {
    let mut hash = Sha256::new();
    for (practice, code) in super::practices(db).await? {
        add(&mut hash, &format!("practice|{code}"));
        visits(db, practice, &mut hash).await?;
        families(db, practice, &mut hash).await?;
        for statement in [&ACCOUNTS, &PROVIDER_ADJUSTMENTS, &WORK_ITEMS] {
            let mut db = db;
            for (line,) in db.all::<(String,)>(statement, args![practice]).await? {
                add(&mut hash, &line);
            }
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Adds a line with its length, so that no two lists of lines hash alike.
fn add(hash: &mut Sha256, line: &str) {
    hash.update((line.len() as u64).to_le_bytes());
    hash.update(line.as_bytes());
}

async fn visits(mut db: &Db, practice: PracticeId, hash: &mut Sha256) -> Result<(), DbError> {
    let (mut source, mut external_id) = (String::new(), String::new());
    loop {
        let page: Vec<VisitRow> = db.all(&VISITS, args![practice, &source, &external_id, PAGE]).await?;
        let Some(last) = page.last() else { return Ok(()) };
        (source, external_id) = (last.1.clone(), last.2.clone());
        let ids = Value::from_iter(page.iter().map(|visit| visit.0.0)).to_string();
        let mut details: BTreeMap<EncounterId, Vec<String>> = BTreeMap::new();
        for statement in [&CHARGES, &CLAIMS, &FINDINGS, &ENTRIES] {
            for (visit, line) in db.all::<(EncounterId, String)>(statement, args![practice, &ids]).await? {
                details.entry(visit).or_default().push(line);
            }
        }
        for (id, source, external, child, provider, day, place, diagnoses, state) in page {
            add(hash, &["visit", &source, &external, &child, &provider, &day, &place, &diagnoses, &state].join("|"));
            // The same entries in whatever order they were posted.
            let mut lines = details.remove(&id).unwrap_or_default();
            lines.sort_unstable();
            lines.iter().for_each(|line| add(hash, line));
        }
    }
}

async fn families(mut db: &Db, practice: PracticeId, hash: &mut Sha256) -> Result<(), DbError> {
    let (mut external_id, mut account) = (String::new(), String::new());
    loop {
        let page: Vec<(String, String, String)> = db.all(&FAMILIES, args![practice, &external_id, &account, PAGE]).await?;
        let Some(last) = page.last() else { return Ok(()) };
        (external_id, account) = (last.0.clone(), last.1.clone());
        for (family, account, line) in &page {
            add(hash, &format!("{family}|{account}|{line}"));
        }
    }
}

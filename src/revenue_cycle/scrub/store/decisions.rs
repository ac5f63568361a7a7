//! What people decided: warnings that are overridden, and a practice's own rules.

use std::collections::HashSet;

use super::super::practice_rule::{self, PracticeRules, RuleFault};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::platform::ids::{ClaimId, PracticeId};
use crate::revenue_cycle::worklist::{self, NewItem};
use crate::{args, statements};

statements! {
    OVERRIDE = "INSERT INTO finding_override (practice_id, claim_id, edit, reason, actor, at_ms) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (practice_id, claim_id, edit) DO UPDATE SET reason = excluded.reason, actor = excluded.actor, at_ms = excluded.at_ms";
    OVERRIDDEN = {
        sqlite: "SELECT claim_id, edit FROM finding_override WHERE practice_id = $1 AND claim_id IN (SELECT value FROM json_each($2)) ORDER BY claim_id, edit",
        postgres: "SELECT claim_id, edit FROM finding_override WHERE practice_id = $1
            AND claim_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint) ORDER BY claim_id, edit"
    };
    KEEP_OVERRIDES = "INSERT INTO finding_override (practice_id, claim_id, edit, reason, actor, at_ms)
        SELECT practice_id, $3, edit, reason, actor, at_ms FROM finding_override WHERE practice_id = $1 AND claim_id = $2";
    RULES = "SELECT content FROM practice_rule_file WHERE practice_id = $1";
    SET_RULES = "INSERT INTO practice_rule_file (practice_id, content, loaded_ms) VALUES ($1, $2, $3)
        ON CONFLICT (practice_id) DO UPDATE SET content = excluded.content, loaded_ms = excluded.loaded_ms WHERE practice_rule_file.content <> excluded.content";
}

/// Keeps a person's decision that an edit's warnings on a claim don't matter. It stands for every later scrub of the claim and of
/// the versions that take its place.
pub async fn override_edit(
    tx: &mut Tx,
    practice: PracticeId,
    claim: ClaimId,
    edit: &str,
    reason: &str,
    actor: Actor,
    now: Millis,
) -> Result<(), DbError> {
    tx.execute(&OVERRIDE, args![practice, claim, edit, reason, actor.to_string(), now]).await?;
    tx.record(Event {
        practice,
        at: now,
        actor,
        subject_kind: "claim",
        subject_id: claim.0,
        event: "claim.overridden",
        from: None,
        to: None,
        detail: Some(format!("{edit}: {reason}")),
    });
    Ok(())
}

/// What was decided of a claim stands for the version that takes its place, by whom and why as before.
pub async fn keep_overrides(tx: &mut Tx, practice: PracticeId, from: ClaimId, to: ClaimId) -> Result<(), DbError> {
    tx.execute(&KEEP_OVERRIDES, args![practice, from, to]).await.map(drop)
}

/// The edits that are overridden on some claims.
pub async fn overridden(db: &mut impl Queries, practice: PracticeId, claims: &[ClaimId]) -> Result<HashSet<(ClaimId, String)>, DbError> {
    let keys = serde_json::Value::from(claims.iter().map(|claim| claim.0).collect::<Vec<_>>()).to_string();
    Ok(db.all::<(ClaimId, String)>(&OVERRIDDEN, args![practice, keys]).await?.into_iter().collect())
}

/// The practice's own rules, none where it has loaded no file; and what of them this version of the program does not accept.
pub async fn practice_rules(db: &mut impl Queries, practice: PracticeId) -> Result<(PracticeRules, Vec<RuleFault>), DbError> {
    let text = db.optional::<(String,)>(&RULES, args![practice]).await?;
    Ok(text.map(|(text,)| practice_rule::read_stored(&text)).unwrap_or_default())
}

/// The rules in force, for scrubbing: what is left out of them is told to a person, once.
pub async fn rules_in_force(tx: &mut Tx, practice: PracticeId, now: Millis) -> Result<PracticeRules, DbError> {
    let (rules, faults) = practice_rules(tx, practice).await?;
    if !faults.is_empty() {
        let told: Vec<String> = faults.iter().take(FAULTS_TOLD).map(RuleFault::without_texts).collect();
        let more = if faults.len() > FAULTS_TOLD { format!("; and {} more", faults.len() - FAULTS_TOLD) } else { String::new() };
        let item = NewItem {
            practice,
            stage: "scrub",
            reason: "PRACTICE_RULES".to_owned(),
            subject_kind: "practice",
            subject_id: practice.0,
            message: format!("Not in force any more of the practice's own rules: {}{more}; mend the file and load it", told.join("; ")),
            due_date: None,
        };
        worklist::raise(tx, item, now).await?;
    }
    Ok(rules)
}

/// Faults of rules in force that a work item tells: a person mends the file, and `scrub --try` tells all.
const FAULTS_TOLD: usize = 10;

/// Puts a file of rules, which was read without fault, in the place of the one before; false when it is the same.
pub async fn set_practice_rules(tx: &mut Tx, practice: PracticeId, text: &str, actor: Actor, now: Millis) -> Result<bool, DbError> {
    let changed = tx.execute(&SET_RULES, args![practice, text, now]).await? == 1;
    if changed {
        worklist::resolve_subject(tx, practice, "scrub", "practice", practice.0, "other rules were loaded", now).await?;
        tx.record(Event {
            practice,
            at: now,
            actor,
            subject_kind: "practice",
            subject_id: practice.0,
            event: "practice.rules_loaded",
            from: None,
            to: None,
            detail: None,
        });
    }
    Ok(changed)
}

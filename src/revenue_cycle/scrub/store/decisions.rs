//! What people decided: warnings that are overridden, and a practice's own rules.

use std::collections::HashSet;

use super::super::practice_rule::{self, PracticeRules};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::platform::ids::{ClaimId, PracticeId};
use crate::{args, statements};

statements! {
    OVERRIDE = "INSERT INTO finding_override (practice_id, claim_id, edit, reason, actor, at_ms) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (practice_id, claim_id, edit) DO UPDATE SET reason = excluded.reason, actor = excluded.actor, at_ms = excluded.at_ms";
    OVERRIDDEN = {
        sqlite: "SELECT claim_id, edit FROM finding_override WHERE practice_id = $1 AND claim_id IN (SELECT value FROM json_each($2)) ORDER BY claim_id, edit",
        postgres: "SELECT claim_id, edit FROM finding_override WHERE practice_id = $1
            AND claim_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint) ORDER BY claim_id, edit"
    };
    RULES = "SELECT content FROM practice_rule_file WHERE practice_id = $1";
    SET_RULES = "INSERT INTO practice_rule_file (practice_id, content, loaded_ms) VALUES ($1, $2, $3)
        ON CONFLICT (practice_id) DO UPDATE SET content = excluded.content, loaded_ms = excluded.loaded_ms WHERE practice_rule_file.content <> excluded.content";
}

/// Keeps a person's decision that an edit's warnings on a claim don't matter. It stands for every later scrub of the claim.
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

/// The edits that are overridden on some claims.
pub async fn overridden(db: &mut impl Queries, practice: PracticeId, claims: &[ClaimId]) -> Result<HashSet<(ClaimId, String)>, DbError> {
    let keys = serde_json::Value::from(claims.iter().map(|claim| claim.0).collect::<Vec<_>>()).to_string();
    Ok(db.all::<(ClaimId, String)>(&OVERRIDDEN, args![practice, keys]).await?.into_iter().collect())
}

/// The practice's own rules; none where it has loaded no file.
pub async fn practice_rules(db: &mut impl Queries, practice: PracticeId) -> Result<PracticeRules, DbError> {
    match db.optional::<(String,)>(&RULES, args![practice]).await? {
        Some((text,)) => practice_rule::read(&text).map_err(|_| DbError::Corrupt("practice rules")),
        None => Ok(PracticeRules::default()),
    }
}

/// Puts a file of rules, which was read without fault, in the place of the one before; false when it is the same.
pub async fn set_practice_rules(tx: &mut Tx, practice: PracticeId, text: &str, actor: Actor, now: Millis) -> Result<bool, DbError> {
    let changed = tx.execute(&SET_RULES, args![practice, text, now]).await? == 1;
    if changed {
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

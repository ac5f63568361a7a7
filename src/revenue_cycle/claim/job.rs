//! Building and scrubbing: load → decide → commit, a chunk of visits a job.

pub mod resend;

use crate::transact;
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::build::{ClaimFacts, build, pcn};
use super::lifecycle::{ClaimEvent, ClaimState};
use super::model::ClaimContent;
use super::store::{self, NewClaim};
use crate::app::App;
use crate::family::coverage::active_on;
use crate::family::store::Households;
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{Db, DbError, Tx};
use crate::platform::ids::{ChildId, ClaimId, CoverageId, EncounterId, FamilyId, PayerId, PracticeId};
use crate::platform::jobs::{Job, JobContext};
use crate::practice::PracticeSetup;
use crate::revenue_cycle::encounter::{self, Encounter};
use crate::revenue_cycle::scrub::{self, Finding, PayerFacts, ScrubInput, Severity};
use crate::revenue_cycle::worklist::deadline::{DeadlineKind, file_by, next_alert};
use crate::revenue_cycle::worklist::{self, NewItem};

/// Which visits to build claims of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildClaimsArgs {
    /// Whose.
    pub practice: PracticeId,
    /// The visits, at most a chunk of intake.
    pub encounters: Vec<EncounterId>,
}

/// Builds and scrubs the claims of a chunk of visits.
pub struct BuildClaims;

impl Job<App> for BuildClaims {
    const KIND: &'static str = "claim.build";
    type Args = BuildClaimsArgs;

    async fn run(_: &App, ctx: &JobContext, args: BuildClaimsArgs) -> anyhow::Result<()> {
        let now = ctx.clock.now();
        let setup = PracticeSetup::load(&mut &ctx.db, args.practice).await?;
        let encounters = encounter::encounters(&mut &ctx.db, args.practice, &args.encounters).await?;
        let children: Vec<ChildId> = encounters.iter().map(|e| e.child).collect();
        let households = Households::load(&mut &ctx.db, args.practice, &children).await?;
        transact!(ctx.db, |tx| Ok(build_all(tx, &setup, &encounters, &households, ctx.actor, now).await?))
    }
}

async fn build_all(
    tx: &mut Tx,
    setup: &PracticeSetup,
    encounters: &[Encounter],
    households: &Households,
    actor: Actor,
    now: Millis,
) -> Result<(), DbError> {
    let practice = setup.practice.id;
    let today = now.date_in(&setup.practice.time_zone);
    let ids: Vec<EncounterId> = encounters.iter().map(|e| e.id).collect();
    let built = store::built(tx, practice, &ids).await?;
    let (mut results, mut claims) = (Vec::new(), Vec::new());
    for encounter in encounters.iter().filter(|e| !built.contains(&e.id)) {
        let id: ClaimId = tx.new_key()?;
        let number = pcn(id, 1);
        let Some(draft) = draft(setup, encounter, households, &number) else {
            no_coverage(tx, practice, encounter, now).await?;
            continue;
        };
        let claim = draft.into_claim(practice, id, encounter, 1);
        watch_filing(tx, &claim, today).await?;
        let findings = findings_of(setup, claim.payer, &claim.content, today);
        results.push((id, findings, claim.file_by));
        claims.push(claim);
    }
    store::insert(tx, &claims, actor, now).await?;
    let claimed: Vec<EncounterId> = claims.iter().map(|c| c.encounter).collect();
    encounter::mark(tx, practice, &claimed, "claimed").await?;
    settle(tx, practice, &results, actor, now).await.map(drop)
}

/// A claim as it would be built now.
struct Draft {
    family: FamilyId,
    payer: PayerId,
    coverage: CoverageId,
    file_by: Date,
    content: ClaimContent,
}

impl Draft {
    /// The claim to be stored under a key, as a version of the visit's claim.
    fn into_claim(self, practice: PracticeId, id: ClaimId, encounter: &Encounter, version: u32) -> NewClaim {
        NewClaim {
            practice,
            id,
            encounter: encounter.id,
            child: encounter.child,
            family: self.family,
            payer: self.payer,
            coverage: self.coverage,
            version,
            file_by: Some(self.file_by),
            content: self.content,
            charge_lines: encounter.lines.iter().map(|l| l.id).collect(),
        }
    }
}

/// Has a person told before the time for filing a new claim runs out.
async fn watch_filing(tx: &mut Tx, claim: &NewClaim, today: Date) -> Result<(), DbError> {
    let Some((due, alert)) = claim.file_by.and_then(|due| Some((due, next_alert(DeadlineKind::TimelyFiling, due, today)?))) else {
        return Ok(());
    };
    worklist::set_deadline(tx, claim.practice, DeadlineKind::TimelyFiling, claim.id, due, alert).await
}

/// The claim to the first payer in force on the date of service; none when there is no such coverage.
fn draft(setup: &PracticeSetup, encounter: &Encounter, households: &Households, number: &str) -> Option<Draft> {
    let child = households.children.get(&encounter.child)?;
    let active = active_on(households.coverages_of(encounter.child), encounter.service_date);
    let coverage = active.into_iter().find(|c| setup.payer(c.payer).is_some_and(|p| p.class.takes_claims()))?;
    let payer = setup.payer(coverage.payer)?;
    let rules = payer.rules_on(encounter.service_date);
    let content = build(&ClaimFacts {
        pcn: number,
        practice: &setup.practice,
        provider: setup.provider(encounter.provider)?,
        location: setup.location(encounter.location)?,
        payer,
        rules: &rules,
        child,
        coverage,
        encounter,
        order: 1,
    });
    Some(Draft {
        family: child.family,
        payer: payer.id,
        coverage: coverage.id,
        file_by: file_by(encounter.service_date, u32::from(rules.initial_days)),
        content,
    })
}

async fn no_coverage(tx: &mut Tx, practice: PracticeId, encounter: &Encounter, now: Millis) -> Result<(), DbError> {
    let item = NewItem {
        practice,
        stage: "claim",
        reason: "NO_COVERAGE".to_owned(),
        subject_kind: "encounter",
        subject_id: encounter.id.0,
        message: format!("No coverage is in force on {}: add one, or bill the family", encounter.service_date),
        due_date: None,
    };
    worklist::raise(tx, item, now).await.map(drop)
}

/// Runs every edit on one claim.
fn findings_of(setup: &PracticeSetup, payer: PayerId, content: &ClaimContent, today: Date) -> Vec<Finding> {
    let Some(payer) = setup.payer(payer) else { return Vec::new() };
    let rules = payer.rules_on(content.service_date().unwrap_or(today));
    scrub::scrub(&ScrubInput {
        content,
        today,
        payer: PayerFacts {
            name: payer.name.as_str(),
            has_route: setup.submitter_of(payer).is_some(),
            member_id_pattern: &rules.member_id_pattern,
            needs_billing_taxonomy: rules.billing_taxonomy,
            takes_zero_charge: rules.zero_charge_allowed,
        },
    })
}

/// Stores findings, moves the claims, raises what a person must look at and ends what has been mended.
async fn settle(
    tx: &mut Tx,
    practice: PracticeId,
    results: &[(ClaimId, Vec<Finding>, Option<Date>)],
    actor: Actor,
    now: Millis,
) -> Result<store::Applied, DbError> {
    let findings: Vec<(ClaimId, Vec<Finding>)> = results.iter().map(|(id, findings, _)| (*id, findings.clone())).collect();
    scrub::replace(tx, practice, &findings, now).await?;
    let events: Vec<(ClaimId, ClaimEvent)> = results.iter().map(|(id, findings, _)| (*id, scrub::verdict(findings))).collect();
    for (claim, findings, file_by) in results {
        let reasons: Vec<&str> = findings.iter().filter(|f| f.severity != Severity::Note).map(|f| f.edit.as_str()).collect();
        worklist::resolve_others(tx, practice, "scrub", ("claim", claim.0), &reasons, "mended: scrubbed again", now).await?;
        for finding in findings.iter().filter(|f| f.severity != Severity::Note) {
            let item = NewItem {
                practice,
                stage: "scrub",
                reason: finding.edit.clone(),
                subject_kind: "claim",
                subject_id: claim.0,
                message: finding.message.clone(),
                due_date: *file_by,
            };
            worklist::raise(tx, item, now).await?;
        }
    }
    store::apply(tx, practice, &events, actor, now).await
}

/// What a scrub did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scrubbed {
    /// Claims that were looked at.
    pub claims: usize,
    /// Now ready to be sent.
    pub ready: usize,
    /// Held by warnings.
    pub held: usize,
    /// Blocked by errors.
    pub failed: usize,
    /// Claims by edit: errors and warnings.
    pub by_edit: BTreeMap<String, usize>,
}

/// Claims scrubbed again in one transaction.
const RESCRUB_MAX: u32 = 200;

/// Builds anew from today's records and scrubs all claims that are kept back: what was mended in the family, the coverage or the practice's
/// set-up takes effect.
pub async fn rescrub(db: &Db, practice: PracticeId, actor: Actor, now: Millis) -> anyhow::Result<Scrubbed> {
    let setup = PracticeSetup::load(&mut &*db, practice).await?;
    let today = now.date_in(&setup.practice.time_zone);
    let mut done = Scrubbed::default();
    for state in [ClaimState::Draft, ClaimState::ScrubFailed, ClaimState::Held] {
        let mut after = ClaimId(0);
        loop {
            let ids = store::of_state(&mut &*db, practice, state, after, RESCRUB_MAX).await?;
            let Some(last) = ids.last() else { break };
            after = *last;
            let chunk = transact!(db, |tx| Ok(rescrub_chunk(tx, &setup, &ids, today, actor, now).await?))?;
            done.claims += chunk.len();
            for findings in chunk {
                match scrub::verdict(&findings) {
                    ClaimEvent::ScrubErrors => done.failed += 1,
                    ClaimEvent::ScrubWarned => done.held += 1,
                    _ => done.ready += 1,
                }
                let edits: std::collections::BTreeSet<&str> =
                    findings.iter().filter(|f| f.severity != Severity::Note).map(|f| f.edit.as_str()).collect();
                for edit in edits {
                    *done.by_edit.entry(edit.to_owned()).or_default() += 1;
                }
            }
        }
    }
    Ok(done)
}

async fn rescrub_chunk(
    tx: &mut Tx,
    setup: &PracticeSetup,
    ids: &[ClaimId],
    today: Date,
    actor: Actor,
    now: Millis,
) -> Result<Vec<Vec<Finding>>, DbError> {
    let practice = setup.practice.id;
    let mut results = Vec::with_capacity(ids.len());
    for &id in ids {
        let row = store::claim(tx, practice, id).await?.ok_or(DbError::Missing("claim"))?;
        let encounters = encounter::encounters(tx, practice, &[row.encounter_id]).await?;
        let households = Households::load(tx, practice, &[row.child_id]).await?;
        let rebuilt = encounters.first().and_then(|encounter| draft(setup, encounter, &households, &row.pcn));
        let content = match rebuilt {
            // Only the same payer's claim is brought up to date; another payer means another claim, which a person decides.
            Some(draft) if draft.payer == row.payer_id => {
                store::set_content(tx, practice, id, &draft.content, actor, now).await?;
                draft.content
            }
            _ => store::content(tx, practice, id).await?,
        };
        let findings = findings_of(setup, row.payer_id, &content, today);
        results.push((id, findings, row.file_by.map(|d| d.0)));
    }
    settle(tx, practice, &results, actor, now).await?;
    Ok(results.into_iter().map(|r| r.1).collect())
}

/// A person's decision that warnings of an edit don't matter, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The edit.
    pub edit: String,
    /// Why.
    pub reason: String,
}

/// Releases the claims that are held by warnings of one edit alone; gives how many. Each release is an event with the reason and the actor.
pub async fn override_warnings(db: &Db, practice: PracticeId, decision: &Override, actor: Actor, now: Millis) -> anyhow::Result<usize> {
    let (mut released, mut after) = (0, ClaimId(0));
    loop {
        let ids = store::of_state(&mut &*db, practice, ClaimState::Held, after, RESCRUB_MAX).await?;
        let Some(last) = ids.last() else { return Ok(released) };
        after = *last;
        released += transact!(db, |tx| Ok(release_chunk(tx, practice, &ids, decision, actor, now).await?))?;
    }
}

async fn release_chunk(
    tx: &mut Tx,
    practice: PracticeId,
    ids: &[ClaimId],
    decision: &Override,
    actor: Actor,
    now: Millis,
) -> Result<usize, DbError> {
    let mut events = Vec::new();
    for &id in ids {
        let findings = scrub::of_claim(tx, practice, id).await?;
        let mut warnings = findings.iter().filter(|f| f.severity == Severity::Warning.code());
        if warnings.all(|f| f.edit == decision.edit) {
            events.push((id, ClaimEvent::Released));
            worklist::resolve_subject(tx, practice, "scrub", "claim", id.0, &decision.reason, now).await?;
            tx.record(Event {
                practice,
                at: now,
                actor,
                subject_kind: "claim",
                subject_id: id.0,
                event: "claim.overridden",
                from: None,
                to: None,
                detail: Some(format!("{}: {}", decision.edit, decision.reason)),
            });
        }
    }
    Ok(usize::try_from(store::apply(tx, practice, &events, actor, now).await?.moved).unwrap_or_default())
}

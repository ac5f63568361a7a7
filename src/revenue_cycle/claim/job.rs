//! Building and scrubbing: load → decide → commit, a chunk of visits a job.

pub mod resend;

use crate::transact;
use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::build::{ClaimFacts, build, pcn};
use super::filing::file_by;
use super::lifecycle::{ClaimEvent, ClaimState};
use super::model::ClaimContent;
use super::store::{self, NewClaim};
use crate::app::App;
use crate::edi::claim_837p::Frequency;
use crate::family::coverage::active_on;
use crate::family::store::Households;
use crate::pediatrics::timely_filing::Filing;
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{Db, DbError, Tx};
use crate::platform::ids::{ChildId, ClaimId, CoverageId, EncounterId, FamilyId, PayerId, PracticeId};
use crate::platform::jobs::{Job, JobContext};
use crate::practice::{PracticeSetup, code_files};
use crate::reference::operator::OperatorTables;
use crate::revenue_cycle::encounter::{self, Encounter};
use crate::revenue_cycle::scrub::practice_rule::{self, Applied, Parties, PracticeRule};
use crate::revenue_cycle::scrub::repair::{Repair, repair};
use crate::revenue_cycle::scrub::surroundings::{Subject, Surroundings};
use crate::revenue_cycle::scrub::{self, Finding, Original, PayerFacts, Severity};
use crate::revenue_cycle::worklist::deadline::{DeadlineKind, next_alert};
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
    let mut around = surroundings(tx, practice, encounters, now).await?;
    let (mut results, mut claims) = (Vec::new(), Vec::new());
    for encounter in encounters.iter().filter(|e| !built.contains(&e.id)) {
        let id: ClaimId = tx.new_key()?;
        let number = pcn(id, 1);
        let Some(draft) = draft(setup, encounter, households, &around.rules.rules, &number) else {
            no_coverage(tx, practice, encounter, now).await?;
            continue;
        };
        draft.record(tx, practice, id, actor, now);
        let claim = draft.into_claim(practice, id, encounter, 1);
        watch_filing(tx, practice, id, claim.file_by, today).await?;
        let findings = around.findings(setup, &subject(&claim, encounter, households), today);
        around.note(&claim.content, claim.payer, encounter, setup);
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
    repairs: Vec<Repair>,
    settings: Vec<Applied>,
}

impl Draft {
    /// Notes in the claim's story what the program put right by itself, and what the practice's own rules set.
    fn record(&self, tx: &mut Tx, practice: PracticeId, claim: ClaimId, actor: Actor, now: Millis) {
        let repairs: Vec<String> = self.repairs.iter().map(|repair| format!("{} ({})", repair.kind.label(), repair.path)).collect();
        let settings: Vec<String> = self.settings.iter().map(|applied| format!("{} by {}", applied.field, applied.rule)).collect();
        for (event, told) in [("claim.repaired", repairs), ("claim.set_by_rule", settings)] {
            if !told.is_empty() {
                let (subject_kind, subject_id, detail) = ("claim", claim.0, Some(told.join(", ")));
                tx.record(Event { practice, at: now, actor, subject_kind, subject_id, event, from: None, to: None, detail });
            }
        }
    }

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

/// Has a person told before the time for filing a claim runs out.
async fn watch_filing(tx: &mut Tx, practice: PracticeId, claim: ClaimId, file_by: Option<Date>, today: Date) -> Result<(), DbError> {
    let Some((due, alert)) = file_by.and_then(|due| Some((due, next_alert(DeadlineKind::TimelyFiling, due, today)?))) else {
        return Ok(());
    };
    worklist::set_deadline(tx, practice, DeadlineKind::TimelyFiling, claim, due, alert).await
}

/// The claim to the first payer in force on the date of service; none when there is no such coverage.
fn draft(
    setup: &PracticeSetup,
    encounter: &Encounter,
    households: &Households,
    rules_of_practice: &[PracticeRule],
    number: &str,
) -> Option<Draft> {
    let child = households.children.get(&encounter.child)?;
    let active = active_on(households.coverages_of(encounter.child), encounter.service_date);
    let coverage = active.into_iter().find(|c| setup.payer(c.payer).is_some_and(|p| p.class.takes_claims()))?;
    let payer = setup.payer(coverage.payer)?;
    let rules = payer.rules_on(encounter.service_date);
    let provider = setup.provider(encounter.provider)?;
    let (content, repairs) = repair(build(&ClaimFacts {
        pcn: number,
        practice: &setup.practice,
        provider,
        location: setup.location(encounter.location)?,
        payer,
        rules: &rules,
        child,
        coverage,
        encounter,
        order: 1,
    }));
    let parties = Parties { payer: payer.code.as_str(), provider: Some(provider.code.as_str()) };
    let facts = PayerFacts { name: payer.name.as_str(), class: payer.class, has_route: setup.submitter_of(payer).is_some(), rules: &rules };
    let (content, settings) = practice_rule::apply(rules_of_practice, content, encounter.service_date, facts, parties);
    Some(Draft {
        family: child.family,
        payer: payer.id,
        coverage: coverage.id,
        file_by: file_by(payer.class, &rules, Filing::Original { service_date: encounter.service_date }, encounter.service_date),
        content,
        repairs,
        settings,
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

/// A claim that was built just now, with what it is about.
fn subject<'a>(claim: &'a NewClaim, encounter: &'a Encounter, households: &'a Households) -> Subject<'a> {
    Subject {
        content: &claim.content,
        payer: claim.payer,
        coverage: claim.coverage,
        child: claim.child,
        record: households.children.get(&claim.child),
        coverages: households.coverages_of(claim.child),
        encounter: Some(encounter),
        file_by: claim.file_by,
        original: None,
    }
}

/// Loads what surrounds the claims of some visits.
async fn surroundings(tx: &mut Tx, practice: PracticeId, encounters: &[Encounter], now: Millis) -> Result<Surroundings, DbError> {
    let children: Vec<ChildId> = encounters.iter().map(|e| e.child).collect();
    let procedures = encounters.iter().flat_map(|e| &e.lines).map(|line| line.code).collect();
    let diagnoses = encounters.iter().flat_map(|e| &e.diagnoses).copied().collect();
    let days = || encounters.iter().map(|e| e.service_date);
    let tables = match days().min().zip(days().max()) {
        Some((first, last)) => code_files::store::tables(tx, &procedures, &diagnoses, first, last).await?,
        None => OperatorTables::default(),
    };
    Ok(Surroundings {
        histories: scrub::histories(tx, practice, &children).await?,
        live: scrub::live_claims(tx, practice, &children).await?,
        rules: scrub::rules_in_force(tx, practice, now).await?,
        tables,
    })
}

/// The claim that a replacement or void is about: the version before it.
async fn original(tx: &mut Tx, row: &store::ClaimRow, content: &ClaimContent) -> Result<Option<Original>, DbError> {
    if content.claim.frequency == Frequency::Original {
        return Ok(None);
    }
    let versions = store::of_encounter(tx, row.practice_id, row.encounter_id).await?;
    let before = versions.into_iter().rfind(|other| other.payer_id == row.payer_id && other.version < row.version);
    let Some(before) = before else { return Ok(None) };
    let lines = store::lines(tx, row.practice_id, before.id).await?;
    Ok(Some(Original { icn: before.icn, codes: lines.into_iter().map(|line| line.procedure_code).collect() }))
}

/// Stores findings, moves the claims, raises what a person must look at and ends what has been mended. Gives for each claim what stands:
/// errors, and warnings that nobody overrode.
async fn settle(
    tx: &mut Tx,
    practice: PracticeId,
    results: &[(ClaimId, Vec<Finding>, Option<Date>)],
    actor: Actor,
    now: Millis,
) -> Result<Vec<Vec<Finding>>, DbError> {
    let findings: Vec<(ClaimId, Vec<Finding>)> = results.iter().map(|(id, findings, _)| (*id, findings.clone())).collect();
    scrub::replace(tx, practice, &findings, now).await?;
    let claims: Vec<ClaimId> = results.iter().map(|(id, ..)| *id).collect();
    let decided = scrub::overridden(tx, practice, &claims).await?;
    let (mut events, mut still_open) = (Vec::with_capacity(results.len()), Vec::with_capacity(results.len()));
    for (claim, findings, file_by) in results {
        let stands = |f: &&Finding| f.severity != Severity::Warning || !decided.contains(&(*claim, f.edit.clone()));
        let open: Vec<Finding> = findings.iter().filter(stands).filter(|f| f.severity != Severity::Note).cloned().collect();
        events.push((*claim, scrub::verdict(&open)));
        let reasons: Vec<&str> = open.iter().map(|f| f.edit.as_str()).collect();
        worklist::resolve_others(tx, practice, "scrub", ("claim", claim.0), &reasons, "mended: scrubbed again", now).await?;
        for finding in &open {
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
        still_open.push(open);
    }
    store::apply(tx, practice, &events, actor, now).await?;
    Ok(still_open)
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
pub const RESCRUB_MAX: u32 = 200;

/// Builds anew from today's records and scrubs all claims that are kept back: what was mended in the family, the coverage or the practice's
/// set-up takes effect.
pub async fn rescrub(db: &Db, practice: PracticeId, actor: Actor, now: Millis) -> anyhow::Result<Scrubbed> {
    let setup = PracticeSetup::load(&mut &*db, practice).await?;
    let today = now.date_in(&setup.practice.time_zone);
    let mut done = Scrubbed::default();
    // A claim whose state changes meets the round of its new state as well.
    let mut seen = HashSet::new();
    for state in [ClaimState::Draft, ClaimState::ScrubFailed, ClaimState::Held] {
        let mut after = ClaimId(0);
        loop {
            let mut ids = store::of_state(&mut &*db, practice, state, after, RESCRUB_MAX).await?;
            let Some(last) = ids.last() else { break };
            after = *last;
            ids.retain(|id| seen.insert(*id));
            if ids.is_empty() {
                continue;
            }
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

/// Takes claims that were ready back, because an interchange can't hold them, and scrubs them anew from today's records: what is mended is
/// ready again, and what is not waits with the reason for a person (E001, E002). At most [`RESCRUB_MAX`] in one transaction.
pub async fn set_aside(tx: &mut Tx, setup: &PracticeSetup, ids: &[ClaimId], actor: Actor, now: Millis) -> Result<(), DbError> {
    let practice = setup.practice.id;
    let events: Vec<_> = ids.iter().map(|id| (*id, ClaimEvent::ScrubErrors)).collect();
    if !store::apply(tx, practice, &events, actor, now).await?.refused.is_empty() {
        return Err(DbError::Stale("claim state"));
    }
    rescrub_chunk(tx, setup, ids, now.date_in(&setup.practice.time_zone), actor, now).await.map(drop)
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
    let mut rows = Vec::with_capacity(ids.len());
    for &id in ids {
        rows.push(store::claim(tx, practice, id).await?.ok_or(DbError::Missing("claim"))?);
    }
    let of_rows: Vec<EncounterId> = rows.iter().map(|row| row.encounter_id).collect();
    let encounters = encounter::encounters(tx, practice, &of_rows).await?;
    let around = surroundings(tx, practice, &encounters, now).await?;
    for row in rows {
        let id = row.id;
        let encounter = encounters.iter().find(|encounter| encounter.id == row.encounter_id);
        let households = Households::load(tx, practice, &[row.child_id]).await?;
        let rebuilt = encounter.and_then(|encounter| draft(setup, encounter, &households, &around.rules.rules, &row.pcn));
        let mut file_by = row.file_by.map(|day| day.0);
        let content = match rebuilt {
            // Only the same payer's claim is brought up to date; another payer means another claim, which a person decides.
            Some(draft) if draft.payer == row.payer_id => {
                if store::set_content(tx, practice, id, &draft.content, actor, now).await? {
                    draft.record(tx, practice, id, actor, now);
                }
                if file_by != Some(draft.file_by) {
                    file_by = Some(draft.file_by);
                    store::set_file_by(tx, practice, id, draft.file_by).await?;
                    watch_filing(tx, practice, id, file_by, today).await?;
                }
                draft.content
            }
            _ => store::content(tx, practice, id).await?,
        };
        let original = original(tx, &row, &content).await?;
        let subject = Subject {
            content: &content,
            payer: row.payer_id,
            coverage: row.coverage_id,
            child: row.child_id,
            record: households.children.get(&row.child_id),
            coverages: households.coverages_of(row.child_id),
            encounter,
            file_by,
            original: original.as_ref(),
        };
        let findings = around.findings(setup, &subject, today);
        results.push((id, findings, file_by));
    }
    settle(tx, practice, &results, actor, now).await
}

/// A person's decision that warnings of an edit don't matter, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The edit.
    pub edit: String,
    /// Why.
    pub reason: String,
}

/// Overrides the warnings of one edit on every claim that is held by them, and releases the claims that nothing else holds; gives how many
/// were released. Each override is an event with the reason and the actor, and stands when the claim is scrubbed again.
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
        let is_open = |f: &scrub::FindingRow| f.severity == Severity::Warning.code() && f.overridden.is_none();
        if !findings.iter().any(|f| is_open(f) && f.edit == decision.edit) {
            continue;
        }
        scrub::override_edit(tx, practice, id, &decision.edit, &decision.reason, actor, now).await?;
        let left: Vec<&str> = findings.iter().filter(|f| is_open(f) && f.edit != decision.edit).map(|f| f.edit.as_str()).collect();
        worklist::resolve_others(tx, practice, "scrub", ("claim", id.0), &left, &decision.reason, now).await?;
        if left.is_empty() {
            events.push((id, ClaimEvent::Released));
        }
    }
    Ok(usize::try_from(store::apply(tx, practice, &events, actor, now).await?.moved).unwrap_or_default())
}

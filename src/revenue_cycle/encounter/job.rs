//! A chunk of drafts becomes visits: known ones are skipped, the others admitted, set aside or held, all in one transaction.

pub mod charges;

use std::collections::HashMap;

use serde::Serialize;

use super::admit::{Admission, AdmitOptions, Hold, NewCoverage, admit};
use super::model::{EncounterDraft, LineDraft, NotBillable, Verdict};
use super::record::ChargeLine;
use super::store::{self, ENCOUNTER_ROWS, IntakeRow, LINE_ROWS, line_values};
use crate::app::App;
use crate::args;
use crate::family::model::{Child, Coverage};
use crate::family::store as family_store;
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Tx};
use crate::platform::ids::{ChargeLineId, ChildId, EncounterId, FamilyId, PayerId};
use crate::platform::jobs;
use crate::platform::money::Money;
use crate::practice::PracticeSetup;
use crate::revenue_cycle::claim::{BuildClaims, BuildClaimsArgs};
use crate::revenue_cycle::ledger;
use crate::revenue_cycle::ledger::store::Entry;
use crate::revenue_cycle::worklist::{self, NewItem};

/// Visits taken in by one transaction: each has about ten rows, and the transaction must stay well under a second.
pub const CHUNK_MAX: usize = 100;

/// What taking in did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TakenIn {
    /// Visits in the input.
    pub visits: usize,
    /// Now with charges; a claim is asked for where there is a coverage.
    pub admitted: usize,
    /// Known before.
    pub known: usize,
    /// Kept, nothing to bill.
    pub not_billable: usize,
    /// Wait for a person.
    pub held: usize,
    /// Why visits are held, with counts; a visit may have several reasons.
    pub held_by: std::collections::BTreeMap<String, usize>,
}

impl TakenIn {
    /// Adds the counts of another chunk.
    pub fn add(&mut self, other: TakenIn) {
        self.visits += other.visits;
        self.admitted += other.admitted;
        self.known += other.known;
        self.not_billable += other.not_billable;
        self.held += other.held;
        for (reason, count) in other.held_by {
            *self.held_by.entry(reason).or_default() += count;
        }
    }
}

/// Takes in at most [`CHUNK_MAX`] drafts of one source.
pub async fn take_in(
    tx: &mut Tx,
    setup: &PracticeSetup,
    drafts: &[EncounterDraft],
    options: &AdmitOptions,
    actor: Actor,
    now: Millis,
) -> Result<TakenIn, DbError> {
    let practice = setup.practice.id;
    let mut taken = TakenIn { visits: drafts.len(), ..TakenIn::default() };
    let mut known: HashMap<(String, String), (i64, String)> = HashMap::new();
    let mut sources: Vec<&str> = drafts.iter().map(|d| d.external.source.as_str()).collect();
    sources.dedup();
    for source in sources {
        let ids: Vec<&str> = drafts.iter().filter(|d| d.external.source == source).map(|d| d.external.id.as_str()).collect();
        for (id, external_id, state) in store::known(tx, practice, source, &ids).await? {
            known.insert((source.to_owned(), external_id), (id, state));
        }
    }
    let mut admissions: Vec<(i64, &EncounterDraft, Admission)> = Vec::new();
    for draft in drafts {
        let key = (draft.external.source.clone(), draft.external.id.clone());
        let id = match known.get(&key) {
            Some((_, state)) if state != "held" => {
                taken.known += 1;
                continue;
            }
            Some((id, _)) => *id,
            None => tx.new_key()?,
        };
        // The same visit twice in one file is one visit.
        known.insert(key, (id, "taken".to_owned()));
        match draft.verdict() {
            Verdict::NotBillable(why) => {
                taken.not_billable += 1;
                set_aside(tx, setup, id, draft, why, now).await?;
            }
            Verdict::Billable | Verdict::Held => match admit(draft, setup, options) {
                Ok(admission) => admissions.push((id, draft, admission)),
                Err(holds) => {
                    taken.held += 1;
                    hold(tx, setup, id, draft, &holds, now).await?;
                    for hold in holds {
                        *taken.held_by.entry(hold.reason).or_default() += 1;
                    }
                }
            },
        }
    }
    taken.admitted = admissions.len();
    store_admitted(tx, setup, &admissions, actor, now).await?;
    Ok(taken)
}

fn content(draft: &EncounterDraft) -> Result<String, DbError> {
    serde_json::to_string(draft).map_err(|_| DbError::Corrupt("intake content"))
}

async fn set_aside(
    tx: &mut Tx,
    setup: &PracticeSetup,
    id: i64,
    draft: &EncounterDraft,
    why: NotBillable,
    now: Millis,
) -> Result<(), DbError> {
    let reasons = format!("{why:?}");
    let (source, external_id) = (draft.external.source.as_str(), draft.external.id.as_str());
    let practice = setup.practice.id;
    let row = IntakeRow { practice, id, source, external_id, content: content(draft)?, state: "not_billable", reasons, encounter: None };
    store::keep(tx, row, now).await
}

async fn hold(tx: &mut Tx, setup: &PracticeSetup, id: i64, draft: &EncounterDraft, holds: &[Hold], now: Millis) -> Result<(), DbError> {
    let practice = setup.practice.id;
    let mut reasons: Vec<&str> = holds.iter().map(|h| h.reason.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let (source, external_id) = (draft.external.source.as_str(), draft.external.id.as_str());
    let row = IntakeRow {
        practice,
        id,
        source,
        external_id,
        content: content(draft)?,
        state: "held",
        reasons: reasons.join(" "),
        encounter: None,
    };
    store::keep(tx, row, now).await?;
    worklist::resolve_others(tx, practice, "encounter", ("intake", id), &reasons, "mended when it was sent again", now).await?;
    for hold in holds {
        let item = NewItem {
            practice,
            stage: "encounter",
            reason: hold.reason.clone(),
            subject_kind: "intake",
            subject_id: id,
            message: hold.message.clone(),
            due_date: None,
        };
        worklist::raise(tx, item, now).await?;
    }
    Ok(())
}

/// Stores families, children and coverages, then the visits with their lines and charges, and asks for the claims.
async fn store_admitted(
    tx: &mut Tx,
    setup: &PracticeSetup,
    admissions: &[(i64, &EncounterDraft, Admission)],
    actor: Actor,
    now: Millis,
) -> Result<(), DbError> {
    if admissions.is_empty() {
        return Ok(());
    }
    let practice = setup.practice.id;
    let families: Vec<_> = admissions.iter().map(|(_, _, a)| a.family.clone()).collect();
    let family_ids = family_store::upsert_families(tx, practice, &families, actor, now).await?;
    let children: Vec<Child> = admissions.iter().zip(&family_ids).map(|((_, _, a), family)| child(a, *family)).collect();
    let child_ids = family_store::upsert_children(tx, practice, &children, actor, now).await?;
    let coverages: Vec<Coverage> = admissions.iter().zip(&child_ids).flat_map(|((_, _, a), child)| coverages(a, *child)).collect();
    family_store::upsert_coverages(tx, practice, &coverages, actor, now).await?;

    let (mut encounter_rows, mut line_rows, mut journals) = (Vec::new(), Vec::new(), Vec::new());
    let (mut claimed, mut keys) = (Vec::new(), Vec::new());
    for ((intake, draft, admission), (family, child)) in admissions.iter().zip(family_ids.iter().zip(&child_ids)) {
        let encounter: EncounterId = tx.new_key()?;
        let first_payer = first_payer(admission);
        let state = if first_payer.is_some() { "charged" } else { "self_pay" };
        let lines: Vec<ChargeLine> = admission
            .lines
            .iter()
            .map(|(line, charge, schedule)| charge_line(tx, line, *charge, schedule))
            .collect::<Result<_, DbError>>()?;
        encounter_rows.push(args![
            practice,
            encounter,
            &draft.external.source,
            &draft.external.id,
            *child,
            admission.provider,
            admission.location,
            admission.service_date,
            draft.place_of_service.as_str(),
            draft.diagnoses.iter().map(|d| d.as_str()).collect::<Vec<_>>().join(" "),
            serde_json::to_string(&admission.details).map_err(|_| DbError::Corrupt("encounter details"))?,
            state,
            now
        ]);
        line_rows.extend(lines.iter().enumerate().map(|(n, line)| line_values(practice, encounter, n, line)));
        let charged: Vec<(ChargeLineId, Money)> = lines.iter().map(|l| (l.id, l.charge)).collect();
        journals.extend(ledger::charge_journal(encounter, *family, admission.service_date, first_payer, &charged));
        keys.push((*intake, encounter));
        if first_payer.is_some() {
            claimed.push(encounter);
        }
        tx.record(Event {
            practice,
            at: now,
            actor,
            subject_kind: "encounter",
            subject_id: encounter.0,
            event: "encounter.admitted",
            from: None,
            to: Some(state.to_owned()),
            detail: None,
        });
    }
    tx.insert_all(&ENCOUNTER_ROWS, &encounter_rows).await?;
    tx.insert_all(&LINE_ROWS, &line_rows).await?;
    for ((intake, draft, _), (_, encounter)) in admissions.iter().zip(&keys) {
        let (source, external_id) = (draft.external.source.as_str(), draft.external.id.as_str());
        let reasons = String::new();
        let encounter = Some(*encounter);
        let row = IntakeRow { practice, id: *intake, source, external_id, content: content(draft)?, state: "admitted", reasons, encounter };
        store::keep(tx, row, now).await?;
        worklist::resolve_subject(tx, practice, "encounter", "intake", *intake, "admitted when it was sent again", now).await?;
    }
    let entry = Entry { practice, zone: setup.practice.time_zone.clone(), actor, now };
    ledger::store::post(tx, &entry, &journals).await?;
    if let Some(first) = claimed.first() {
        let key = format!("claim.build:{first}");
        let args = BuildClaimsArgs { practice, encounters: claimed };
        jobs::enqueue::<App, BuildClaims>(tx, Some(practice), &key, &args, now).await?;
    }
    Ok(())
}

fn child(admission: &Admission, family: FamilyId) -> Child {
    let c = &admission.child;
    Child {
        external_id: c.external_id.clone(),
        family,
        last_name: c.last_name.clone(),
        first_name: c.first_name.clone(),
        birth_date: c.birth_date.clone(),
        sex: c.sex,
        address: c.address.clone(),
    }
}

fn coverages(admission: &Admission, child: ChildId) -> Vec<Coverage> {
    let one = |c: &NewCoverage| Coverage {
        child,
        payer: c.payer,
        rank: c.rank,
        member_id: c.member_id.clone(),
        member_id_scope: c.scope,
        relationship: c.relationship,
        group_number: c.group_number.clone(),
        subscriber: c.subscriber.clone(),
        effective_from: c.effective_from,
        effective_to: c.effective_to,
    };
    admission.coverages.iter().map(one).collect()
}

/// The payer of the first coverage that came with the visit and is in force on its date: it is asked first; else the family owes.
fn first_payer(admission: &Admission) -> Option<PayerId> {
    let day = admission.service_date;
    let active = |c: &&NewCoverage| c.effective_from <= day && c.effective_to.is_none_or(|last| day <= last);
    admission.coverages.iter().filter(active).min_by_key(|c| c.rank).map(|c| c.payer)
}

fn charge_line(tx: &Tx, line: &LineDraft, charge: Money, schedule: &str) -> Result<ChargeLine, DbError> {
    Ok(ChargeLine {
        id: tx.new_key()?,
        code: line.code,
        modifiers: line.modifiers.clone(),
        units: line.units,
        charge,
        pointers: line.pointers.clone(),
        ndc: line.ndc.clone(),
        cvx: line.dose.as_ref().map(|d| d.cvx),
        fee_schedule: schedule.to_owned(),
    })
}

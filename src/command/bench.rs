//! `bench seed`: a database of any size to measure on.

use anyhow::{Context, bail};
use indicatif::ProgressBar;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::cycle::bar;
use super::{Program, say};
use crate::demo::families::{DemoOptions, families};
use crate::demo::visits::{intake_file, visits};
use crate::platform::audit::Actor;
use crate::platform::ids::{ClaimId, PracticeId};
use crate::practice::setup::SetupFile;
use crate::practice::{PracticeSetup, store};
use crate::revenue_cycle::claim::ClaimState;
use crate::revenue_cycle::claim::build::pcn;
use crate::revenue_cycle::claim::store::{self as claim_store, NewClaim};
use crate::revenue_cycle::encounter::admit::AdmitOptions;
use crate::revenue_cycle::encounter::model::EncounterDraft;
use crate::revenue_cycle::encounter::{CHUNK_MAX, read_json, take_in};
use crate::transact;

/// First day of the visits that are made; the last is a year later.
pub const FIRST_DAY: Date = date(2025, 10, 1);

/// Families whose visits of a year are made at once: keeps memory small whatever the number of claims.
const FAMILIES_AT_ONCE: u32 = 200;

/// Versions of each claim. The first goes the way of every claim, through intake and jobs, at some hundreds a second; the others are
/// written straight into the table of claims, so that a million takes minutes. A list can't tell them from claims of other visits.
const VERSIONS: u32 = 10;

/// Fills an empty database with visits and their claims, scrubbed; nine in ten are further versions of them, as drafts.
pub async fn seed(program: &Program, claims: u32) -> anyhow::Result<()> {
    if !store::practices(&mut &program.db).await?.is_empty() {
        bail!("{} is not empty: name a new database", program.config.database.place());
    }
    let text = include_str!("../../practice.example.toml");
    let file = SetupFile::read(text).map_err(|faults| anyhow::anyhow!("the example practice has faults: {faults}"))?;
    let now = program.clock.now();
    transact!(program.db, |tx| Ok(store::apply(tx, &file, Actor::Command("bench"), now).await?))?;
    let setup = program.practice(None).await?;
    let bar = bar(claims as usize, "claims");
    let (mut made, mut last, mut round) = (0, ClaimId(0), 0);
    while made < claims {
        let visits = (claims - made).div_ceil(VERSIONS);
        take_in_visits(program, &setup, round, visits as usize).await?;
        program.work_off().await?;
        let mut newest = last;
        for state in [ClaimState::ScrubFailed, ClaimState::Held, ClaimState::Ready] {
            let first = claim_store::of_state(&mut &program.db, setup.practice.id, state, last, visits).await?;
            newest = first.iter().copied().fold(newest, ClaimId::max);
            made += u32::try_from(first.len())?;
            bar.set_position(u64::from(made));
            if state == ClaimState::Ready {
                made = add_versions(program, setup.practice.id, &first, (made, claims), &bar).await?;
            }
        }
        (last, round) = (newest, round + 1);
    }
    bar.finish_and_clear();
    say(format!("{made} claims in {}", program.config.database.place()));
    Ok(())
}

/// Takes in at most so many visits of the families of a round.
async fn take_in_visits(program: &Program, setup: &PracticeSetup, round: u64, most: usize) -> anyhow::Result<()> {
    let options = DemoOptions { seed: round, families: FAMILIES_AT_ONCE, opened: FIRST_DAY };
    let end = FIRST_DAY.checked_add(1.year())?.yesterday()?;
    let visits = visits(setup, &options, &families(setup, &options), FIRST_DAY, end);
    let mut drafts = read_json::read(intake_file(&visits).to_string().as_bytes(), "bench")?;
    drafts.truncate(most);
    drafts.iter_mut().for_each(|draft| rename(draft, round));
    let now = program.clock.now();
    for chunk in drafts.chunks(CHUNK_MAX) {
        let (options, actor) = (AdmitOptions::default(), Actor::Command("bench"));
        transact!(program.db, |tx| Ok(take_in(tx, setup, chunk, &options, actor, now).await?))?;
    }
    Ok(())
}

/// Writes further versions of claims until there are as many as wanted. Takes and gives how many there are.
async fn add_versions(
    program: &Program,
    practice: PracticeId,
    first: &[ClaimId],
    (mut made, wanted): (u32, u32),
    bar: &ProgressBar,
) -> anyhow::Result<u32> {
    let (db, now) = (&program.db, program.clock.now());
    for chunk in first.chunks(CHUNK_MAX) {
        let mut firsts = Vec::with_capacity(chunk.len());
        for claim in claim_store::load(&mut &*db, practice, chunk).await? {
            let row = claim_store::claim(&mut &*db, practice, claim.id).await?.context("a claim has gone")?;
            let lines = claim_store::lines(&mut &*db, practice, claim.id).await?;
            firsts.push((claim.content, row, lines.iter().map(|line| line.charge_line_id).collect::<Vec<_>>()));
        }
        made += transact!(db, |tx| {
            let mut claims = Vec::new();
            let versions = (2..=VERSIONS).flat_map(|version| firsts.iter().map(move |first| (version, first)));
            for (version, (content, row, lines)) in versions.take((wanted - made) as usize) {
                let id: ClaimId = tx.new_key()?;
                let mut content = content.clone();
                content.claim.id = pcn(id, version);
                claims.push(NewClaim {
                    practice,
                    id,
                    encounter: row.encounter_id,
                    child: row.child_id,
                    family: row.family_id,
                    payer: row.payer_id,
                    coverage: row.coverage_id,
                    version,
                    file_by: row.file_by.map(|day| day.0),
                    content,
                    charge_lines: lines.clone(),
                });
            }
            claim_store::insert(tx, &claims, Actor::Command("bench"), now).await?;
            Ok(u32::try_from(claims.len())?)
        })?;
        bar.set_position(u64::from(made));
    }
    Ok(made)
}

/// Families of another round are other families.
fn rename(draft: &mut EncounterDraft, round: u64) {
    draft.external.id = format!("{}-{round}", draft.external.id);
    for id in [&mut draft.child.external_id].into_iter().flatten().chain(draft.guardian.iter_mut().flat_map(|g| &mut g.external_id)) {
        *id = format!("{}-{round}", id.reveal()).into();
    }
}

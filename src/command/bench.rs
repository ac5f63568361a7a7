//! `bench seed`: a database of any size to measure on.

use anyhow::bail;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::cycle::bar;
use super::{Program, say};
use crate::demo::families::{DemoOptions, families};
use crate::demo::visits::{intake_file, visits};
use crate::platform::audit::Actor;
use crate::practice::setup::SetupFile;
use crate::practice::store;
use crate::revenue_cycle::encounter::admit::AdmitOptions;
use crate::revenue_cycle::encounter::model::EncounterDraft;
use crate::revenue_cycle::encounter::{CHUNK_MAX, read_json, take_in};
use crate::transact;

/// First day of the visits that are made.
const FIRST_DAY: Date = date(2025, 10, 1);

/// Families whose visits of a year are made at once: keeps memory small whatever the number of claims.
const FAMILIES_AT_ONCE: u32 = 200;

/// Fills an empty database with visits and their claims, scrubbed, through the intake and the jobs that real visits go through.
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
    let (mut made, mut round) = (0_u32, 0_u64);
    while made < claims {
        let options = DemoOptions { seed: round, families: FAMILIES_AT_ONCE, opened: FIRST_DAY };
        let end = FIRST_DAY.checked_add(1.year())?.yesterday()?;
        let visits = visits(&setup, &options, &families(&setup, &options), FIRST_DAY, end);
        let mut drafts = read_json::read(intake_file(&visits).to_string().as_bytes(), "bench")?;
        drafts.truncate((claims - made) as usize);
        drafts.iter_mut().for_each(|draft| rename(draft, round));
        for chunk in drafts.chunks(CHUNK_MAX) {
            let (options, actor) = (AdmitOptions::default(), Actor::Command("bench"));
            let taken = transact!(program.db, |tx| Ok(take_in(tx, &setup, chunk, &options, actor, now).await?))?;
            made += u32::try_from(taken.admitted)?;
            bar.inc(taken.admitted as u64);
        }
        program.work_off().await?;
        round += 1;
    }
    bar.finish_and_clear();
    say(format!("{made} claims in {}", program.config.database.place()));
    Ok(())
}

/// Families of another round are other families.
fn rename(draft: &mut EncounterDraft, round: u64) {
    draft.external.id = format!("{}-{round}", draft.external.id);
    for id in [&mut draft.child.external_id].into_iter().flatten().chain(draft.guardian.iter_mut().flat_map(|g| &mut g.external_id)) {
        *id = format!("{}-{round}", id.reveal()).into();
    }
}

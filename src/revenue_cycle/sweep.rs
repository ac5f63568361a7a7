//! The round that a running program makes: what is ready leaves, what waits at a partner is fetched, what comes due is told, and once a day
//! the books and the audit trail are sealed.

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::platform::audit;
use crate::platform::jobs::{self, Job, JobContext};
use crate::practice::{self, PracticeSetup};
use crate::revenue_cycle::worklist::{RaiseAlerts, RaiseAlertsArgs};
use crate::revenue_cycle::{inbound, submission};
use crate::transact;

/// Nothing: a sweep is about all practices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepArgs {}

/// One round over all practices.
pub struct Sweep;

impl Job<App> for Sweep {
    const KIND: &'static str = "cycle.sweep";
    /// A round that its process took with it is made again; one that goes on failing is let go, since the next comes by itself.
    const ATTEMPTS_MAX: u32 = 3;
    type Args = SweepArgs;

    async fn run(_: &App, ctx: &JobContext, _: SweepArgs) -> anyhow::Result<()> {
        let now = ctx.clock.now();
        for practice in practice::store::practices(&mut &ctx.db).await? {
            let setup = PracticeSetup::load(&mut &ctx.db, practice.id).await?;
            let submitters: Vec<_> = setup.submitters.iter().map(|s| s.id).collect();
            submission::submit_ready(&ctx.db, practice.id, now).await?;
            inbound::request_poll(&ctx.db, &submitters, now).await?;
            let today = now.date_in(&setup.practice.time_zone);
            let args = RaiseAlertsArgs { practice: practice.id };
            let key = format!("worklist.alerts:{}:{today}", practice.id);
            transact!(ctx.db, |tx| {
                jobs::enqueue::<App, RaiseAlerts>(tx, Some(practice.id), &key, &args, now).await?;
                if jobs::once(tx, &format!("audit.seal:{}:{today}", practice.id), now).await? {
                    audit::seal(tx, practice.id, now).await?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

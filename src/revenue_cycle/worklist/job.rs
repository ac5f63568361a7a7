//! The deadline engine: what comes due is told to a person, ahead of time.

use serde::{Deserialize, Serialize};

use super::deadline::{DeadlineKind, next_alert};
use super::model::NewItem;
use super::store;
use crate::app::App;
use crate::pediatrics::timely_filing::time_left;
use crate::platform::ids::PracticeId;
use crate::platform::jobs::{Job, JobContext};
use crate::practice::PracticeSetup;
use crate::transact;

/// Whose deadlines to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaiseAlertsArgs {
    /// The practice.
    pub practice: PracticeId,
}

/// Raises a work item for each deadline whose next alert has come.
pub struct RaiseAlerts;

/// Alerts raised in one transaction.
const CHUNK: u32 = 500;

impl Job<App> for RaiseAlerts {
    const KIND: &'static str = "worklist.alerts";
    type Args = RaiseAlertsArgs;

    async fn run(_: &App, ctx: &JobContext, args: RaiseAlertsArgs) -> anyhow::Result<()> {
        let now = ctx.clock.now();
        let setup = PracticeSetup::load(&mut &ctx.db, args.practice).await?;
        let today = now.date_in(&setup.practice.time_zone);
        let kind = DeadlineKind::TimelyFiling;
        loop {
            let raised = transact!(ctx.db, |tx| {
                let due = store::alerts_due(tx, args.practice, kind, today, CHUNK).await?;
                for &(claim, date) in &due {
                    let left = time_left(date, today).days();
                    let item = NewItem {
                        practice: args.practice,
                        stage: "claim",
                        reason: "TIMELY_FILING".to_owned(),
                        subject_kind: "claim",
                        subject_id: claim.0,
                        message: if left < 0 {
                            format!("The last day to file was {date}: file with a delay reason, or write it off")
                        } else {
                            format!("{left} days left to file: the payer has not taken the claim yet, the last day is {date}")
                        },
                        due_date: Some(date),
                    };
                    store::raise(tx, item, now).await?;
                    store::move_alert(tx, args.practice, kind, claim, next_alert(kind, date, today)).await?;
                }
                Ok(due.len())
            })?;
            if raised == 0 {
                return Ok(());
            }
        }
    }
}

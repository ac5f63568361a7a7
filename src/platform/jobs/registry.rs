//! What an application registers: its kinds of jobs, its schedules, and what happens to dead letters.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::{Boxed, Job, JobContext, JobRow};
use crate::platform::clock::Millis;
use crate::platform::database::Tx;

/// Runs one kind of job: its state, its context, its arguments as JSON.
pub(super) type Handler<S> = fn(Arc<S>, JobContext, String) -> Pin<Box<dyn Future<Output = anyhow::Result<()>>>>;

type DeadHook<S> = dyn for<'a> Fn(&'a S, &'a mut Tx, &'a JobRow) -> Boxed<'a, anyhow::Result<()>> + Send + Sync;

/// A job that is asked for again and again.
pub(super) struct Schedule {
    pub name: &'static str,
    pub interval_ms: i64,
    pub kind: &'static str,
    pub attempts_max: u32,
    /// The arguments, as JSON, of the job of a tick.
    pub args: Box<dyn Fn(Millis) -> serde_json::Result<String> + Send + Sync>,
}

/// The kinds of jobs of an application whose state is `S`.
pub struct Registry<S> {
    handlers: BTreeMap<&'static str, Handler<S>>,
    schedules: Vec<Schedule>,
    on_dead: Option<Box<DeadHook<S>>>,
}

impl<S> Default for Registry<S> {
    fn default() -> Self {
        Registry { handlers: BTreeMap::new(), schedules: Vec::new(), on_dead: None }
    }
}

impl<S: Send + Sync + 'static> Registry<S> {
    /// An empty registry.
    #[must_use]
    pub fn new() -> Self {
        Registry::default()
    }

    /// Adds a kind of job.
    #[must_use]
    pub fn with<J: Job<S>>(mut self) -> Self {
        self.handlers.insert(J::KIND, run_erased::<S, J>);
        self
    }

    /// Adds a kind of job and asks for one at every multiple of `interval` that the clock passes. `args` gives the arguments for the
    /// instant of the tick. However many processes watch the clock, a tick gives one job; ticks that nobody saw are not made up for.
    #[must_use]
    pub fn every<J: Job<S>>(
        mut self,
        schedule: &'static str,
        interval: Duration,
        args: impl Fn(Millis) -> J::Args + Send + Sync + 'static,
    ) -> Self {
        self.schedules.push(Schedule {
            name: schedule,
            interval_ms: i64::try_from(interval.as_millis()).unwrap_or(i64::MAX).max(1),
            kind: J::KIND,
            attempts_max: J::ATTEMPTS_MAX,
            args: Box::new(move |tick| serde_json::to_string(&args(tick))),
        });
        self.with::<J>()
    }

    /// What to do, in the transaction that makes a job a dead letter: ask a person. `|state, tx, job| Box::pin(async move { … })`
    #[must_use]
    pub fn on_dead(
        mut self,
        hook: impl for<'a> Fn(&'a S, &'a mut Tx, &'a JobRow) -> Boxed<'a, anyhow::Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.on_dead = Some(Box::new(hook));
        self
    }

    /// Names of the kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.handlers.keys().copied()
    }

    pub(super) fn handler(&self, kind: &str) -> Option<Handler<S>> {
        self.handlers.get(kind).copied()
    }

    pub(super) fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    pub(super) async fn bury(&self, state: &S, tx: &mut Tx, job: &JobRow) -> anyhow::Result<()> {
        match &self.on_dead {
            Some(hook) => hook(state, tx, job).await,
            None => Ok(()),
        }
    }
}

fn run_erased<S: 'static, J: Job<S>>(state: Arc<S>, ctx: JobContext, args: String) -> Pin<Box<dyn Future<Output = anyhow::Result<()>>>> {
    Box::pin(async move {
        let args: J::Args = serde_json::from_str(&args).context("the job's arguments")?;
        J::run(&state, &ctx, args).await
    })
}

//! What needs a person: one table of work items and one engine of deadlines, used by every stage.
//!
//! Takes: [`NewItem`]s from any stage, each with a reason (a code), a subject (a record), a message without PHI and, where there is one, a
//! due date. Gives: lists for billers, assignment, resolution. States: `open → resolved`; an assigned item is an open one with a name on
//! it. Invariant: a reason stands open at most once for a subject, so a stage may raise it as often as it likes.
//! A deadline is a date on a claim that alerts ahead of time ([`deadline`]); the first kind is timely filing (domain.md PED-69).

pub mod api;
pub mod deadline;
mod job;
mod model;
mod store;

pub use job::{RaiseAlerts, RaiseAlertsArgs};
pub use model::{ItemFilter, ItemState, NewItem};
pub use store::{STATEMENTS, WorkItem, assign, count_open, item, list, raise, resolve, resolve_others, resolve_subject};
pub use store::{alerts_due, close_deadlines, deadline_of, move_alert, set_deadline};

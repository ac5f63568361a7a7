//! The suite: the whole program, in process, on both engines. Stories of the cycle, what must hold when partners or power fail, and the
//! samples of `edi-samples/`. Every test runs on SQLite; on PostgreSQL too where `PEDICLAIM_TEST_POSTGRES` names a cluster.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/postgres.rs"]
mod postgres;
#[macro_use]
mod support;

mod api;
mod benefits;
mod charges;
mod code_files;
mod corpus;
mod cycle;
mod edi_tools;
mod faults;
mod filing;
mod inbound;
mod jobs;
mod journeys;
mod phi;
mod planted;
mod posting;
mod practice;
mod samples;
mod scrub;
mod statements;
mod submission;
mod web;

//! The ground everything stands on: configuration, database, jobs, audit, PHI, money, identifiers, time, telemetry.

// Who did what, and the seals that find changes behind our back.
pub mod audit;

// Where `now` comes from.
pub mod clock;

// SQLite and PostgreSQL, one text.
pub mod database;

// Keys of records, NPI.
pub mod ids;

// Exact amounts.
pub mod money;

// Values that logs must never show.
pub mod phi;

// Every byte sent or received, as it was.
pub mod archive;

// Settings: flags, environment, file.
pub mod config;

// Work that happens after a commit.
pub mod jobs;

// Logs without PHI.
pub mod telemetry;

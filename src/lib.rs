//! pediclaim turns a child's visit into money that ties to the cent. This is the map of the house.
//!
//! # A well-child visit gets paid
//!
//! Ten steps. Each names the module that takes it; `edi-samples/journeys/01-well-child-paid` holds what goes in and what comes out, and the
//! README walks through it file by file.
//!
//! 1. A practice is set up: who bills, whom, at what price, under which payer's rules. [`practice`]
//! 2. A visit arrives, and with it a [`family`]: FHIR, JSON or CSV is read, coded where it came uncoded ([`pediatrics`], [`reference`](mod@reference)),
//!    matched to the practice, and admitted once. [`encounter`](revenue_cycle::encounter)
//! 3. Its lines are priced and charged: the first entries of the books. [`ledger`](revenue_cycle::ledger)
//! 4. It becomes a claim of one payer, and from here on one table says what may happen to it. [`claim`](revenue_cycle::claim)
//! 5. Every edit looks at it; what is wrong blocks it, what is doubtful holds it. [`scrub`](revenue_cycle::scrub)
//! 6. It leaves: a snapshot, an 837P written and read back by a second implementation ([`edi`]), handed over exactly once
//!    ([`clearinghouse`]). [`submission`](revenue_cycle::submission)
//! 7. Answers arrive, are archived before they are read, and say that it was received and taken. [`inbound`](revenue_cycle::inbound),
//!    [`acknowledgment`](revenue_cycle::acknowledgment)
//! 8. An 835 arrives: proved to the cent, its cash booked before any claim is touched. [`remittance`](revenue_cycle::remittance)
//! 9. Each payment and each adjustment goes to the line it is for, with the segment that caused it. [`posting`](revenue_cycle::posting)
//! 10. The month is told from the books alone, and everything that must hold is computed anew. [`report`](revenue_cycle::report),
//!     [`verify`](revenue_cycle::verify)
//!
//! Whatever a step can't decide becomes a line on a person's list ([`worklist`](revenue_cycle::worklist)); nothing is guessed.
//!
//! # The modules, in the order of the story
//!
//! | module | what it is |
//! | --- | --- |
//! | [`practice`] | who bills, and whom |
//! | [`family`] | whom it is about |
//! | [`reference`](mod@reference) | code sets, dated; pure |
//! | [`pediatrics`] | what makes a child's claim different; pure |
//! | [`revenue_cycle`] | the stages, one folder each, in the order of the money |
//! | [`edi`] | X12, bytes ⇄ typed transactions; pure |
//! | [`clearinghouse`] | how bytes leave and arrive; the simulated payers |
//! | [`http`] | the interface for programs: router, tokens, errors |
//! | [`web`] | the screens for people |
//! | [`platform`] | the ground: database, jobs, audit, archive, money, PHI, clock, configuration |
//! | [`app`] | what jobs share; the lists of all jobs and all SQL |
//! | [`command`] | what each command does |
//! | [`demo`] | invented families and visits, from a seed |
//!
//! # How to read a stage
//!
//! Every stage reads the same: `mod.rs` is its contract (takes, gives, states, invariants), `model.rs` its types; modules named for what they
//! decide (`build`, `lifecycle`, `matching`, `plan`, `rules`) are pure; `store.rs` holds its SQL, `job.rs` loads, decides and commits,
//! `api.rs` answers requests. Who may know whom is checked by `tests/tidy.rs`.
//!
//! Four types carry most of the weight: [`Money`](platform::money::Money) is exact, [`Phi`](platform::phi::Phi) prints as a mask,
//! [`Clock`](platform::clock::Clock) is the only source of now, and a [`Tx`](platform::database::Tx) writes its own audit trail.

// Who bills, and whom: practices, sites, professionals, payers with dated rules, fees, routes.
pub mod practice;

// Whom it is about: families, guarantors, children, coverages.
pub mod family;

// The code sets of the trade, compiled in.
pub mod reference;

// A child's age, visits and vaccines, as rules with sources.
pub mod pediatrics;

// From the visit to the month's report.
pub mod revenue_cycle;

// X12 for health care, without I/O.
pub mod edi;

// The way to trading partners, real or simulated.
pub mod clearinghouse;

// The interface for programs.
pub mod http;

// The screens for people.
pub mod web;

// The ground everything stands on.
pub mod platform;

// The running program: what jobs and requests share.
pub mod app;

// The commands.
pub mod command;

// A practice that never was.
pub mod demo;

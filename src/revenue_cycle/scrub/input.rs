//! What the edits look at: one claim and the facts around it, all loaded before. A fact that nobody has recorded is unknown (`None`, or an
//! empty list where the type says so), and the edits that need it are silent: nothing is guessed.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::pediatrics::clia::Certificate;
use crate::pediatrics::cob::PlanClass;
use crate::platform::clock::Millis;
use crate::platform::ids::{EncounterId, Npi, PayerId};
use crate::platform::money::Money;
use crate::practice::model::PayerClass;
use crate::practice::rules::PayerRules;
use crate::reference::ProcedureCode;
use crate::reference::operator::OperatorTables;
use crate::revenue_cycle::claim::model::ClaimContent;
use crate::revenue_cycle::encounter::{Answers, EncounterDetails};

/// One claim to be scrubbed. Rules are pure: they see nothing else.
#[derive(Clone, Copy, Debug)]
pub struct ScrubInput<'a> {
    /// The claim.
    pub content: &'a ClaimContent,
    /// Today in the practice's time zone.
    pub today: Date,
    /// Last day of filing, where one is known (PED-69).
    pub file_by: Option<Date>,
    /// The payer, and what it asks for.
    pub payer: PayerFacts<'a>,
    /// The visit that the claim is for, among those of [`History`].
    pub encounter: Option<EncounterId>,
    /// What the practice recorded at the visit and the claim does not carry.
    pub visit: &'a EncounterDetails,
    /// The taxonomy of who rendered, as our records have it; none: what the claim says (2310B PRV), which not every payer wants.
    pub rendering_taxonomy: Option<&'a str>,
    /// What the laboratory of the visit's site may test; none: unknown, or no laboratory.
    pub certificate: Option<Certificate>,
    /// What the practice knows of the child from before.
    pub history: &'a History,
    /// By which coverage this payer is asked, and who else covers the child on the date of service.
    pub coverage: CoverageFacts<'a>,
    /// The child's other claims of that day, of whatever payer, that are neither replaced nor voided.
    pub same_day: &'a [LiveClaim],
    /// The claim that this one replaces or voids.
    pub original: Option<&'a Original>,
    /// The operator's loaded code files, with the rows for this claim's codes.
    pub tables: &'a OperatorTables,
    /// What the contract with the payer allows for each line, in order; empty: no contract's schedule is known (E070).
    pub allowed: &'a [Option<Money>],
}

/// A visit of which nothing was recorded but the claim.
static UNRECORDED: EncounterDetails = EncounterDetails {
    admission_date: None,
    discharge_date: None,
    epsdt_referrals: Vec::new(),
    authorization: None,
    answers: Answers { accident: None, eligibility: None, authorization_terms: None, declined: Vec::new() },
    doses: Vec::new(),
};

/// A child of whom nothing is known from before.
static UNKNOWN_PAST: History = History { visits: Vec::new(), complete_since: None };

/// The tables of an operator who loaded nothing.
static NOTHING_LOADED: LazyLock<OperatorTables> = LazyLock::new(OperatorTables::default);

impl<'a> ScrubInput<'a> {
    /// A claim of which nothing is known but itself and its payer: the edits that need more are silent.
    #[must_use]
    pub fn of(content: &'a ClaimContent, today: Date, payer: PayerFacts<'a>) -> ScrubInput<'a> {
        ScrubInput {
            content,
            today,
            file_by: None,
            payer,
            encounter: None,
            visit: &UNRECORDED,
            rendering_taxonomy: None,
            certificate: None,
            history: &UNKNOWN_PAST,
            coverage: CoverageFacts::default(),
            same_day: &[],
            original: None,
            tables: &NOTHING_LOADED,
            allowed: &[],
        }
    }
}

/// The payer that the claim asks, its rules resolved for the date of service.
#[derive(Clone, Copy, Debug)]
pub struct PayerFacts<'a> {
    /// The payer's name, for messages.
    pub name: &'a str,
    /// What kind it is.
    pub class: PayerClass,
    /// Whether claims to it have a connection to leave by.
    pub has_route: bool,
    /// Its rules on the date of service.
    pub rules: &'a PayerRules,
}

/// The coverage by which a payer is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct CoverageFacts<'a> {
    /// Its place among the child's coverages, from 1; none: unknown.
    pub rank: Option<u8>,
    /// Whether the child itself is enrolled, rather than counted under a parent's coverage since birth (E065); none: unknown.
    pub own_enrolment: Option<bool>,
    /// The other coverages in force on the date of service by payers that take claims.
    pub others: &'a [OtherCoverage],
}

/// Another coverage of the child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCoverage {
    /// The payer's name, for messages.
    pub payer_name: String,
    /// Its id, as loop 2330B has it once it is named on the claim.
    pub payer_number: String,
    /// What kind of plan.
    pub plan: PlanClass,
    /// Its place among the child's coverages, from 1.
    pub rank: u8,
    /// When it was sent a claim for this visit that it has not refused; none: it was not.
    pub billed: Option<Date>,
}

/// Another claim of the same child and date of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveClaim {
    /// Its visit: versions of one visit's claim are no duplicates of each other.
    pub encounter: EncounterId,
    /// Whom it asks.
    pub payer: PayerId,
    /// When it was sent; none where it was not, or was refused before adjudication.
    pub sent: Option<Millis>,
    /// Its claim number.
    pub pcn: String,
    /// SBR01.
    pub responsibility: String,
    /// Key of who rendered, as our records have it.
    pub renderer: Option<Npi>,
    /// Its lines: code, and modifiers separated by colons.
    pub lines: Vec<(String, String)>,
}

/// The claim that a replacement is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Original {
    /// The payer's number of it, where it has given one.
    pub icn: Option<String>,
    /// The codes of its lines.
    pub codes: Vec<String>,
}

/// What the practice knows of the child from its visits, the claim's own and later ones among them: [`super::case::Case::earlier`] leaves
/// these out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The visits, the earliest first.
    pub visits: Vec<PriorVisit>,
    /// From which day on the practice's records are whole; none: unknown, and then no visit in them proves nothing (E031).
    pub complete_since: Option<Date>,
}

/// A visit of the same child to the practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriorVisit {
    /// Which.
    pub encounter: EncounterId,
    /// Date of service.
    pub date: Date,
    /// Who saw the child, for messages: names of professionals are public.
    pub provider: String,
    /// The professional's taxonomy, which tells the specialty (PED-02).
    pub taxonomy: String,
    /// What was billed.
    pub codes: Vec<ProcedureCode>,
}

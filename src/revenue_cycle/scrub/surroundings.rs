//! What surrounds the claims of a chunk of children, for the edits: their earlier visits, their claims, their coverages, the visit behind a
//! claim. Loaded at once; what was not recorded stays unknown.

use std::collections::HashMap;

use jiff::civil::Date;

use super::case::Case;
use super::catalog::examine;
use super::input::{CoverageFacts, History, LiveClaim, Original, OtherCoverage, PayerFacts, ScrubInput};
use super::model::Finding;
use super::practice_rule::{self, Parties, PracticeRules};
use crate::edi::claim_837p::ServiceLine;
use crate::family::coverage::active_on;
use crate::family::model::{Child, Coverage};
use crate::platform::clock::Millis;
use crate::platform::ids::{ChildId, CoverageId, PayerId};
use crate::platform::money::Money;
use crate::practice::PracticeSetup;
use crate::practice::model::Stored;
use crate::practice::rules::{MemberIdScope, PayerRules};
use crate::reference::Modifier;
use crate::reference::operator::OperatorTables;
use crate::revenue_cycle::claim::model::ClaimContent;
use crate::revenue_cycle::encounter::Encounter;

/// The surroundings of the claims of some children.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// Their visits.
    pub histories: HashMap<ChildId, History>,
    /// Their live claims by date of service.
    pub live: HashMap<(ChildId, Date), Vec<LiveClaim>>,
    /// The practice's own rules.
    pub rules: PracticeRules,
    /// The operator's code files, with the rows for the codes of the chunk.
    pub tables: OperatorTables,
}

/// One claim and what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The claim.
    pub content: &'a ClaimContent,
    /// Whom it asks.
    pub payer: PayerId,
    /// By which coverage.
    pub coverage: CoverageId,
    /// Whose.
    pub child: ChildId,
    /// The child's record, where it is known.
    pub record: Option<&'a Child>,
    /// All coverages of the child.
    pub coverages: &'a [Stored<CoverageId, Coverage>],
    /// For which visit.
    pub encounter: Option<&'a Encounter>,
    /// Its last day of filing.
    pub file_by: Option<Date>,
    /// What it replaces.
    pub original: Option<&'a Original>,
}

impl Surroundings {
    /// Runs every edit on one claim.
    #[must_use]
    pub fn findings(&self, setup: &PracticeSetup, subject: &Subject<'_>, today: Date) -> Vec<Finding> {
        let Some(payer) = setup.payer(subject.payer) else { return Vec::new() };
        let day = subject.content.service_date().unwrap_or(today);
        let rules = payer.rules_on(day);
        let facts =
            PayerFacts { name: payer.name.as_str(), class: payer.class, has_route: setup.submitter_of(payer).is_some(), rules: &rules };
        let bare = ScrubInput::of(subject.content, today, facts);
        let mine = subject.coverages.iter().find(|coverage| coverage.id == subject.coverage);
        let others: Vec<OtherCoverage> = active_on(subject.coverages, day)
            .into_iter()
            .filter(|coverage| coverage.payer != subject.payer)
            .filter_map(|coverage| {
                let billed = self.sent(subject, coverage.payer).map(|sent| sent.date_in(&setup.practice.time_zone));
                other(setup, coverage, day, billed)
            })
            .collect();
        let allowed = allowed(setup, &rules, subject.content, day);
        let provider = subject.encounter.and_then(|encounter| setup.provider(encounter.provider));
        let input = ScrubInput {
            file_by: subject.file_by,
            encounter: subject.encounter.map(|encounter| encounter.id),
            visit: subject.encounter.map_or(bare.visit, |encounter| &encounter.details),
            rendering_taxonomy: provider.map(|provider| provider.taxonomy.as_str()),
            certificate: subject.encounter.and_then(|encounter| setup.location(encounter.location)?.certificate()),
            history: self.histories.get(&subject.child).unwrap_or(bare.history),
            coverage: CoverageFacts {
                rank: mine.map(|coverage| coverage.rank),
                own_enrolment: mine.zip(subject.record).and_then(|(coverage, child)| own_enrolment(coverage, child)),
                others: &others,
            },
            same_day: self.live.get(&(subject.child, day)).map_or(&[], Vec::as_slice),
            original: subject.original,
            tables: &self.tables,
            allowed: &allowed,
            ..bare
        };
        let case = Case::new(&input);
        let mut found = practice_rule::without_switched_off(examine(&case), &self.rules.switched_off);
        let parties = Parties { payer: payer.code.as_str(), provider: provider.map(|provider| provider.code.as_str()) };
        found.extend(practice_rule::findings(&self.rules.rules, &case, parties));
        found
    }

    /// When another payer was sent its claim for the visit of a claim.
    fn sent(&self, subject: &Subject<'_>, payer: PayerId) -> Option<Millis> {
        let encounter = subject.encounter?;
        let live = self.live.get(&(subject.child, encounter.service_date))?;
        live.iter().find(|claim| claim.encounter == encounter.id && claim.payer == payer)?.sent
    }

    /// Adds a claim that was built just now to the live ones: another visit of the same day may follow in the same chunk.
    pub fn note(&mut self, content: &ClaimContent, payer: PayerId, encounter: &Encounter, setup: &PracticeSetup) {
        let lines = &content.claim.lines;
        let modifiers = |line: &ServiceLine| line.procedure.modifiers.iter().map(|m| &**m).collect::<Vec<_>>().join(":");
        self.live.entry((encounter.child, encounter.service_date)).or_default().push(LiveClaim {
            encounter: encounter.id,
            payer,
            sent: None,
            pcn: content.claim.id.clone(),
            responsibility: content.subscriber.responsibility.as_str().to_owned(),
            renderer: setup.provider(encounter.provider).map(|provider| provider.npi),
            lines: lines.iter().map(|line| (line.procedure.code.to_string(), modifiers(line))).collect(),
        });
    }
}

/// What the payer's contract allows for each line: the practice's schedule that the payer's rule names. Empty where it names none.
fn allowed(setup: &PracticeSetup, rules: &PayerRules, content: &ClaimContent, day: Date) -> Vec<Option<Money>> {
    let Some(schedule) = &rules.contract_schedule else { return Vec::new() };
    let allowed = |line: &ServiceLine| {
        let modifiers: Vec<Modifier> = line.procedure.modifiers.iter().filter_map(|text| text.parse().ok()).collect();
        let fee = setup.fee(schedule.as_str(), line.procedure.code.parse().ok()?, &modifiers, day)?;
        Some(fee.times(line.quantity.as_whole()?))
    };
    content.claim.lines.iter().map(allowed).collect()
}

fn other(setup: &PracticeSetup, coverage: &Stored<CoverageId, Coverage>, day: Date, billed: Option<Date>) -> Option<OtherCoverage> {
    let payer = setup.payer(coverage.payer).filter(|payer| payer.class.takes_claims())?;
    Some(OtherCoverage {
        payer_name: payer.name.to_string(),
        payer_number: payer.payer_number.to_string(),
        plan: payer.rules_on(day).plan_class(payer.class),
        rank: coverage.rank,
        billed,
    })
}

/// Whether the child itself is enrolled: an id that names the child alone says so, and so does a coverage that begins at or after the birth.
/// None where nobody said when the coverage began.
fn own_enrolment(coverage: &Coverage, child: &Child) -> Option<bool> {
    if coverage.member_id_scope == MemberIdScope::Person {
        return Some(true);
    }
    (coverage.effective_from != Coverage::SINCE_EVER).then(|| coverage.effective_from >= *child.birth_date.reveal())
}

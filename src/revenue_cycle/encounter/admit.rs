//! From what arrived to our own records: which professional, which place, which payer, at what price. Pure. What can't be matched holds the
//! visit, with every reason at once; nothing is guessed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::model::{CoverageFacts, EncounterDraft, EpsdtReferral, GuardianFacts, LineDraft, Severity, Verdict};
use super::record::{DoseRecord, EncounterDetails};
use crate::family::model::{Coverage, Family, HolderRelation, HomeAddress, Sex, Subscriber};
use crate::platform::ids::{LocationId, PayerId, ProviderId};
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::practice::PracticeSetup;
use crate::practice::member_id::MemberIdPattern;
use crate::practice::model::{PayerClass, STANDARD_SCHEDULE};
use crate::practice::rules::MemberIdScope;
use crate::reference::subscriber::Relationship;

/// How names of a source are matched to ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdmitOptions {
    /// Identifier, NPI or name of a practitioner as sent → code of our provider.
    pub provider_map: BTreeMap<String, String>,
    /// Number or name of a payer as sent → code of our payer.
    pub payer_map: BTreeMap<String, String>,
    /// Complete what synthetic data lacks: see the README. Practitioners who are not set up become
    /// one of our providers, chosen by their identifier; payers become one of ours of the same class; a guarantor with the child's name and a
    /// member id made from the child's identifier are filled in; visits older than the fee schedule take its latest fees; screenings led to
    /// no referral. Never for real patients.
    pub demonstration: bool,
}

/// A visit matched to our records, with the facts of its family to be stored first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The family account.
    pub family: Family,
    /// The child, without the keys that storing gives.
    pub child: NewChild,
    /// The child's coverages, in order, without the child's key.
    pub coverages: Vec<NewCoverage>,
    /// Who rendered.
    pub provider: ProviderId,
    /// Where.
    pub location: LocationId,
    /// When.
    pub service_date: Date,
    /// What else the claim needs to know.
    pub details: EncounterDetails,
    /// The lines with their prices and where each comes from.
    pub lines: Vec<(LineDraft, Money, String)>,
}

/// A child to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChild {
    /// The source's identifier.
    pub external_id: Phi<String>,
    /// Family name.
    pub last_name: Phi<String>,
    /// Given names.
    pub first_name: Phi<String>,
    /// Birth date.
    pub birth_date: Phi<Date>,
    /// Sex.
    pub sex: Sex,
    /// Home.
    pub address: Phi<HomeAddress>,
}

/// A coverage to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCoverage {
    /// The payer.
    pub payer: PayerId,
    /// Place among the child's coverages, from 1.
    pub rank: u8,
    /// Member id, empty when unknown: E009 holds the claim then.
    pub member_id: Phi<String>,
    /// Whom the member id names.
    pub scope: MemberIdScope,
    /// What the child is to the policy holder.
    pub relationship: Relationship,
    /// Group number.
    pub group_number: Option<Phi<String>>,
    /// The policy holder, when it is not the child.
    pub subscriber: Option<Subscriber>,
    /// First day.
    pub effective_from: Date,
    /// Last day.
    pub effective_to: Option<Date>,
}

/// Why a visit can't be admitted: a code for lists, and a sentence without PHI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The code.
    pub reason: String,
    /// What to do.
    pub message: String,
}

impl Hold {
    fn new(reason: &str, message: impl Into<String>) -> Hold {
        Hold { reason: reason.to_owned(), message: message.into() }
    }
}

/// Matches a billable draft to the practice. All reasons to hold it are given, those that its reading found among them.
pub fn admit(draft: &EncounterDraft, setup: &PracticeSetup, options: &AdmitOptions) -> Result<Admission, Vec<Hold>> {
    let mut holds: Vec<Hold> = draft
        .issues
        .iter()
        .filter(|issue| issue.reason.severity() == Severity::Holds)
        .map(|issue| Hold::new(&format!("{:?}", issue.reason), issue.message()))
        .collect();
    if draft.verdict() == Verdict::Held && holds.is_empty() {
        holds.push(Hold::new("Held", "the visit was held when it was read"));
    }
    let provider = provider(draft, setup, options, &mut holds);
    let location = location(draft, setup, options, &mut holds);
    let child = child(draft, &mut holds);
    let service_date = draft.service_date;
    let lines = service_date.map(|day| prices(draft, setup, options, day, &mut holds)).unwrap_or_default();
    let coverages = coverages(draft, setup, options, &mut holds);
    match (provider, location, child, service_date) {
        (Some(provider), Some(location), Some(child), Some(service_date)) if holds.is_empty() => Ok(Admission {
            family: family(draft, &child, options),
            coverages,
            provider,
            location,
            service_date,
            details: EncounterDetails {
                admission_date: draft.admission_date,
                discharge_date: draft.discharge_date,
                epsdt_referrals: referrals(draft, options),
                authorization: draft.authorization.clone(),
                answers: draft.answers.clone(),
                doses: doses(draft),
            },
            lines,
            child,
        }),
        _ => {
            if holds.is_empty() {
                holds.push(Hold::new("Incomplete", "the visit lacks a child or a date of service"));
            }
            Err(holds)
        }
    }
}

/// The doses behind the draft's product lines.
fn doses(draft: &EncounterDraft) -> Vec<DoseRecord> {
    let record = |(at, line): (usize, &LineDraft)| Some(DoseRecord { line: at + 1, facts: line.dose.clone()? });
    draft.lines.iter().enumerate().filter_map(record).collect()
}

fn provider(draft: &EncounterDraft, setup: &PracticeSetup, options: &AdmitOptions, holds: &mut Vec<Hold>) -> Option<ProviderId> {
    let sent = draft.rendering.clone().unwrap_or_default();
    let name = sent.name.as_ref().map(|n| n.reveal().as_str());
    let keys = [sent.external_id.as_deref(), sent.npi_as_sent.as_deref(), name];
    let mapped = keys.iter().flatten().find_map(|key| options.provider_map.get(*key));
    let found = match mapped {
        Some(code) => setup.provider_for(None, Some(code), None),
        None => setup.provider_for(sent.npi(), sent.external_id.as_deref(), name),
    };
    if let Some(found) = found {
        return Some(found.id);
    }
    if options.demonstration && !setup.providers.is_empty() {
        let place = pick(sent.external_id.as_deref().or(name).unwrap_or_default(), setup.providers.len());
        return Some(setup.providers[place].id);
    }
    holds.push(Hold::new(
        "ProviderUnknown",
        "the professional who rendered the service is not one of the practice: add the provider to the set-up or map the identifier",
    ));
    None
}

fn location(draft: &EncounterDraft, setup: &PracticeSetup, options: &AdmitOptions, holds: &mut Vec<Hold>) -> Option<LocationId> {
    let sent = draft.location.clone().unwrap_or_default();
    let found = setup.location_for(sent.external_id.as_deref(), sent.name.as_deref());
    let found = found.or_else(|| if options.demonstration { setup.location_for(None, None).or(setup.locations.first()) } else { None });
    if found.is_none() {
        holds.push(Hold::new("LocationUnknown", "the place of the visit is not one of the practice: add the location to the set-up"));
    }
    found.map(|l| l.id)
}

fn child(draft: &EncounterDraft, holds: &mut Vec<Hold>) -> Option<NewChild> {
    let facts = &draft.child;
    let external_id = facts.external_id.clone().or_else(|| facts.mrn.clone());
    if external_id.is_none() {
        holds.push(Hold::new("PatientUnidentified", "the patient has no identifier: children are never matched by name and birth date"));
    }
    let address = facts.address.as_ref().map(|a| a.reveal().clone()).unwrap_or_default();
    Some(NewChild {
        external_id: external_id?,
        last_name: facts.family_name.clone()?,
        first_name: facts.given_names.clone()?,
        birth_date: facts.birth_date.clone()?,
        sex: sex(facts.sex),
        address: Phi::new(home(&address)),
    })
}

fn sex(sent: super::model::Sex) -> Sex {
    match sent {
        super::model::Sex::Female => Sex::Female,
        super::model::Sex::Male => Sex::Male,
        super::model::Sex::Unknown => Sex::Unknown,
    }
}

fn home(address: &super::model::Address) -> HomeAddress {
    let street = address.lines.join(" ");
    HomeAddress { street, city: address.city.clone(), state: address.state.clone(), zip: address.zip.clone() }
}

/// The family account: that of the guardian whom the source identifies, or else one of the child alone, until a person joins siblings.
/// What a screening led to: bundles don't say it.
fn referrals(draft: &EncounterDraft, options: &AdmitOptions) -> Vec<EpsdtReferral> {
    match draft.epsdt_referrals.as_slice() {
        [] if options.demonstration => vec![EpsdtReferral::None],
        said => said.to_vec(),
    }
}

fn family(draft: &EncounterDraft, child: &NewChild, options: &AdmitOptions) -> Family {
    let guardian = draft.guardian.clone().unwrap_or_default();
    let empty = || Phi::new(String::new());
    let (mut last, mut first) = (guardian.family_name.clone().unwrap_or_else(empty), guardian.given_names.clone().unwrap_or_else(empty));
    if options.demonstration && last.reveal().is_empty() {
        (last, first) = (child.last_name.clone(), Phi::from("Parent"));
    }
    let external_id = guardian.external_id.clone().unwrap_or_else(|| Phi::new(format!("child:{}", child.external_id.reveal())));
    Family {
        external_id,
        guarantor_last: last,
        guarantor_first: first,
        guarantor_birth_date: guardian.birth_date.clone(),
        phone: guardian.phone.clone().or_else(|| draft.child.phone.clone()),
        address: guardian.address.as_ref().map_or_else(|| child.address.clone(), |a| Phi::new(home(a.reveal()))),
    }
}

fn coverages(draft: &EncounterDraft, setup: &PracticeSetup, options: &AdmitOptions, holds: &mut Vec<Hold>) -> Vec<NewCoverage> {
    let mut coverages = Vec::new();
    for (place, facts) in draft.coverages.iter().enumerate() {
        let Some(payer) = payer(facts, setup, options) else {
            let number = facts.payer_id.as_deref().unwrap_or("without a number");
            holds.push(Hold::new(
                "PayerUnknown",
                format!("coverage {}: the payer ({number}) is not set up: add it, or map its name", place + 1),
            ));
            continue;
        };
        let rules = payer.rules_on(draft.service_date.unwrap_or(Date::MAX));
        let mut member_id = facts.member_id.clone().unwrap_or_else(|| Phi::new(String::new()));
        if options.demonstration && member_id.reveal().is_empty() {
            member_id = made_up_member_id(draft, &payer.rules_on(Date::MAX).member_id_pattern);
        }
        let subscriber = facts.subscriber.as_ref().and_then(subscriber);
        let scope = if subscriber.is_some() { rules.member_id_scope } else { MemberIdScope::Person };
        let relationship = match (&subscriber, facts.subscriber.as_ref().and_then(|s| s.relationship.as_deref())) {
            (None, _) => Relationship::Itself,
            (Some(_), Some(sent)) => child_of(sent),
            (Some(_), None) => Relationship::Child,
        };
        coverages.push(NewCoverage {
            payer: payer.id,
            rank: u8::try_from(place + 1).unwrap_or(u8::MAX),
            member_id,
            scope,
            relationship,
            group_number: facts.group_number.clone(),
            subscriber,
            effective_from: facts.valid_from.unwrap_or(Coverage::SINCE_EVER),
            effective_to: facts.valid_to,
        });
    }
    coverages
}

/// What the child is to a policy holder who is this to the child: own, step, foster and adopted children are all 19 (domain.md 0, point 3).
fn child_of(holder_is: &str) -> Relationship {
    match holder_is.to_ascii_lowercase().as_str() {
        "grandparent" | "grandmother" | "grandfather" | "aunt" | "uncle" | "sibling" | "g8" | "other" => Relationship::Other,
        _ => Relationship::Child,
    }
}

fn subscriber(facts: &GuardianFacts) -> Option<Subscriber> {
    Some(Subscriber {
        last_name: facts.family_name.clone()?,
        first_name: facts.given_names.clone().unwrap_or_else(|| Phi::new(String::new())),
        birth_date: facts.birth_date.clone(),
        sex: Sex::Unknown,
        relation: facts.relationship.as_deref().and_then(HolderRelation::read),
    })
}

fn payer<'a>(
    facts: &CoverageFacts,
    setup: &'a PracticeSetup,
    options: &AdmitOptions,
) -> Option<&'a crate::practice::model::Stored<PayerId, crate::practice::model::Payer>> {
    let keys = [facts.payer_id.as_deref(), facts.payer_name.as_deref()];
    if let Some(code) = keys.iter().flatten().find_map(|key| options.payer_map.get(*key)) {
        return setup.payer_for(Some(code), None);
    }
    let found = setup.payer_for(facts.payer_id.as_deref(), facts.payer_name.as_deref());
    if found.is_some() || !options.demonstration {
        return found;
    }
    let name = facts.payer_name.as_deref().unwrap_or_default();
    let is_public = ["medicaid", "chip", "government"].iter().any(|word| name.to_ascii_lowercase().contains(word));
    let wanted = if is_public { PayerClass::MedicaidFfs } else { PayerClass::Commercial };
    let candidates: Vec<_> = setup.payers.iter().filter(|p| p.class == wanted).collect();
    candidates.get(pick(name, candidates.len().max(1))).copied()
}

/// A member id for synthetic children: made from the child's identifier in the form of the payer's cards, the same on every day.
fn made_up_member_id(draft: &EncounterDraft, pattern: &MemberIdPattern) -> Phi<String> {
    let id = draft.child.external_id.as_ref().map_or("", |id| id.reveal());
    Phi::new(pattern.example(hash(id)))
}

fn pick(key: &str, among: usize) -> usize {
    usize::try_from(hash(key) % among as u64).unwrap_or_default()
}

fn hash(key: &str) -> u64 {
    let digest = Sha256::digest(key.as_bytes());
    u64::from_be_bytes([digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]])
}

/// The charge of each line: as sent, or else by the fee schedule of the date of service.
fn prices(
    draft: &EncounterDraft,
    setup: &PracticeSetup,
    options: &AdmitOptions,
    day: Date,
    holds: &mut Vec<Hold>,
) -> Vec<(LineDraft, Money, String)> {
    let mut priced = Vec::with_capacity(draft.lines.len());
    for (place, line) in draft.lines.iter().enumerate() {
        let fee_on = |day| setup.fee(STANDARD_SCHEDULE, line.code, &line.modifiers, day);
        // Synthetic visits may be older than the practice's first schedule: they take today's fees.
        let fee = fee_on(day).or_else(|| if options.demonstration { fee_on(Date::MAX) } else { None });
        let fee = || fee.map(|fee| (fee.times(line.units), STANDARD_SCHEDULE));
        match line.charge.map(|charge| (charge, "sent")).or_else(fee) {
            Some((charge, source)) => priced.push((line.clone(), charge, source.to_owned())),
            None => holds.push(Hold::new(
                "FeeMissing",
                format!("line {}: no fee for {} on {day}: add it to the fee schedule", place + 1, line.code.as_str()),
            )),
        }
    }
    priced
}

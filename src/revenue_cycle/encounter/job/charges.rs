//! Loads what the charge assistant needs about visits, and asks it.

use jiff::civil::Date;

use crate::family::coverage::active_on;
use crate::family::store::Households;
use crate::platform::database::{DbError, Queries};
use crate::platform::ids::{ChildId, EncounterId};
use crate::practice::PracticeSetup;
use crate::practice::model::PayerClass;
use crate::practice::rules::PayerRules;
use crate::revenue_cycle::encounter::assist::{Advice, Service, Visit, advise};
use crate::revenue_cycle::encounter::record::Encounter;
use crate::revenue_cycle::encounter::store::charges::{names, services_of};
use crate::revenue_cycle::encounter::store::encounters;

/// A visit with what the assistant says about it.
#[derive(Clone, Debug)]
pub struct AdvisedVisit {
    /// The visit.
    pub encounter: Encounter,
    /// Its name in its feed.
    pub external_id: String,
    /// Whether the child had Medicaid that day.
    pub medicaid: bool,
    /// What the assistant says.
    pub advice: Advice,
}

/// Compares visits, at most a few hundred, with what the rules propose for them; in the order of service. Keys that the practice does not
/// have are left out.
pub async fn advise_visits(db: &mut impl Queries, setup: &PracticeSetup, ids: &[EncounterId]) -> Result<Vec<AdvisedVisit>, DbError> {
    let practice = setup.practice.id;
    let visits = encounters(db, practice, ids).await?;
    let mut names = names(db, practice, ids).await?;
    let children: Vec<ChildId> = visits.iter().map(|visit| visit.child).collect();
    let households = Households::load(db, practice, &children).await?;
    let services = services_of(db, practice, &children).await?;
    let mut advised = Vec::with_capacity(visits.len());
    for encounter in visits {
        let external_id = names.remove(&encounter.id).ok_or(DbError::Missing("encounter"))?;
        let child = households.children.get(&encounter.child).ok_or(DbError::Missing("child"))?;
        let services = services.get(&encounter.child).map_or(&[][..], Vec::as_slice);
        let others = services.iter().filter(|service| service.visit != encounter.id);
        let taxonomy_of = |provider| setup.provider(provider).map_or("", |provider| provider.taxonomy.as_str());
        let history: Vec<Service<'_>> =
            others.map(|service| Service { billed: service.billed, taxonomy: taxonomy_of(service.provider) }).collect();
        let (rules, medicaid) = payer_side(setup, &households, &encounter);
        let advice = advise(&Visit {
            encounter: &encounter,
            birth: *child.birth_date.reveal(),
            history: &history,
            taxonomy: taxonomy_of(encounter.provider),
            rules: &rules,
            medicaid,
            certificate: setup.location(encounter.location).and_then(|location| location.certificate()),
        });
        advised.push(AdvisedVisit { encounter, external_id, medicaid, advice });
    }
    Ok(advised)
}

/// The rules of the payer that is asked first on the date of service, those of a family that pays itself where there is none; and whether
/// the child has Medicaid then.
fn payer_side(setup: &PracticeSetup, households: &Households, encounter: &Encounter) -> (PayerRules, bool) {
    let on: Date = encounter.service_date;
    let active = active_on(households.coverages_of(encounter.child), on);
    let payers = || active.iter().filter_map(|coverage| setup.payer(coverage.payer));
    let first = payers().find(|payer| payer.class.takes_claims());
    let rules = first.map_or_else(|| PayerRules::of_class(PayerClass::SelfPay), |payer| payer.rules_on(on));
    (rules, payers().any(|payer| payer.class.is_medicaid()))
}

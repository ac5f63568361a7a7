//! What an answer means: is the child covered on a day, by whom else, and what will the family pay (domain.md 3.3).
//!
//! A payer says much at once: of the plan and of single services, inside and outside of its network, of the child, the family and the
//! employee. The statement that fits a visit is the one that names the service before the one that names the plan (service type 30, or
//! none), and the one that names the network before the one that names none. Where what fits contradicts itself, that is the result:
//! nothing is guessed.

use jiff::civil::Date;

use super::codes::{Answer, CoverageLevel, Information, QuantityKind, ServiceType, TimePeriod};
use super::percent::Percent;
use super::response::{Benefit, EligibilityResponse, ResponseMember};
use crate::edi::claim_837p::{DateValue, Responsibility};
use crate::edi::inquiry::{DateKind, Dated, Family, Party, Role};
use crate::edi::remittance_835::Quantity;
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// A visit that an answer is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The date of service.
    pub on: Date,
    /// What is done.
    pub service: ServiceType,
    /// Whether the practice is in the plan's network.
    pub in_network: bool,
}

/// How the child stands on the day of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Active, and the service is named.
    Covered,
    /// The plan is active; the payer says nothing of this service.
    PlanActive,
    /// Active, but the service is not a benefit.
    NotCovered,
    /// Not active on that day.
    Inactive,
    /// The payer did not answer; see the rejections.
    Rejected,
    /// The answer says nothing about it.
    NotStated,
    /// The answer contradicts itself, or a date that decides can't be read: ask the payer.
    Unclear,
}

/// What fits a visit: nothing, one value, or several that a person must choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated<T> {
    /// The payer says nothing.
    Nothing,
    /// The payer says this, once or more often.
    One(T),
    /// The payer says several things, smallest first.
    Several(Vec<T>),
}

impl<T: Ord> Stated<T> {
    fn from_all(values: impl IntoIterator<Item = T>) -> Stated<T> {
        let mut values: Vec<T> = values.into_iter().collect();
        values.sort_unstable();
        values.dedup();
        match values.len() {
            0 => Stated::Nothing,
            1 => values.pop().map_or(Stated::Nothing, Stated::One),
            _ => Stated::Several(values),
        }
    }

    /// The value, when there is exactly one.
    #[must_use]
    pub fn one(self) -> Option<T> {
        match self {
            Stated::One(value) => Some(value),
            Stated::Nothing | Stated::Several(_) => None,
        }
    }
}

/// A lead to another payer.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherPayer<'a> {
    /// The statement (`EB*R`) that gives the lead; its references and dates are about the other policy.
    pub benefit: &'a Benefit,
    /// The payer; none when the payer that answers does not name it.
    pub payer: Option<&'a Party<Phi<String>>>,
    /// Its place in the order of benefits, when that was said.
    pub order: Option<Responsibility>,
    /// Who is insured there, with the member id.
    pub insured: Option<&'a Party<Phi<String>>>,
}

/// A member in an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found<'a> {
    /// The answer about the member.
    pub answer: &'a ResponseMember,
    /// The subscriber, when the member is a dependent: then the member id is the family's. Without one, the payer knows the child by an
    /// own member id (domain.md 1.4).
    pub subscriber: Option<&'a ResponseMember>,
}

impl EligibilityResponse {
    /// All members that were answered about, subscribers before their dependents.
    pub fn members(&self) -> impl Iterator<Item = Found<'_>> {
        let families = self.sources.iter().flat_map(|source| &source.receivers).flat_map(|receiver| &receiver.families);
        families.flat_map(|Family { subscriber, dependents }| {
            let dependents = dependents.iter().map(|answer| Found { answer, subscriber: Some(subscriber) });
            std::iter::once(Found { answer: subscriber, subscriber: None }).chain(dependents)
        })
    }

    /// The member that was asked about under a number of ours (TRN02).
    #[must_use]
    pub fn by_trace(&self, number: &str) -> Option<Found<'_>> {
        self.members().find(|found| found.answer.member.traces.iter().any(|trace| trace.number == number))
    }
}

impl ResponseMember {
    /// How the child stands on the day of a visit. Active: EB01 1 to 5; inactive: 6 to 8; not a benefit: I.
    #[must_use]
    pub fn standing(&self, visit: &Visit) -> Standing {
        if self.benefits.is_empty() && !self.rejections.is_empty() {
            return Standing::Rejected;
        }
        let said = |speaks: &dyn Fn(&Benefit) -> bool| {
            let about = self.benefits.iter().filter(|b| b.is_broad() && b.is_about(visit) && speaks(b));
            let standings = about.filter_map(|b| Some((self.said_by(b, visit.on)?, b.is_of_another_time(visit.on))));
            // A plan of another time says nothing against that of the day.
            let (elsewhere, of_the_day): (Vec<_>, Vec<_>) = standings.partition(|(_, is_of_another_time)| *is_of_another_time);
            let mut standings = if of_the_day.is_empty() { elsewhere } else { of_the_day }.into_iter().map(|(standing, _)| standing);
            let first = standings.next()?;
            Some(if standings.all(|other| other == first) { first } else { Standing::Unclear })
        };
        match (said(&|b| b.is_of_plan()), said(&|b| b.names(&visit.service))) {
            (None, None) => Standing::NotStated,
            (Some(Standing::Unclear), _) => Standing::Unclear,
            (Some(Standing::Covered), None) => Standing::PlanActive,
            (Some(Standing::Inactive), Some(Standing::Covered)) => Standing::Unclear,
            (Some(Standing::Inactive), Some(_)) => Standing::Inactive,
            (Some(plan), None) => plan,
            (_, Some(service)) => service,
        }
    }

    /// What one statement says of a day; none when it says nothing of coverage.
    fn said_by(&self, benefit: &Benefit, on: Date) -> Option<Standing> {
        let within = Period::of(if benefit.dates.iter().any(bounds) { &benefit.dates } else { &self.member.dates });
        match &benefit.information {
            Information::Active
            | Information::ActiveFullRisk
            | Information::ActiveCapitated
            | Information::ActivePrimaryCareCapitated
            | Information::ActivePendingInvestigation => Some(match within.contains(on) {
                Some(true) => Standing::Covered,
                Some(false) => Standing::Inactive,
                None => Standing::Unclear,
            }),
            // Coverage that ended after the visit: was it active then? The payer did not say that.
            Information::Inactive | Information::InactivePendingUpdate | Information::InactivePendingInvestigation => {
                Some(if within.has_end() && within.contains(on) != Some(false) { Standing::Unclear } else { Standing::Inactive })
            }
            Information::NonCovered => (within.contains(on) != Some(false)).then_some(Standing::NotCovered),
            _ => None,
        }
    }

    /// The copay of a visit.
    #[must_use]
    pub fn copay(&self, visit: &Visit) -> Stated<Money> {
        Stated::from_all(self.fitting(visit, |b| b.information == Information::Copay && b.amount.is_some()).filter_map(|b| b.amount))
    }

    /// The family's share of a visit after the deductible.
    #[must_use]
    pub fn coinsurance(&self, visit: &Visit) -> Stated<Percent> {
        Stated::from_all(
            self.fitting(visit, |b| b.information == Information::Coinsurance && b.percent.is_some()).filter_map(|b| b.percent),
        )
    }

    /// Whether the service must be authorized before the visit (EB11).
    #[must_use]
    pub fn needs_authorization(&self, visit: &Visit) -> Stated<bool> {
        let said = |b: &Benefit| match b.authorization {
            Some(Answer::Yes) => Some(true),
            Some(Answer::No) => Some(false),
            _ => None,
        };
        Stated::from_all(self.fitting(visit, |b| said(b).is_some()).filter_map(said))
    }

    /// How many visits for the service the plan still pays.
    #[must_use]
    pub fn visits_remaining(&self, visit: &Visit) -> Stated<Quantity> {
        let fits = |b: &Benefit| {
            let counts = b.information == Information::Limitations && b.quantity_kind == Some(QuantityKind::Visits);
            counts && b.period == Some(TimePeriod::Remaining) && b.quantity.is_some()
        };
        Stated::from_all(self.fitting(visit, fits).filter_map(|b| b.quantity))
    }

    /// What remains of the deductible of the child ([`CoverageLevel::Individual`]) or the family.
    #[must_use]
    pub fn deductible_remaining(&self, visit: &Visit, level: &CoverageLevel) -> Stated<Money> {
        self.remaining(visit, &Information::Deductible, level)
    }

    /// What remains until the child or the family has paid the most of the period.
    #[must_use]
    pub fn out_of_pocket_remaining(&self, visit: &Visit, level: &CoverageLevel) -> Stated<Money> {
        self.remaining(visit, &Information::OutOfPocket, level)
    }

    /// Of the statements that fit best: what the payer says remains, else the whole less what was used of it, when both are stated once.
    /// Of nothing, nothing remains.
    fn remaining(&self, visit: &Visit, what: &Information, level: &CoverageLevel) -> Stated<Money> {
        const REMAINING: &[Option<TimePeriod>] = &[Some(TimePeriod::Remaining)];
        const USED: &[Option<TimePeriod>] = &[Some(TimePeriod::YearToDate)];
        const WHOLE: &[Option<TimePeriod>] =
            &[None, Some(TimePeriod::CalendarYear), Some(TimePeriod::ServiceYear), Some(TimePeriod::Contract)];
        let wanted = |b: &Benefit| {
            let is_known = [REMAINING, USED, WHOLE].iter().any(|periods| periods.contains(&b.period));
            b.information == *what && b.coverage_level.as_ref() == Some(level) && b.amount.is_some() && is_known
        };
        let fitting: Vec<&Benefit> = self.fitting(visit, wanted).collect();
        let amounts = |periods: &[Option<TimePeriod>]| {
            Stated::from_all(fitting.iter().filter(|b| periods.contains(&b.period)).filter_map(|b| b.amount))
        };
        match (amounts(REMAINING), amounts(WHOLE), amounts(USED)) {
            (Stated::Nothing, Stated::One(whole), Stated::One(used)) => Stated::One((whole - used).max(Money::ZERO)),
            (Stated::Nothing, Stated::One(whole), Stated::Nothing) if whole.is_zero() => Stated::One(Money::ZERO),
            (remaining, ..) => remaining,
        }
    }

    /// The statements that fit a visit best among those that `wanted` takes.
    fn fitting<'a>(&'a self, visit: &'a Visit, wanted: impl Fn(&Benefit) -> bool) -> impl Iterator<Item = &'a Benefit> {
        let in_time = |b: &Benefit| Period::of(&b.dates).contains(visit.on) != Some(false);
        let all: Vec<(u8, &Benefit)> = self
            .benefits
            .iter()
            .filter(|b| b.is_broad() && b.is_about(visit) && in_time(b) && wanted(b))
            .filter_map(|b| Some((b.fit(visit)?, b)))
            .collect();
        let best = all.iter().map(|(fit, _)| *fit).max();
        all.into_iter().filter(move |(fit, _)| Some(*fit) == best).map(|(_, benefit)| benefit)
    }

    /// Leads to other payers (`EB*R`), one for each payer named and one for a statement that names none. A managed care plan is no
    /// other payer: see [`ResponseMember::managed_care`].
    pub fn other_payers(&self) -> impl Iterator<Item = OtherPayer<'_>> {
        let leads = self.benefits.iter().filter(|benefit| benefit.information == Information::OtherPayer);
        leads.flat_map(|benefit| {
            let named = |roles: &[Role]| benefit.related.iter().filter(|party| roles.contains(&party.role)).collect::<Vec<_>>();
            let payers = named(PAYERS);
            let insured = named(&[Role::Insured]).first().copied();
            let nobody = (payers.is_empty() && !benefit.names_managed_care()).then_some(None);
            payers.into_iter().map(Some).chain(nobody).map(move |payer| OtherPayer {
                benefit,
                payer,
                order: payer.and_then(|payer| order(&payer.role)),
                insured,
            })
        })
    }

    /// The plans that manage the child's care for this payer: they take the claims.
    pub fn managed_care(&self) -> impl Iterator<Item = &Party<Phi<String>>> {
        self.benefits.iter().flat_map(|benefit| {
            let is_statement = benefit.information == Information::ManagedCareCoordinator;
            let roles: &[Role] =
                if is_statement { &[Role::ManagedCareOrganization, Role::Payer] } else { &[Role::ManagedCareOrganization] };
            benefit.related.iter().filter(|party| roles.contains(&party.role))
        })
    }

    /// The child's primary care providers, as the payer knows them.
    pub fn primary_care(&self) -> impl Iterator<Item = &Party<Phi<String>>> {
        self.benefits.iter().flat_map(|benefit| &benefit.related).filter(|party| party.role == Role::PrimaryCareProvider)
    }
}

impl Benefit {
    /// Whether it holds without a further condition: a procedure, a diagnosis, a place of service.
    fn is_broad(&self) -> bool {
        self.procedure.is_none() && self.diagnosis_pointers.is_empty() && self.circumstances.is_empty()
    }

    /// Whether it is dated, and not for this day.
    fn is_of_another_time(&self, on: Date) -> bool {
        Period::of(&self.dates).contains(on) == Some(false)
    }

    /// Whether it concerns the child and the practice's side of the network.
    fn is_about(&self, visit: &Visit) -> bool {
        let others = [CoverageLevel::Employee, CoverageLevel::Spouse, CoverageLevel::EmployeeAndSpouse];
        let other_side = if visit.in_network { Answer::No } else { Answer::Yes };
        self.in_network != Some(other_side) && !self.coverage_level.as_ref().is_some_and(|level| others.contains(level))
    }

    fn names(&self, service: &ServiceType) -> bool {
        self.service_types.contains(service)
    }

    fn is_of_plan(&self) -> bool {
        self.service_types.is_empty() || self.service_types.contains(&ServiceType::PlanCoverage)
    }

    /// How closely it fits a visit: by service first, then by network. None when it is about another service.
    fn fit(&self, visit: &Visit) -> Option<u8> {
        let by_service = match (self.names(&visit.service), self.is_of_plan()) {
            (true, _) => 2,
            (false, true) => 0,
            (false, false) => return None,
        };
        Some(by_service + u8::from(matches!(self.in_network, Some(Answer::Yes | Answer::No))))
    }

    fn names_managed_care(&self) -> bool {
        self.related.iter().any(|party| party.role == Role::ManagedCareOrganization)
    }
}

/// Who may stand for another payer; some Medicaid programs name Medicare as a prior carrier.
const PAYERS: &[Role] =
    &[Role::Payer, Role::PrimaryPayer, Role::SecondaryPayer, Role::TertiaryPayer, Role::PriorCarrier, Role::Administrator];

fn order(role: &Role) -> Option<Responsibility> {
    match role {
        Role::PrimaryPayer => Some(Responsibility::Primary),
        Role::SecondaryPayer => Some(Responsibility::Secondary),
        Role::TertiaryPayer => Some(Responsibility::Tertiary),
        _ => None,
    }
}

/// When coverage begins and ends, from a list of dates.
#[derive(Debug, Default)]
struct Period {
    /// All must be over or reached.
    begins: Vec<Date>,
    /// None may be over.
    ends: Vec<Date>,
    /// One of them must hold the day, if there are any: eligibility with gaps comes as several ranges.
    spans: Vec<(Date, Date)>,
    /// A date that decides can't be read.
    unreadable: bool,
}

impl Period {
    fn of(dates: &[Dated]) -> Period {
        let mut period = Period::default();
        for dated in dates.iter().filter(|dated| bounds(dated)) {
            match (&dated.value, &dated.kind) {
                (DateValue::Other { .. }, _) => period.unreadable = true,
                (DateValue::Span(from, to), _) => period.spans.push((*from, *to)),
                (DateValue::Day(day), DateKind::PlanEnd | DateKind::BenefitEnd | DateKind::EligibilityEnd | DateKind::PolicyExpiration) => {
                    period.ends.push(*day)
                }
                (DateValue::Day(day), _) => period.begins.push(*day),
            }
        }
        period
    }

    /// Whether the day lies in it; none when that can't be told.
    fn contains(&self, day: Date) -> Option<bool> {
        let begun = self.begins.iter().all(|begin| *begin <= day);
        let open = self.ends.iter().all(|end| day <= *end);
        let spanned = self.spans.is_empty() || self.spans.iter().any(|(from, to)| (*from..=*to).contains(&day));
        (!self.unreadable).then_some(begun && open && spanned)
    }

    fn has_end(&self) -> bool {
        !self.ends.is_empty() || !self.spans.is_empty()
    }
}

/// Whether a date says when coverage begins or ends. A single day of plan, benefit or eligibility is the one on which it begins.
fn bounds(dated: &Dated) -> bool {
    matches!(
        dated.kind,
        DateKind::Plan
            | DateKind::Benefit
            | DateKind::Eligibility
            | DateKind::PlanBegin
            | DateKind::PlanEnd
            | DateKind::BenefitBegin
            | DateKind::BenefitEnd
            | DateKind::EligibilityBegin
            | DateKind::EligibilityEnd
            | DateKind::PolicyEffective
            | DateKind::PolicyExpiration
    )
}

#[cfg(test)]
mod tests;

//! A claim as a payer takes it in: what it needs to adjudicate and to answer, cleaned of all that X12 can't carry back.

use std::sync::Arc;

use jiff::civil::Date;

use super::config::SimulatorConfig;
use super::draw::Key;
use super::plan::Plan;
use crate::edi::claim_837p::{
    BillingProvider, Claim, EntityName, Frequency, Individual, OtherPayer, ProfessionalClaims, ProviderRole, ReferenceKind, Responsibility,
    ServiceLine, Subscriber,
};
use crate::edi::remittance_835::{CasGroup, Procedure, Quantity};
use crate::edi::{Delimiters, GroupHeader, InterchangeHeader, Party};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// Whence a claim came, and so whither its answers go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// Qualifier and id of the sender: ISA05 and ISA06.
    pub sender: (String, String),
    /// Qualifier and id of the receiver, which is us: ISA07 and ISA08.
    pub receiver: (String, String),
    /// GS02.
    pub application_sender: String,
    /// GS03.
    pub application_receiver: String,
    /// ISA15.
    pub usage: String,
}

impl Route {
    /// The route of a group; without one, that of its interchange.
    #[must_use]
    pub fn new(interchange: &InterchangeHeader, group: Option<&GroupHeader>) -> Route {
        let party = |party: &Party| (carried(&party.qualifier, 2), carried(&party.id, 15));
        Route {
            sender: party(&interchange.sender),
            receiver: party(&interchange.receiver),
            application_sender: carried(group.map_or(&interchange.sender.id, |group| &group.sender), 15),
            application_receiver: carried(group.map_or(&interchange.receiver.id, |group| &group.receiver), 15),
            usage: carried(interchange.usage.as_str(), 1),
        }
    }
}

/// The payer that a claim asks: loop 2010BB.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayerName {
    /// NM109.
    pub id: String,
    /// NM103.
    pub name: String,
}

/// Who is to be paid: loop 2010AA.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Payee {
    /// NM109 under `XX`; none when it is no NPI.
    pub npi: Option<String>,
    /// NM103, or family and given name.
    pub name: String,
    /// NM102 is `1`.
    pub is_person: bool,
    /// REF*EI or REF*SY.
    pub tax_id: Option<String>,
}

/// A patient or subscriber.
#[derive(Clone, Debug)]
pub struct Person {
    /// NM103.
    pub last: Phi<String>,
    /// NM104.
    pub first: Option<Phi<String>>,
    /// NM105.
    pub middle: Option<Phi<String>>,
    /// NM107.
    pub suffix: Option<Phi<String>>,
    /// DMG02.
    pub birth_date: Option<Phi<Date>>,
}

/// A claim as the payer sees it.
#[derive(Clone, Debug)]
pub struct SubmittedClaim {
    /// Whither answers go.
    pub route: Arc<Route>,
    /// Who is asked.
    pub payer: Arc<PayerName>,
    /// Who is paid.
    pub payee: Arc<Payee>,
    /// SBR01: this payer's place in the order of benefits.
    pub responsibility: Responsibility,
    /// SBR09.
    pub filing_indicator: Option<String>,
    /// CLM01.
    pub pcn: String,
    /// CLM02.
    pub charge: Money,
    /// CLM05-1.
    pub place_of_service: String,
    /// CLM05-3.
    pub frequency: Frequency,
    /// REF*F8.
    pub original_icn: Option<String>,
    /// 2010BA NM109.
    pub member_id: Phi<String>,
    /// 2010CA, or 2010BA when the patient is the subscriber.
    pub patient: Person,
    /// 2010BA when the patient is a dependent.
    pub subscriber: Option<Person>,
    /// NM109 of 2310B.
    pub rendering_npi: Option<String>,
    /// Loops 2400.
    pub lines: Vec<SubmittedLine>,
}

/// A line as the payer sees it.
#[derive(Clone, Debug)]
pub struct SubmittedLine {
    /// SV101.
    pub procedure: Procedure,
    /// SV102.
    pub charge: Money,
    /// SV104.
    pub units: Quantity,
    /// DTP*472, first and last day.
    pub dates: Option<(Date, Date)>,
    /// REF*6R.
    pub number: Option<String>,
    /// What the payers before this one did; none when there are none.
    pub prior: Option<Prior>,
}

/// What the payers before this one did to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prior {
    /// What they paid.
    pub paid: Money,
    /// What they left to the family, and so to this payer.
    pub remaining: Money,
}

/// The claims of a transaction set, in its order.
#[must_use]
pub fn claims_of(set: &ProfessionalClaims, route: &Arc<Route>) -> Vec<SubmittedClaim> {
    let mut claims = Vec::new();
    for provider in &set.billing_providers {
        let payee = Arc::new(payee(provider));
        for subscriber in &provider.subscribers {
            let payer = Arc::new(PayerName { id: carried(&subscriber.payer.id.id, 80), name: carried(&subscriber.payer.name, 60) });
            let mut take = |claim: &Claim, patient: &Individual, subscriber_person: Option<&Individual>| {
                claims.push(submitted(claim, subscriber, patient, subscriber_person, route, &payer, &payee));
            };
            subscriber.claims.iter().for_each(|claim| take(claim, &subscriber.person, None));
            for patient in &subscriber.patients {
                patient.claims.iter().for_each(|claim| take(claim, &patient.person, Some(&subscriber.person)));
            }
        }
    }
    claims
}

impl SubmittedClaim {
    /// What the service is to this payer: patient, days and procedures; none of the sender's numbers. The given name tells twins apart.
    #[must_use]
    pub fn key(&self, seed: u64) -> Key {
        let mut parts = vec![
            self.payer.id.clone(),
            self.member_id.reveal().clone(),
            self.patient.first.as_ref().map_or(String::new(), |first| first.reveal().clone()),
            self.patient.birth_date.as_ref().map_or(String::new(), |date| date.reveal().to_string()),
        ];
        for line in &self.lines {
            parts.push(line.dates.map_or(String::new(), |(first, _)| first.to_string()));
            parts.push(line.procedure.code.to_string());
        }
        Key::new(seed, &parts)
    }

    /// The plan that adjudicates the claim: as configured, else Medicaid's for a Medicaid claim, else what the payer's id draws.
    #[must_use]
    pub fn plan(&self, config: &SimulatorConfig) -> Plan {
        match config.plans.get(&self.payer.id) {
            Some(plan) => plan.clone(),
            None if self.filing_indicator.as_deref() == Some("MC") => Plan::medicaid(),
            None => Plan::commercial(&Key::new(config.seed, [&self.payer.id])),
        }
    }

    /// The first and the last day of service.
    #[must_use]
    pub fn service_dates(&self) -> Option<(Date, Date)> {
        let first = self.lines.iter().filter_map(|line| line.dates).map(|(first, _)| first).min()?;
        let last = self.lines.iter().filter_map(|line| line.dates).map(|(_, last)| last).max()?;
        Some((first, last))
    }
}

fn payee(provider: &BillingProvider) -> Payee {
    let (name, is_person) = match &provider.name {
        EntityName::Organization(name) => (carried(name, 60), false),
        EntityName::Person(person) => {
            let first = person.first.as_ref().map_or("", Phi::as_str);
            (carried(&format!("{} {first}", person.last.reveal()), 60), true)
        }
    };
    let npi = provider.id.as_ref().and_then(|id| id.npi()).map(|npi| npi.to_string());
    Payee { npi, name, is_person, tax_id: provider.tax_id.as_ref().map(|id| carried(id.id.as_str(), 50)) }
}

fn submitted(
    claim: &Claim,
    coverage: &Subscriber,
    patient: &Individual,
    subscriber: Option<&Individual>,
    route: &Arc<Route>,
    payer: &Arc<PayerName>,
    payee: &Arc<Payee>,
) -> SubmittedClaim {
    let member_id = coverage.person.id.as_ref().map_or(String::new(), |id| carried(id.id.as_str(), 80));
    let rendering = claim.provider(&ProviderRole::Rendering).and_then(|p| p.id.as_ref());
    SubmittedClaim {
        route: Arc::clone(route),
        payer: Arc::clone(payer),
        payee: Arc::clone(payee),
        responsibility: coverage.responsibility.clone(),
        filing_indicator: coverage.filing_indicator.as_deref().map(|code| carried(code, 2)),
        pcn: carried(&claim.id, 38),
        charge: claim.charge,
        place_of_service: carried(&claim.place_of_service, 2),
        frequency: claim.frequency.clone(),
        original_icn: claim.reference(&ReferenceKind::PayerClaimNumber).map(|icn| carried(icn, 50)),
        member_id: Phi::new(member_id),
        patient: person(patient),
        subscriber: subscriber.map(person),
        rendering_npi: rendering.and_then(|id| id.npi()).map(|npi| npi.to_string()),
        lines: claim.lines.iter().map(|line| submitted_line(claim, line)).collect(),
    }
}

fn person(individual: &Individual) -> Person {
    let text = |value: &Option<Phi<String>>, max| value.as_ref().map(|v| Phi::new(carried(v.as_str(), max)));
    let birth_date = individual.birth_date.clone();
    match &individual.name {
        EntityName::Person(name) => Person {
            last: Phi::new(carried(name.last.as_str(), 60)),
            first: text(&name.first, 35),
            middle: text(&name.middle, 25),
            suffix: text(&name.suffix, 10),
            birth_date,
        },
        EntityName::Organization(name) => Person { last: Phi::new(carried(name, 60)), first: None, middle: None, suffix: None, birth_date },
    }
}

fn submitted_line(claim: &Claim, line: &ServiceLine) -> SubmittedLine {
    let Procedure { qualifier, code, modifiers, .. } = &line.procedure;
    SubmittedLine {
        procedure: Procedure {
            qualifier: carried(qualifier, 2).into(),
            code: carried(code, 48).into(),
            modifiers: modifiers.iter().map(|modifier| carried(modifier, 2).into()).collect(),
            description: None,
        },
        charge: line.charge,
        units: line.quantity,
        dates: line.service_date.as_ref().and_then(|date| Some((date.first()?, date.last()?))),
        number: line.reference(&ReferenceKind::LineControl).map(|number| carried(number, 50)),
        prior: prior(claim, line),
    }
}

/// Adds up loops 2430 of a line; where a payer has none, its part of loop 2320 by charge (domain.md 1.8). What remains is what the last of
/// them left.
fn prior(claim: &Claim, line: &ServiceLine) -> Option<Prior> {
    let billed = claim.other_payers.iter().filter(|payer| payer.non_covered.is_none() && payer.paid.is_some());
    let each: Vec<Prior> = billed.map(|payer| prior_of(claim, line, payer)).collect();
    let paid = each.iter().map(|prior| prior.paid).sum::<Money>().min(line.charge);
    let remaining = each.last()?.remaining.min(line.charge - paid).max(Money::ZERO);
    Some(Prior { paid, remaining })
}

fn prior_of(claim: &Claim, line: &ServiceLine, payer: &OtherPayer) -> Prior {
    let of_payer = || line.adjudications.iter().filter(|a| a.payer_id == payer.payer.id.id);
    if of_payer().next().is_none() {
        let part = |amount: Money| share(amount, claim, line);
        let paid = part(payer.paid.unwrap_or_default());
        let borne = payer.adjustments.iter().filter(|a| a.group != CasGroup::PR).map(|a| a.amount).sum();
        return Prior { paid, remaining: payer.remaining.map_or_else(|| line.charge - paid - part(borne), part) };
    }
    let left = of_payer().flat_map(|a| &a.adjustments).filter(|a| a.group == CasGroup::PR).map(|a| a.amount).sum();
    let stated = of_payer().filter_map(|a| a.remaining).reduce(|a, b| a + b);
    Prior { paid: of_payer().map(|a| a.paid).sum(), remaining: stated.unwrap_or(left) }
}

/// A line's part of an amount of its claim, by charge.
fn share(amount: Money, claim: &Claim, line: &ServiceLine) -> Money {
    let charges: Vec<Money> = claim.lines.iter().map(|line| line.charge.max(Money::ZERO)).collect();
    let parts = amount.split(&charges);
    claim.lines.iter().position(|other| std::ptr::eq(other, line)).and_then(|at| parts.get(at)).copied().unwrap_or_default()
}

/// A text of at most `max` characters of which every one can be written again under our own delimiters.
pub(super) fn carried(text: &str, max: usize) -> String {
    let delimiters = Delimiters::default();
    let kept = |c: char| if c.is_ascii_graphic() && !u8::try_from(c).is_ok_and(|b| delimiters.contains(b)) { c } else { ' ' };
    text.trim().chars().map(kept).take(max).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::clearinghouse::simulator::tests::samples::{batch, money, visit};
    use crate::edi::claim_837p::{
        Adjustment, BenefitsAssignment, Identifier, LineAdjudication, Payer, Relationship, ReleaseOfInformation, Responsibility,
    };

    /// A claim of 200 and 100, and what an earlier payer says of it as a whole.
    fn shared(paid: &str, remaining: Option<&str>, adjustments: Vec<Adjustment>) -> Claim {
        let mut claim = batch(1, &[visit(1)]).billing_providers.remove(0).subscribers.remove(0).claims.remove(0);
        claim.lines.truncate(2);
        claim.lines[0].charge = money("200");
        claim.lines[1].charge = money("100");
        let payer = Payer { name: "FIRST".into(), id: Identifier::new("PI", "00900".into()), address: None, references: Vec::new() };
        claim.other_payers.push(OtherPayer {
            responsibility: Responsibility::Primary,
            relationship: Relationship::Child,
            group_number: None,
            group_name: None,
            insurance_type: None,
            filing_indicator: None,
            adjustments,
            paid: Some(money(paid)),
            non_covered: None,
            remaining: remaining.map(money),
            benefits_assignment: BenefitsAssignment::Yes,
            signed_for_patient: false,
            release: ReleaseOfInformation::Yes,
            remarks: None,
            subscriber: visit(2).subscriber().person,
            payer,
            adjudicated: None,
            providers: Vec::new(),
        });
        claim
    }

    fn adjustment(group: CasGroup, reason: &str, amount: &str) -> Adjustment {
        Adjustment { group, reason: reason.into(), amount: money(amount), quantity: None }
    }

    fn of_line(paid: &str, adjustments: Vec<Adjustment>, remaining: Option<&str>) -> LineAdjudication {
        LineAdjudication {
            payer_id: "00900".into(),
            paid: money(paid),
            procedure: Procedure::default(),
            units: Quantity::ONE,
            bundled_into: None,
            adjustments,
            adjudicated: None,
            remaining: remaining.map(money),
        }
    }

    #[test]
    fn what_remains_of_a_line_is_what_the_earlier_payer_left_to_the_family() {
        let mut claim = shared("140", None, Vec::new());
        let shares = vec![adjustment(CasGroup::CO, "45", "60"), adjustment(CasGroup::PR, "2", "60")];
        claim.lines[0].adjudications.push(of_line("80", shares, None));
        claim.lines[1].adjudications.push(of_line("60", vec![adjustment(CasGroup::CO, "45", "40")], Some("15")));
        let priors: Vec<_> = claim.lines.iter().map(|line| prior(&claim, line)).collect();
        assert_eq!(priors[0], Some(Prior { paid: money("80"), remaining: money("60") }));
        assert_eq!(priors[1], Some(Prior { paid: money("60"), remaining: money("15") }));
    }

    #[test]
    fn what_stands_at_the_claim_is_shared_by_charge() {
        let claim = shared("150", None, vec![adjustment(CasGroup::CO, "45", "90"), adjustment(CasGroup::PR, "1", "60")]);
        let priors: Vec<_> = claim.lines.iter().map(|line| prior(&claim, line).unwrap()).collect();
        assert_eq!(priors[0], Prior { paid: money("100"), remaining: money("40") });
        assert_eq!(priors[1], Prior { paid: money("50"), remaining: money("20") });
        let stated = shared("150", Some("30"), Vec::new());
        assert_eq!(prior(&stated, &stated.lines[0]).unwrap().remaining, money("20"));
    }

    #[test]
    fn a_payer_that_was_never_billed_left_everything() {
        let mut claim = shared("0", None, Vec::new());
        claim.other_payers[0].paid = None;
        claim.other_payers[0].non_covered = Some(money("300"));
        assert_eq!(prior(&claim, &claim.lines[0]), None);
    }

    #[test]
    fn what_can_not_be_written_again_becomes_a_space() {
        assert_eq!(carried("A*B~C:D^E", 50), "A B C D E");
        assert_eq!(carried(" PEÑA ", 50), "PE A");
        assert_eq!(carried("c26-0001/R_1", 50), "c26-0001/R_1");
        assert_eq!(carried("ABCDEF", 3), "ABC");
    }
}

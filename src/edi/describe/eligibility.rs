//! A 271: what a payer says of a child's coverage, one statement a row, and why it says nothing where it doesn't (domain.md 3.3).

use super::parts::{cell, list, money};
use super::words::{self, List};
use super::{Describer, Section, Table, Tone};
use crate::edi::TransactionSet;
use crate::edi::eligibility::{
    Benefit, Circumstance, Delivery, EligibilityResponse, Member, Rejection, ResponseMember, ResponseReceiver, ResponseSource, read_271,
    reason,
};
use crate::edi::inquiry::{Dated, Family, Party, Reference};
use crate::edi::mask::class::is_of_people;
use crate::platform::phi::Phi;

/// Columns that many answers leave empty; they go where they are.
const RARE: &[&str] =
    &["whom", "kind", "plan", "period", "amount", "patient's share", "quantity", "network", "authorization", "procedure", "for"];

impl Describer<'_> {
    pub(super) fn eligibility(&self, set: &TransactionSet) -> Section {
        let (answer, findings) = read_271(set);
        let EligibilityResponse { heading, sources, .. } = answer;
        let mut section =
            Section::new(format!("Eligibility answer {}: {}", heading.control_number, heading.reference)).at(set.first_segment());
        section.fact("created", heading.created.map_or_else(String::new, words::minute));
        self.doubts(&findings, &mut section);
        section.parts = sources.iter().map(|source| self.eligibility_source(source)).collect();
        section
    }

    fn eligibility_source(&self, source: &ResponseSource) -> Section {
        let mut section = Section::new(format!("Payer {}", self.open_party(&source.payer))).at(source.segment);
        self.party_facts(&source.payer, &mut section);
        rejected(source.unanswered.iter().chain(&source.rejections), &mut section);
        for receiver in &source.receivers {
            section.parts.push(self.eligibility_receiver(receiver));
        }
        section
    }

    fn eligibility_receiver(&self, receiver: &ResponseReceiver) -> Section {
        let mut section = Section::new(format!("Asked by {}", self.open_party(&receiver.provider))).at(receiver.segment);
        self.party_facts(&receiver.provider, &mut section);
        rejected(&receiver.rejections, &mut section);
        for Family { subscriber, dependents } in &receiver.families {
            section.parts.push(self.answered_member("Subscriber", subscriber));
            section.parts.extend(dependents.iter().map(|dependent| self.answered_member("Dependent", dependent)));
        }
        section
    }

    /// A payer or provider: its number is public.
    pub(super) fn open_party(&self, party: &Party) -> String {
        self.named(&party.name, party.id.as_ref())
    }

    pub(super) fn party_facts<T>(&self, party: &Party<T>, section: &mut Section) {
        section.fact("address", self.address(party.address.as_ref()));
        self.inquiry_references(&party.references, section);
        for contact in &party.contacts {
            section.fact("contact", self.contact(contact));
        }
        let specialty = party.specialty.as_ref().and_then(|specialty| specialty.id.as_ref());
        section.fact("specialty", specialty.map_or_else(String::new, |id| id.id.clone()));
    }

    pub(super) fn inquiry_references(&self, references: &[Reference], section: &mut Section) {
        for reference in references {
            let (kind, text) = self.reference(&reference.qualifier, reference.id.as_str());
            section.fact(kind, list([text, self.opt_phi(reference.description.as_ref())]));
        }
    }

    /// A person of an inquiry, masked.
    pub(super) fn masked_party(&self, party: &Party<Phi<String>>) -> String {
        let name = if is_of_people(party.role.as_str()) { self.name_of_person(&party.name) } else { self.name(&party.name) };
        list([name, self.masked_id(party.id.as_ref())])
    }

    fn answered_member(&self, what: &str, answered: &ResponseMember) -> Section {
        let Member { segment, traces, person, birth_date, sex, insured, diagnoses, dates } = &answered.member;
        let mut section = Section::new(format!("{what} {}", self.masked_party(person))).at(*segment);
        section.fact("born", self.opt_phi(birth_date.as_ref()));
        section.fact("sex", cell(sex.as_ref().map(|sex| sex.as_str())));
        section.fact("traces", list(traces.iter().map(|trace| &trace.number)));
        if let Some(insured) = insured {
            section.fact("relationship", List::Relationship.say(insured.relation.as_str()));
            section.fact("birth order", cell(insured.birth_order));
            if insured.record_differs() {
                section.remark(Tone::Bad, "the payer's record differs from what was asked: correct it before billing");
            }
        }
        section.fact("diagnoses", list(diagnoses.iter().map(|diagnosis| &diagnosis.code)));
        self.party_facts(person, &mut section);
        for dated in dates {
            section.fact(List::Date.say(dated.kind.as_str()), words::date_value(&dated.value));
        }
        rejected(&answered.rejections, &mut section);
        let headings = [
            "row",
            "what",
            "whom",
            "kind",
            "plan",
            "period",
            ">amount",
            ">patient's share",
            ">quantity",
            "network",
            "authorization",
            "procedure",
            "for",
        ];
        let mut table = Table::new(&headings);
        for (row, benefit) in (1..).zip(&answered.benefits) {
            table.row(benefit_cells(row, benefit));
        }
        section.table(table.without_empty(RARE));
        for (row, benefit) in (1..).zip(&answered.benefits) {
            let notes = self.benefit_notes(benefit);
            if !notes.is_empty() {
                section.remark(Tone::Plain, format!("row {row}: {notes}"));
            }
            rejected(&benefit.rejections, &mut section);
        }
        section
    }

    /// What the columns have no room for.
    fn benefit_notes(&self, benefit: &Benefit) -> String {
        let dates = benefit.dates.iter().map(dated);
        let numbers = benefit.references.iter().map(|reference| {
            let (kind, text) = self.reference(&reference.qualifier, reference.id.as_str());
            list([format!("{kind} {text}"), self.opt_phi(reference.description.as_ref())])
        });
        let deliveries = benefit.deliveries.iter().map(delivery);
        let circumstances = benefit.circumstances.iter().map(|circumstance| self.circumstance(circumstance));
        let related = benefit.related.iter().map(|party| {
            let contacts = party.contacts.iter().map(|contact| self.contact(contact));
            let known =
                [format!("{} {}", List::Role.say(party.role.as_str()), self.masked_party(party)), self.address(party.address.as_ref())];
            list(known.into_iter().chain(contacts))
        });
        let messages = benefit.messages.iter().map(|message| self.phi(message));
        list(dates.chain(numbers).chain(deliveries).chain(circumstances).chain(related).chain(messages))
    }

    fn circumstance(&self, circumstance: &Circumstance) -> String {
        let code = circumstance.code.as_deref().unwrap_or_default();
        let place = circumstance.list.as_deref() == Some("ZZ");
        list([
            if place { format!("at place {}", self.meant(super::CodeList::Place, code)) } else { code.to_owned() },
            self.opt_phi(circumstance.text.as_ref()),
        ])
    }
}

/// Says why there is no answer, and what to do.
fn rejected<'a>(rejections: impl IntoIterator<Item = &'a Rejection>, section: &mut Section) {
    for rejection in rejections {
        let known = reason(&rejection.reason);
        let says = known.map_or_else(|| rejection.reason.to_string(), |known| format!("{} ({})", rejection.reason, known.words));
        let remedy = known.map_or("", |known| known.remedy.words());
        section.remark(Tone::Bad, format!("no answer: {says}. {remedy}").trim_end().to_owned());
    }
}

fn benefit_cells(row: usize, benefit: &Benefit) -> Vec<String> {
    let say = |list: List, code: Option<&str>| code.map_or_else(String::new, |code| list.say(code).to_owned());
    let answer = |answer: Option<&str>, yes: &str, no: &str| match answer {
        Some("Y") => yes.to_owned(),
        Some("N") => no.to_owned(),
        Some("W") => "does not matter".to_owned(),
        other => other.unwrap_or_default().to_owned(),
    };
    let quantity = benefit.quantity.map_or_else(String::new, |quantity| {
        format!("{quantity} {}", say(List::Quantity, benefit.quantity_kind.as_ref().map(|kind| kind.as_str())))
    });
    vec![
        row.to_string(),
        say(List::Benefit, Some(benefit.information.as_str())),
        say(List::CoverageLevel, benefit.coverage_level.as_ref().map(|level| level.as_str())),
        say(List::InsuranceType, benefit.insurance_type.as_ref().map(|kind| kind.as_str())),
        cell(benefit.plan.as_ref()),
        say(List::TimePeriod, benefit.period.as_ref().map(|period| period.as_str())),
        money(benefit.amount),
        benefit
            .percent
            .map_or_else(String::new, |share| format!("{} %", (share.fraction() * rust_decimal::Decimal::ONE_HUNDRED).normalize())),
        quantity.trim_end().to_owned(),
        answer(benefit.in_network.as_ref().map(|a| a.as_str()), "in network", "out of network"),
        answer(benefit.authorization.as_ref().map(|a| a.as_str()), "needed", "not needed"),
        benefit.procedure.as_ref().map_or_else(String::new, |range| {
            let through = range.through.as_ref().map_or_else(String::new, |last| format!(" to {last}"));
            format!("{}{through}", words::procedure(&range.procedure))
        }),
        list(benefit.service_types.iter().map(|kind| List::ServiceType.say(kind.as_str()))),
    ]
}

pub(super) fn dated(dated: &Dated) -> String {
    format!("{} {}", List::Date.say(dated.kind.as_str()), words::date_value(&dated.value))
}

/// `2 visits, once in 1 MO`.
fn delivery(delivery: &Delivery) -> String {
    let quantity = delivery.quantity.map_or_else(String::new, |quantity| {
        format!("{quantity} {}", delivery.quantity_kind.as_ref().map_or("", |kind| List::Quantity.say(kind.as_str())))
    });
    let unit = delivery.unit.as_deref().unwrap_or_default();
    let every = delivery.every.map_or_else(String::new, |every| format!("every {every} {unit}"));
    let period = delivery.period.as_ref().map_or_else(String::new, |period| List::TimePeriod.say(period.as_str()).to_owned());
    let periods = delivery.periods.map_or_else(String::new, |count| format!("{count} times"));
    list([quantity, every, period, periods, cell(delivery.days.as_ref()), cell(delivery.time_of_day.as_ref())])
}

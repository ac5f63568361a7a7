//! What a practice wants to know becomes a 270: children of one payer and provider share its levels, those of one subscriber too.

use jiff::civil::Date;

use super::codes::{Relation, ServiceType};
use super::member::{Insured, Member};
use super::request::{BenefitInquiry, EligibilityRequest, RequestMember, RequestReceiver};
use crate::edi::claim_837p::{DateValue, Identifier};
use crate::edi::inquiry::{DateKind, Dated, Family, Heading, Party, Role, Source, Trace};
use crate::platform::phi::Phi;

/// One question: is this child covered on a day?
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Who is asked.
    pub payer: Party,
    /// Who asks, by NPI.
    pub provider: Party,
    /// Our number, to find the answer by.
    pub trace: Trace,
    /// The child, or the parent by whom the payer knows the child (domain.md 1.4).
    pub subscriber: Member,
    /// The child, when not the subscriber.
    pub dependent: Option<Member>,
    /// The date of service.
    pub on: Date,
    /// What is asked about: `30` the plan, and the services that the payer answers for.
    pub service_types: Vec<ServiceType>,
}

impl Question {
    /// The child.
    #[must_use]
    pub fn child(&self) -> &Member {
        self.dependent.as_ref().unwrap_or(&self.subscriber)
    }

    /// The same question about the child as a dependent of a parent: what to ask when the child was not found as the subscriber.
    #[must_use]
    pub fn as_dependent_of(&self, parent: Member) -> Question {
        let mut child = self.child().clone();
        (child.person.role, child.person.id) = (Role::Dependent, None);
        child.insured = Some(Insured { birth_order: birth_order(&child), ..Insured::new(Relation::Child) });
        Question { subscriber: parent, dependent: Some(child), ..self.clone() }
    }

    /// The same question about the child as the subscriber, by an own member id: what to ask when the child was not found as a dependent.
    #[must_use]
    pub fn as_subscriber(&self, member_id: &str) -> Question {
        let mut child = self.child().clone();
        (child.person.role, child.person.id) = (Role::Insured, Some(Identifier::new("MI", Phi::from(member_id))));
        child.insured = birth_order(&child).map(|order| Insured { birth_order: Some(order), ..Insured::new(Relation::SelfSubscriber) });
        Question { subscriber: child, dependent: None, ..self.clone() }
    }

    fn asked(&self) -> RequestMember {
        let mut member = self.child().clone();
        member.traces = vec![self.trace.clone()];
        member.dates = vec![Dated { kind: DateKind::Plan, value: DateValue::Day(self.on) }];
        let inquiry = BenefitInquiry { service_types: self.service_types.clone(), ..BenefitInquiry::default() };
        RequestMember { member, inquiries: vec![inquiry] }
    }
}

fn birth_order(member: &Member) -> Option<u8> {
    member.insured.as_ref().and_then(|insured| insured.birth_order)
}

impl EligibilityRequest {
    /// A 270 with these questions, in their order. Payers and providers that follow each other share a level, and so do the dependents
    /// of one subscriber.
    #[must_use]
    pub fn of(heading: Heading, questions: &[Question]) -> EligibilityRequest {
        let receivers = |questions: &[Question]| {
            let of_one = |questions: &[Question]| RequestReceiver {
                segment: 0,
                provider: questions[0].provider.clone(),
                families: questions.chunk_by(is_same_family).map(family).collect(),
            };
            questions.chunk_by(|a, b| a.provider == b.provider).map(of_one).collect()
        };
        let source = |questions: &[Question]| Source { segment: 0, payer: questions[0].payer.clone(), receivers: receivers(questions) };
        let sources = questions.chunk_by(|a, b| a.payer == b.payer).map(source).collect();
        EligibilityRequest { heading, sources, unread: Vec::new() }
    }
}

fn is_same_family(a: &Question, b: &Question) -> bool {
    a.subscriber == b.subscriber && a.dependent.is_some() && b.dependent.is_some()
}

/// The subscriber of questions that share one.
fn family(questions: &[Question]) -> Family<RequestMember> {
    let first = &questions[0];
    let of_subscriber = RequestMember { member: first.subscriber.clone(), inquiries: Vec::new() };
    Family {
        subscriber: if first.dependent.is_some() { of_subscriber } else { first.asked() },
        dependents: questions.iter().filter(|question| question.dependent.is_some()).map(Question::asked).collect(),
    }
}

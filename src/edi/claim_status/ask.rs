//! Claims without an answer become a 276: those of one payer, sender and provider share its levels, those of one subscriber too.

use super::request::{ClaimInquiry, Patient, RequestPatient, RequestProvider, RequestReceiver, StatusRequest};
use crate::edi::inquiry::{Family, Heading, Party, Source};

/// One question: where does this claim stand?
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Who is asked.
    pub payer: Party,
    /// Who sends the question.
    pub submitter: Party,
    /// Who billed, by NPI.
    pub provider: Party,
    /// The child, or the parent by whom the payer knows the child, as on the claim (domain.md 1.4).
    pub subscriber: Patient,
    /// The child, when not the subscriber.
    pub dependent: Option<Patient>,
    /// The claim.
    pub claim: ClaimInquiry,
}

impl StatusRequest {
    /// A 276 with these questions, in their order. Those that follow each other share what they have in common.
    #[must_use]
    pub fn of(heading: Heading, questions: &[Question]) -> StatusRequest {
        let provider = |questions: &[Question]| RequestProvider {
            segment: 0,
            provider: questions[0].provider.clone(),
            families: questions.chunk_by(|a, b| a.subscriber == b.subscriber).map(family).collect(),
        };
        let receiver = |questions: &[Question]| RequestReceiver {
            segment: 0,
            submitter: questions[0].submitter.clone(),
            providers: questions.chunk_by(|a, b| a.provider == b.provider).map(provider).collect(),
        };
        let source = |questions: &[Question]| Source {
            segment: 0,
            payer: questions[0].payer.clone(),
            receivers: questions.chunk_by(|a, b| a.submitter == b.submitter).map(receiver).collect(),
        };
        let sources = questions.chunk_by(|a, b| a.payer == b.payer).map(source).collect();
        StatusRequest { heading, sources, unread: Vec::new() }
    }
}

/// The subscriber of questions that share one, with own claims and those of dependents.
fn family(questions: &[Question]) -> Family<RequestPatient> {
    let claims = |questions: &mut dyn Iterator<Item = &Question>| questions.map(|question| question.claim.clone()).collect();
    let (of_dependents, own): (Vec<&Question>, Vec<&Question>) = questions.iter().partition(|question| question.dependent.is_some());
    let dependent = |questions: &[&Question]| {
        let patient = questions[0].dependent.clone()?;
        Some(RequestPatient { patient, claims: claims(&mut questions.iter().copied()) })
    };
    Family {
        subscriber: RequestPatient { patient: questions[0].subscriber.clone(), claims: claims(&mut own.into_iter()) },
        dependents: of_dependents.chunk_by(|a, b| a.dependent == b.dependent).filter_map(dependent).collect(),
    }
}

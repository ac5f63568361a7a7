//! What a status means: how far a claim is, and what to do (domain.md 3.4).

use serde::{Deserialize, Serialize};

use super::response::{ClaimStatus, LineStatus, Refusal, Status};

/// How far a claim is, by the category of its status; from what needs nobody to what needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// F1: paid.
    Paid,
    /// F4: decided, and nothing will be paid: all of it is the patient's, or nothing was asked for.
    NoPayment,
    /// F0: decided; what was decided stands in the remittance.
    Finalized,
    /// F3, F3F, F3N: decided, and revised or passed on to another payer.
    Revised,
    /// A0, A1, A2, A5: received, passed on, accepted or split.
    Acknowledged,
    /// P0 to P5: being worked on.
    Pending,
    /// F2: denied.
    Denied,
    /// A3, A6, A7, A8: refused before it was decided.
    Rejected,
    /// R0 and more: the payer waits for something from the practice.
    InformationWanted,
    /// D0, A4: the payer has no such claim.
    NotFound,
    /// E1, E2: the payer's system could not answer.
    Unavailable,
    /// E0, E3, E4: the question itself is at fault.
    QuestionAtFault,
    /// A category that is not listed.
    Unknown,
}

impl Outcome {
    /// Of a category (STC01-1).
    #[must_use]
    pub fn of(category: &str) -> Outcome {
        match category {
            "F0" => Outcome::Finalized,
            "F1" => Outcome::Paid,
            "F2" => Outcome::Denied,
            "F3" | "F3F" | "F3N" => Outcome::Revised,
            "F4" => Outcome::NoPayment,
            "A0" | "A1" | "A2" | "A5" => Outcome::Acknowledged,
            "A3" | "A6" | "A7" | "A8" => Outcome::Rejected,
            "D0" | "A4" => Outcome::NotFound,
            "E1" | "E2" => Outcome::Unavailable,
            "E0" | "E3" | "E4" => Outcome::QuestionAtFault,
            _ if numbered(category, "P") => Outcome::Pending,
            _ if numbered(category, "R") => Outcome::InformationWanted,
            _ => Outcome::Unknown,
        }
    }

    /// Whether the payer has decided: a remittance was sent or will be.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Outcome::Paid | Outcome::NoPayment | Outcome::Finalized | Outcome::Revised | Outcome::Denied)
    }

    /// What to do, as a sentence for the work list.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Outcome::Paid | Outcome::NoPayment | Outcome::Finalized => "The payer has decided: look for the remittance.",
            Outcome::Revised => "The payer has decided and revised or forwarded the claim: look for the remittance.",
            Outcome::Acknowledged | Outcome::Pending => "The payer is working on it: ask again later.",
            Outcome::Denied => "Denied: look for the remittance and its reasons.",
            Outcome::Rejected => "Refused before it was decided: correct the claim and send it again.",
            Outcome::InformationWanted => "The payer waits for records or answers from the practice: send them.",
            Outcome::NotFound => "The payer has no such claim: check the numbers, then whether the claim was lost on its way.",
            Outcome::Unavailable => "The payer's system could not answer: ask again later.",
            Outcome::QuestionAtFault => "The payer could not use the question: check provider, patient and claim numbers in it.",
            Outcome::Unknown => "The payer's status is not known here: call the payer.",
        }
    }
}

fn numbered(category: &str, letter: &str) -> bool {
    category.strip_prefix(letter).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Status {
    /// What it says: the first code decides, the others explain.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.codes.first().map_or(Outcome::Unknown, |code| Outcome::of(&code.category))
    }
}

/// The outcome that needs a person most; none when there is no status.
fn gravest(statuses: &[Status]) -> Option<Outcome> {
    statuses.iter().map(Status::outcome).max()
}

impl ClaimStatus {
    /// How the claim stands. Its lines may stand otherwise.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        gravest(&self.statuses).unwrap_or(Outcome::Unknown)
    }
}

impl LineStatus {
    /// How the line stands; none when the payer says nothing of it.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        gravest(&self.statuses)
    }
}

impl Refusal {
    /// Why there is no answer.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        gravest(&self.statuses).unwrap_or(Outcome::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{CLAIM_NOT_FOUND, DENIED, PAID, PAYER_UNAVAILABLE, PENDING, PROVIDER_NOT_KNOWN, response};
    use super::*;

    #[test]
    fn each_category_of_the_specification_has_its_outcome() {
        let of = |categories: &[&str]| categories.iter().map(|category| Outcome::of(category)).collect::<Vec<_>>();
        assert_eq!(of(&["P0", "P1", "P2", "P3", "P4", "P5"]), [Outcome::Pending; 6]);
        let finals = [Outcome::Finalized, Outcome::Paid, Outcome::Denied, Outcome::Revised, Outcome::NoPayment];
        assert_eq!(of(&["F0", "F1", "F2", "F3", "F4"]), finals);
        assert!(finals.iter().all(|outcome| outcome.is_final()) && !Outcome::Pending.is_final());
        assert_eq!(of(&["A3", "A6", "A7", "A8"]), [Outcome::Rejected; 4]);
        assert_eq!(
            of(&["R0", "R17", "D0", "E1"]),
            [Outcome::InformationWanted, Outcome::InformationWanted, Outcome::NotFound, Outcome::Unavailable]
        );
        assert_eq!(of(&["", "P", "RX", "Z1"]), [Outcome::Unknown; 4]);
    }

    #[test]
    fn each_sample_says_how_its_claim_stands() {
        let of = |file| response(file).claims().map(ClaimStatus::outcome).collect::<Vec<_>>();
        assert_eq!(of(PAID), [Outcome::Paid]);
        assert_eq!(of(DENIED), [Outcome::Denied]);
        assert_eq!(of(PENDING), [Outcome::InformationWanted]);
        assert_eq!(of(CLAIM_NOT_FOUND), [Outcome::NotFound]);
    }

    #[test]
    fn a_line_of_a_paid_claim_may_be_denied() {
        let paid = response(PAID);
        let lines: Vec<_> = paid.claims().flat_map(|claim| &claim.lines).map(|line| line.outcome()).collect();
        assert_eq!(lines, [Some(Outcome::Paid), Some(Outcome::Denied)]);
    }

    #[test]
    fn a_refused_question_has_no_claims_and_a_reason() {
        let of = |file| response(file).refusals().map(Refusal::outcome).collect::<Vec<_>>();
        assert_eq!((of(PAYER_UNAVAILABLE), response(PAYER_UNAVAILABLE).claims().count()), (vec![Outcome::Unavailable], 0));
        assert_eq!((of(PROVIDER_NOT_KNOWN), response(PROVIDER_NOT_KNOWN).claims().count()), (vec![Outcome::QuestionAtFault], 0));
        assert_eq!(of(PAID), []);
    }
}

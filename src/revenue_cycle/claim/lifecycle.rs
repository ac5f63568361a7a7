//! The life of a claim: one total table, state × event → the next state, refused, or ignored with an alert (domain.md 3.5).
//!
//! A claim is for one payer and ends adjudicated, replaced or voided. What remains to be collected of the visit is the ledger's story.

coded! {
    /// Where a claim stands.
    ClaimState {
        /// Built, not yet scrubbed.
        Draft = "draft",
        /// Edits found errors: nothing is sent before they are mended.
        ScrubFailed = "scrub_failed",
        /// Kept back on purpose: warnings that nobody has overridden, or a person's hold.
        Held = "held",
        /// May be batched.
        Ready = "ready",
        /// In an interchange, snapshot taken, not yet sent.
        Batched = "batched",
        /// Handed to the clearinghouse.
        Transmitted = "transmitted",
        /// The partner could not be asked whether an interrupted transmission arrived.
        SubmissionUnknown = "submission_unknown",
        /// The 999 accepted its transaction set.
        Accepted999 = "accepted_999",
        /// The 999 named it as faulty.
        RejectedSyntax = "rejected_syntax",
        /// A 277CA says it arrived; no more.
        AckReceived = "ack_received",
        /// The clearinghouse accepted it.
        AcceptedClearinghouse = "accepted_ch",
        /// The payer took it into adjudication.
        AcceptedPayer = "accepted_payer",
        /// A 277CA rejected it: it was never adjudicated.
        RejectedClaim = "rejected_claim",
        /// Paid in full as adjudicated: no line denied.
        Paid = "paid",
        /// Paid, with a line denied.
        PartiallyPaid = "partially_paid",
        /// Adjudicated, nothing paid, all left to the patient.
        ZeroPaidPatient = "zero_paid_pr",
        /// Adjudicated, nothing paid, denied.
        Denied = "denied",
        /// The payer took its adjudication back and has sent no other.
        AdjudicationReversed = "adjudication_reversed",
        /// A later version took its place.
        Replaced = "replaced",
        /// Taken back by us.
        Voided = "voided",
    }
}

coded! {
    /// What happens to a claim.
    ClaimEvent {
        /// Every edit passed.
        ScrubClean = "scrub_clean",
        /// Warnings only.
        ScrubWarned = "scrub_warned",
        /// At least one error.
        ScrubErrors = "scrub_errors",
        /// A person releases a hold.
        Released = "released",
        /// Mended after a rejection: a new version goes out in its place.
        Resent = "resent",
        /// Put into an interchange.
        Batched = "batched",
        /// Handed to the clearinghouse.
        Transmitted = "transmitted",
        /// Whether it was handed over can't be found out.
        TransmissionUnknown = "transmission_unknown",
        /// TA1 R, or a 999 that rejects without naming a fault: the interchange never happened, the claim is not at fault.
        NeverHappened = "never_happened",
        /// 999: its set accepted.
        SetAccepted = "set_accepted",
        /// 999: rejected, and this claim is the cause (or no cause was named).
        SyntaxRejected = "syntax_rejected",
        /// 277CA A0, A1.
        Received = "received",
        /// 277CA A2 or A5 from a clearinghouse.
        AcceptedByClearinghouse = "accepted_by_clearinghouse",
        /// 277CA A2 or A5 from the payer.
        AcceptedByPayer = "accepted_by_payer",
        /// 277CA A3, A6, A7, A8, or action U.
        Rejected = "rejected",
        /// 835: money, no line denied.
        Paid = "paid",
        /// 835: money, a line denied.
        PaidPartly = "paid_partly",
        /// 835: no money, all left to the patient or to the contract.
        PaidNothingPatient = "paid_nothing_patient",
        /// 835: no money, denied.
        Denied = "denied",
        /// 835: reversed, no correction with it.
        Reversed = "reversed",
        /// The replacement was accepted by the payer.
        ReplacementAccepted = "replacement_accepted",
        /// The void was confirmed by a reversal.
        VoidConfirmed = "void_confirmed",
    }
}

/// What an event does to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The claim moves; the same state again means that the event is noted and nothing else changes.
    To(ClaimState),
    /// It makes no sense here and comes from us: a fault of the caller, nothing changes.
    Refused,
    /// It makes no sense here and comes from a partner: nothing changes, a person is told.
    IgnoredWithAlert,
}

/// The table itself.
#[must_use]
pub fn step(state: ClaimState, event: ClaimEvent) -> Step {
    use ClaimEvent as E;
    use ClaimState as S;
    match event {
        E::ScrubClean | E::ScrubWarned | E::ScrubErrors => match (state, event) {
            (S::Draft | S::ScrubFailed | S::Held | S::Ready, E::ScrubClean) => Step::To(S::Ready),
            (S::Draft | S::ScrubFailed | S::Held | S::Ready, E::ScrubWarned) => Step::To(S::Held),
            (S::Draft | S::ScrubFailed | S::Held | S::Ready, _) => Step::To(S::ScrubFailed),
            _ => Step::Refused,
        },
        E::Released => match state {
            S::Held => Step::To(S::Ready),
            _ => Step::Refused,
        },
        E::Resent => match state {
            S::RejectedSyntax | S::RejectedClaim => Step::To(S::Replaced),
            _ => Step::Refused,
        },
        E::Batched => match state {
            S::Ready => Step::To(S::Batched),
            _ => Step::Refused,
        },
        E::Transmitted => match state {
            S::Batched | S::SubmissionUnknown => Step::To(S::Transmitted),
            // An acknowledgment may overtake our own note of the transmission.
            s if s.is_with_partner() || s.is_adjudicated() => Step::To(s),
            _ => Step::Refused,
        },
        E::TransmissionUnknown => match state {
            S::Batched => Step::To(S::SubmissionUnknown),
            s if s.is_with_partner() || s.is_adjudicated() => Step::To(s),
            _ => Step::Refused,
        },
        E::NeverHappened => match state {
            S::Batched | S::Transmitted | S::SubmissionUnknown => Step::To(S::Ready),
            S::Ready => Step::To(S::Ready),
            _ => Step::IgnoredWithAlert,
        },
        E::SetAccepted => match state {
            S::Batched | S::Transmitted | S::SubmissionUnknown => Step::To(S::Accepted999),
            // A 277CA or 835 that came first says more than the 999 does.
            s if s.is_with_partner() || s.is_adjudicated() || s == S::RejectedClaim => Step::To(s),
            _ => Step::IgnoredWithAlert,
        },
        E::SyntaxRejected => match state {
            S::Batched | S::Transmitted | S::SubmissionUnknown => Step::To(S::RejectedSyntax),
            S::RejectedSyntax => Step::To(S::RejectedSyntax),
            _ => Step::IgnoredWithAlert,
        },
        E::Received => match state {
            S::Batched | S::Transmitted | S::SubmissionUnknown | S::Accepted999 => Step::To(S::AckReceived),
            s if s.is_with_partner() || s.is_adjudicated() || s == S::RejectedClaim => Step::To(s),
            _ => Step::IgnoredWithAlert,
        },
        E::AcceptedByClearinghouse => match state {
            S::Batched | S::Transmitted | S::SubmissionUnknown | S::Accepted999 | S::AckReceived => Step::To(S::AcceptedClearinghouse),
            s if s.is_with_partner() || s.is_adjudicated() => Step::To(s),
            // An acceptance after a rejection of the same version: ignored, somebody must ask (domain.md 3.5).
            _ => Step::IgnoredWithAlert,
        },
        E::AcceptedByPayer => match state {
            s if s.is_with_partner() || s == S::Batched || s == S::SubmissionUnknown => Step::To(S::AcceptedPayer),
            s if s.is_adjudicated() => Step::To(s),
            _ => Step::IgnoredWithAlert,
        },
        E::Rejected => match state {
            // A rejection after an earlier acceptance wins: the payer speaks after the clearinghouse.
            s if s.is_with_partner() || s == S::Batched || s == S::SubmissionUnknown || s == S::RejectedClaim => Step::To(S::RejectedClaim),
            _ => Step::IgnoredWithAlert,
        },
        E::Paid | E::PaidPartly | E::PaidNothingPatient | E::Denied | E::Reversed => match state {
            // An 835 may come with no acknowledgment at all before it.
            s if s.is_with_partner() || s.is_adjudicated() || matches!(s, S::Batched | S::SubmissionUnknown | S::RejectedClaim) => {
                Step::To(match event {
                    E::Paid => S::Paid,
                    E::PaidPartly => S::PartiallyPaid,
                    E::PaidNothingPatient => S::ZeroPaidPatient,
                    E::Denied => S::Denied,
                    _ => S::AdjudicationReversed,
                })
            }
            // Money for a version that was replaced or voided is posted; the state tells the later story.
            S::Replaced | S::Voided => Step::To(state),
            _ => Step::IgnoredWithAlert,
        },
        E::ReplacementAccepted => match state {
            s if s.is_adjudicated() => Step::To(S::Replaced),
            S::Replaced => Step::To(S::Replaced),
            _ => Step::Refused,
        },
        E::VoidConfirmed => match state {
            s if s.is_adjudicated() => Step::To(S::Voided),
            S::Voided => Step::To(S::Voided),
            _ => Step::Refused,
        },
    }
}

impl ClaimState {
    /// Handed over, not adjudicated, not rejected.
    #[must_use]
    pub fn is_with_partner(self) -> bool {
        matches!(
            self,
            ClaimState::Transmitted
                | ClaimState::Accepted999
                | ClaimState::AckReceived
                | ClaimState::AcceptedClearinghouse
                | ClaimState::AcceptedPayer
        )
    }

    /// A remittance has told its outcome.
    #[must_use]
    pub fn is_adjudicated(self) -> bool {
        matches!(
            self,
            ClaimState::Paid
                | ClaimState::PartiallyPaid
                | ClaimState::ZeroPaidPatient
                | ClaimState::Denied
                | ClaimState::AdjudicationReversed
        )
    }

    /// Not with a partner, and meant to be: it waits here, it was rejected, or nobody knows whether it arrived.
    #[must_use]
    pub fn is_to_be_sent(self) -> bool {
        let waits = matches!(
            self,
            ClaimState::Draft
                | ClaimState::ScrubFailed
                | ClaimState::Held
                | ClaimState::Ready
                | ClaimState::Batched
                | ClaimState::SubmissionUnknown
        );
        waits || self.is_rejected()
    }

    /// Rejected before adjudication: mend and send again with the same frequency (domain.md 1.5).
    #[must_use]
    pub fn is_rejected(self) -> bool {
        matches!(self, ClaimState::RejectedSyntax | ClaimState::RejectedClaim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClaimEvent as E;
    use ClaimState as S;

    #[test]
    fn the_table_answers_for_every_state_and_event() {
        let answers: usize = S::ALL.iter().map(|&s| E::ALL.iter().filter(|&&e| step(s, e) != Step::Refused).count()).sum();
        assert_eq!((S::ALL.len(), E::ALL.len()), (20, 22));
        assert!(answers > 200, "{answers} of 440 pairs are more than a refusal");
    }

    #[test]
    fn a_clean_claim_walks_from_draft_to_paid() {
        let walk = [
            (E::ScrubClean, S::Ready),
            (E::Batched, S::Batched),
            (E::Transmitted, S::Transmitted),
            (E::SetAccepted, S::Accepted999),
            (E::Received, S::AckReceived),
            (E::AcceptedByPayer, S::AcceptedPayer),
            (E::Paid, S::Paid),
        ];
        let mut state = S::Draft;
        for (event, expected) in walk {
            assert_eq!(step(state, event), Step::To(expected), "{state:?} + {event:?}");
            state = expected;
        }
    }

    #[test]
    fn a_rejection_after_an_acceptance_wins_and_an_acceptance_after_a_rejection_is_ignored() {
        assert_eq!(step(S::AcceptedClearinghouse, E::Rejected), Step::To(S::RejectedClaim));
        assert_eq!(step(S::RejectedClaim, E::AcceptedByPayer), Step::IgnoredWithAlert);
    }

    #[test]
    fn an_835_without_any_acknowledgment_is_accepted() {
        assert_eq!(step(S::Transmitted, E::PaidPartly), Step::To(S::PartiallyPaid));
    }

    #[test]
    fn a_late_999_never_moves_a_claim_back() {
        for state in [S::AckReceived, S::AcceptedPayer, S::Paid, S::Denied] {
            assert_eq!(step(state, E::SetAccepted), Step::To(state));
        }
        assert_eq!(step(S::Paid, E::SyntaxRejected), Step::IgnoredWithAlert);
    }

    #[test]
    fn only_a_rejected_claim_goes_out_again_and_none_is_batched_twice() {
        for state in [S::Batched, S::Transmitted, S::Accepted999, S::AcceptedPayer, S::Paid] {
            assert_eq!(step(state, E::Batched), Step::Refused);
            assert_eq!(step(state, E::Resent), Step::Refused);
        }
        for state in [S::RejectedSyntax, S::RejectedClaim] {
            assert_eq!(step(state, E::Resent), Step::To(S::Replaced));
        }
    }

    #[test]
    fn an_interchange_that_never_happened_returns_its_claims_untouched() {
        assert_eq!(step(S::Transmitted, E::NeverHappened), Step::To(S::Ready));
        assert_eq!(step(S::AcceptedPayer, E::NeverHappened), Step::IgnoredWithAlert);
    }

    #[test]
    fn every_code_reads_back() {
        for &state in S::ALL {
            assert_eq!(S::from_code(state.code()), Some(state));
        }
        assert_eq!(S::from_code("lost"), None);
    }
}

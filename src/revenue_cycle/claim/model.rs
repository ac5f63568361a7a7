//! A claim as we keep it: what the 837P says, loop by loop, before and after it is sent.

use serde::{Deserialize, Serialize};

use crate::edi::claim_837p::{BillingProvider, Claim, Patient, ServiceLine, Subscriber};

/// Everything that one claim puts into an 837P: its path through the tree of loops with nothing else on it. Built from our records, kept
/// with the claim, and frozen into the snapshot when the claim is batched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimContent {
    /// 2000A, 2010AA, 2010AB: without subscribers.
    pub billing: BillingProvider,
    /// 2000B, 2010BA, 2010BB: without claims and patients.
    pub subscriber: Subscriber,
    /// 2000C, 2010CA when the child is a dependent: without claims.
    pub patient: Option<Patient>,
    /// 2300 and below.
    pub claim: Claim,
}

impl ClaimContent {
    /// The child: the dependent, or else the subscriber.
    #[must_use]
    pub fn child(&self) -> &crate::edi::claim_837p::Individual {
        self.patient.as_ref().map_or(&self.subscriber.person, |p| &p.person)
    }

    /// The child's birth date as the claim has it.
    #[must_use]
    pub fn birth_date(&self) -> Option<jiff::civil::Date> {
        self.child().birth_date.as_ref().map(|d| *d.reveal())
    }

    /// The earliest date of service of its lines.
    #[must_use]
    pub fn service_date(&self) -> Option<jiff::civil::Date> {
        self.claim.lines.iter().filter_map(service_day).min()
    }

    /// The claim as a tree of its own, ready to be merged with others of the same billing provider.
    #[must_use]
    pub fn into_tree(self) -> BillingProvider {
        let ClaimContent { mut billing, mut subscriber, patient, claim } = self;
        match patient {
            Some(mut patient) => {
                patient.claims.push(claim);
                subscriber.patients.push(patient);
            }
            None => subscriber.claims.push(claim),
        }
        billing.subscribers.push(subscriber);
        billing
    }
}

/// The first day of a service line.
#[must_use]
pub fn service_day(line: &ServiceLine) -> Option<jiff::civil::Date> {
    line.service_date.as_ref().and_then(|d| d.first())
}

//! Which claims travel together, and the transaction sets they make. Pure.

use jiff::civil::DateTime;

use crate::edi::claim_837p::{
    BatchPurpose, BillingProvider, ClaimUse, Contact, EntityName, Identifier, ProfessionalClaims, Receiver, Submitter as X12Submitter,
};
use crate::edi::{Envelope, Party, Usage};
use crate::platform::ids::PayerId;
use crate::platform::phi::Phi;
use crate::practice::model::{Submitter, Usage as SubmitterUsage};
use crate::revenue_cycle::claim::model::ClaimContent;

/// Claims in one transaction set. A 999 rejects a whole set, so one bad claim must not take many with it (domain.md 1.1).
pub const SET_CLAIMS_MAX: usize = 250;

/// Claims in one interchange. They are snapshotted in one transaction, which must stay well under a second on either engine.
pub const INTERCHANGE_CLAIMS_MAX: usize = 500;

/// The claims of one transaction set: places in the list that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Whom they are asked of.
    pub payer: PayerId,
    /// Places of the claims.
    pub claims: Vec<usize>,
}

/// Groups claims by payer, in the order in which payers first appear, and splits what is too large for one set.
#[must_use]
pub fn group(payers: &[PayerId]) -> Vec<Set> {
    let mut order: Vec<PayerId> = Vec::new();
    for payer in payers {
        if !order.contains(payer) {
            order.push(*payer);
        }
    }
    order
        .into_iter()
        .flat_map(|payer| {
            let claims: Vec<usize> = (0..payers.len()).filter(|&i| payers[i] == payer).collect();
            claims.chunks(SET_CLAIMS_MAX).map(|chunk| Set { payer, claims: chunk.to_vec() }).collect::<Vec<_>>()
        })
        .collect()
}

/// ST02 of the nth set (from 0) of a group: four digits, which the at most [`INTERCHANGE_CLAIMS_MAX`] sets never exceed.
#[must_use]
pub fn set_number(n: usize) -> String {
    format!("{:04}", n + 1)
}

/// BHT03: comes back in the 277CA, so it names this batch alone among all that were ever sent (domain.md 1.1).
#[must_use]
pub fn batch_reference(submitter: i64, interchange: u32, set: usize) -> String {
    format!("B{submitter}I{interchange:09}S{}", set_number(set))
}

/// One transaction set from the claims of one payer. Claims of the same billing provider share its loop.
#[must_use]
pub fn transaction_set(
    submitter: &Submitter,
    number: &str,
    reference: &str,
    created: DateTime,
    claims: impl IntoIterator<Item = ClaimContent>,
) -> ProfessionalClaims {
    let mut providers: Vec<BillingProvider> = Vec::new();
    for claim in claims {
        let mut tree = claim.into_tree();
        let subscribers = std::mem::take(&mut tree.subscribers);
        match providers.iter_mut().find(|p| same_provider(p, &tree)) {
            Some(provider) => provider.subscribers.extend(subscribers),
            None => providers.push(BillingProvider { subscribers, ..tree }),
        }
    }
    ProfessionalClaims {
        control_number: number.to_owned(),
        purpose: BatchPurpose::Original,
        reference: reference.to_owned(),
        created: Some(created),
        claim_use: ClaimUse::Chargeable,
        submitter: X12Submitter {
            name: EntityName::Organization(submitter.name.to_string()),
            id: Identifier::new("46", submitter.sender_id.to_string()),
            contacts: vec![Contact {
                name: Some(Phi::new(submitter.contact.to_string())),
                numbers: vec![Identifier::new("TE", Phi::new(submitter.phone.to_string()))],
            }],
        },
        receiver: Receiver {
            name: EntityName::Organization(submitter.receiver_name.to_string()),
            id: Identifier::new("46", submitter.receiver_id.to_string()),
        },
        billing_providers: providers,
    }
}

/// Whether two billing loops are the same but for their subscribers.
fn same_provider(a: &BillingProvider, b: &BillingProvider) -> bool {
    a.id == b.id
        && a.name == b.name
        && a.taxonomy == b.taxonomy
        && a.currency == b.currency
        && a.address == b.address
        && a.tax_id == b.tax_id
        && a.references == b.references
        && a.contacts == b.contacts
        && a.pay_to == b.pay_to
}

/// The envelope of an interchange to a partner.
#[must_use]
pub fn envelope(submitter: &Submitter, control_number: u32, group_number: u32, written_at: DateTime) -> Envelope {
    let party = |qualifier: &dyn ToString, id: &dyn ToString| Party { qualifier: qualifier.to_string(), id: id.to_string() };
    Envelope {
        sender: party(&submitter.sender_qualifier, &submitter.sender_id),
        receiver: party(&submitter.receiver_qualifier, &submitter.receiver_id),
        application_sender: submitter.sender_id.to_string(),
        application_receiver: submitter.receiver_id.to_string(),
        control_number,
        group_control_number: group_number,
        written_at,
        usage: match submitter.usage {
            SubmitterUsage::Production => Usage::Production,
            SubmitterUsage::Test => Usage::Test,
        },
        ack_requested: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_one_payer_share_a_set_until_it_is_full() {
        let (a, b) = (PayerId(1), PayerId(2));
        let mut payers = vec![a, b, a];
        assert_eq!(group(&payers), [Set { payer: a, claims: vec![0, 2] }, Set { payer: b, claims: vec![1] }]);
        payers = vec![a; SET_CLAIMS_MAX + 1];
        let sizes: Vec<usize> = group(&payers).iter().map(|s| s.claims.len()).collect();
        assert_eq!(sizes, [SET_CLAIMS_MAX, 1]);
    }

    #[test]
    fn a_batch_reference_fits_into_bht03() {
        let longest = batch_reference(1 << 42, 999_999_999, INTERCHANGE_CLAIMS_MAX);
        assert!(longest.len() <= 30, "{longest}");
    }
}

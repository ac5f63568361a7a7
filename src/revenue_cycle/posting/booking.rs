//! The cash of a remittance as one journal: the payment, the provider adjustments, and what its claims were paid, not posted yet. The sum
//! is zero in remittance clearing because the remittance balances (domain.md 2.3 rule 5, 2.4, 5.2).

use jiff::civil::Date;

use crate::edi::remittance_835::{Proof, ProviderAdjustment, Remittance};
use crate::platform::ids::{PayerId, RemittanceId};
use crate::platform::money::Money;
use crate::reference::plb;
use crate::revenue_cycle::ledger::model::{Journal, JournalKind, References, Transfer};

/// The journal of a remittance that balances; without transfers when no money moves at all. `payer`: the remitting payer, where it is
/// known. The claims of the remittance need not be there: the proof has their sum.
#[must_use]
pub fn book(id: RemittanceId, effective: Date, payer: Option<PayerId>, remittance: &Remittance, proof: &Proof) -> Journal {
    let payment = &remittance.payment;
    let at = |segment: u32, adjustment: Option<&str>, transfer: Option<Transfer>| {
        transfer.map(|transfer| transfer.caused_by(adjustment, segment).from_payer(payer))
    };
    let adjustments = remittance.provider_adjustments.iter().map(|plb| {
        let account = plb::lookup(&plb.reason).account;
        at(plb.segment, Some(&plb.reason), Transfer::provider_adjustment(account, plb.amount))
    });
    let transfers = [at(payment.segment, None, Transfer::remittance(payment.amount))]
        .into_iter()
        .chain(adjustments)
        .chain([at(payment.segment, None, Transfer::unposted_cash(proof.claims_paid))])
        .flatten()
        .collect();
    Journal {
        kind: JournalKind::Remittance,
        effect_key: format!("remittance:{id}"),
        effective,
        reason: "cash of a remittance".to_owned(),
        references: References { remittance: Some(id), segment: Some(payment.segment), ..References::default() },
        reverses: None,
        transfers,
    }
}

/// What a person must look at among the provider adjustments, as (reason, sentence): unknown and unusual codes, and money taken back,
/// which has to be matched to a reversal or applied to a claim (domain.md 2.4).
#[must_use]
pub fn plb_notices(adjustments: &[ProviderAdjustment]) -> Vec<(&'static str, String)> {
    adjustments
        .iter()
        .filter_map(|adjustment| {
            let known = plb::lookup(&adjustment.reason);
            let at = format!("PLB {} of {} at segment {}", adjustment.reason, adjustment.amount, adjustment.segment);
            match known.account {
                _ if known.code.is_empty() => Some(("PLB_UNKNOWN", format!("{at}: the code is unknown; the money is in clearing"))),
                _ if known.review => Some(("PLB_REVIEW", format!("{at}: {}; say what it is for", known.label))),
                plb::Account::TakebackClearing if adjustment.amount > Money::ZERO => {
                    Some(("PLB_TAKEBACK", format!("{at}: match it to a reversal, or apply it to the claim it is for")))
                }
                _ => None,
            }
        })
        .collect()
}

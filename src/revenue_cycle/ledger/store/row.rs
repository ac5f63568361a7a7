//! Journals and transfers as rows, and the MAC that signs one journal with all its transfers.

use crate::platform::audit::{MacKey, RowMac};
use crate::platform::ids::{ChargeLineId, ClaimId, EncounterId, FamilyId, JournalId, PayerId, PracticeId, RemittanceClaimId, RemittanceId};
use crate::platform::money::Money;

/// A journal as stored.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct JournalRow {
    /// Whose.
    pub practice_id: PracticeId,
    /// Key.
    pub id: JournalId,
    /// What it is.
    pub kind: String,
    /// The name of the effect.
    pub effect_key: String,
    /// When it was posted, UTC milliseconds.
    pub posted_ms: i64,
    /// The business date, ISO.
    pub effective_date: String,
    /// The month it counts in, `YYYY-MM`.
    pub period: String,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// The visit.
    pub encounter_id: Option<EncounterId>,
    /// The claim.
    pub claim_id: Option<ClaimId>,
    /// The remittance.
    pub remittance_id: Option<RemittanceId>,
    /// Its claim.
    pub remittance_claim_id: Option<RemittanceClaimId>,
    /// Its segment.
    pub segment: Option<i64>,
    /// The journal that it reverses.
    pub reverses_id: Option<JournalId>,
    /// Epoch of the seal.
    pub epoch: i64,
    /// The MAC.
    pub mac: String,
}

/// A transfer as stored.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct TransferRow {
    /// Key.
    pub id: i64,
    /// Its journal.
    pub journal_id: JournalId,
    /// Its place in the journal, from 1.
    pub position: i64,
    /// What it is.
    pub kind: String,
    /// The account that gains.
    pub debit_account: String,
    /// The account that gives.
    pub credit_account: String,
    /// How much.
    pub cents: Money,
    /// Whose money.
    pub family_id: Option<FamilyId>,
    /// Which charge line.
    pub charge_line_id: Option<ChargeLineId>,
    /// From which payer.
    pub payer_id: Option<PayerId>,
    /// The adjustment behind it.
    pub adjustment: Option<String>,
    /// The segment behind it.
    pub segment: Option<i64>,
}

impl JournalRow {
    /// The MAC that this journal must carry, given its transfers in their order.
    #[must_use]
    pub fn expected_mac(&self, key: &MacKey, transfers: &[TransferRow]) -> RowMac {
        /// Bytes of an ordinary journal of a claim: a few hundred for itself, some eighty a transfer.
        const USUAL: usize = 1024;
        let mut signed = Signed(Vec::with_capacity(USUAL));
        signed.int(self.practice_id.0).int(self.id.0).text(&self.kind).text(&self.effect_key).int(self.posted_ms);
        signed.text(&self.effective_date).text(&self.period).text(&self.actor).text(&self.reason);
        signed.opt(self.encounter_id.map(|id| id.0)).opt(self.claim_id.map(|id| id.0)).opt(self.remittance_id.map(|id| id.0));
        signed.opt(self.remittance_claim_id.map(|id| id.0)).opt(self.segment).opt(self.reverses_id.map(|id| id.0)).int(self.epoch);
        for t in transfers {
            signed.int(t.id).int(t.position).text(&t.kind).text(&t.debit_account).text(&t.credit_account).int(t.cents.cents());
            signed.opt(t.family_id.map(|id| id.0)).opt(t.charge_line_id.map(|id| id.0)).opt(t.payer_id.map(|id| id.0));
            signed.text(t.adjustment.as_deref().unwrap_or("\0")).opt(t.segment);
        }
        key.sign(&[&signed.0])
    }
}

/// Fields one after the other so that no two lists of fields read alike: integers in eight bytes, texts with their length before them,
/// and whether there is a value before each that may be missing.
struct Signed(Vec<u8>);

impl Signed {
    fn int(&mut self, value: i64) -> &mut Signed {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn text(&mut self, text: &str) -> &mut Signed {
        self.0.extend((text.len() as u64).to_le_bytes());
        self.0.extend(text.as_bytes());
        self
    }

    fn opt(&mut self, value: Option<i64>) -> &mut Signed {
        self.0.push(u8::from(value.is_some()));
        self.int(value.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> JournalRow {
        JournalRow {
            practice_id: PracticeId(1),
            id: JournalId(2),
            kind: "POSTING".to_owned(),
            effect_key: "posting:9".to_owned(),
            posted_ms: 5,
            effective_date: "2026-11-16".to_owned(),
            period: "2026-11".to_owned(),
            actor: "system".to_owned(),
            reason: String::new(),
            encounter_id: None,
            claim_id: Some(ClaimId(4)),
            remittance_id: None,
            remittance_claim_id: None,
            segment: None,
            reverses_id: None,
            epoch: 1,
            mac: String::new(),
        }
    }

    fn transfer(cents: i64) -> TransferRow {
        TransferRow {
            id: 1,
            journal_id: JournalId(2),
            position: 1,
            kind: "TRANSFER".to_owned(),
            debit_account: "AR:PATIENT".to_owned(),
            credit_account: "AR:INS1".to_owned(),
            cents: Money::from_cents(cents),
            family_id: None,
            charge_line_id: Some(ChargeLineId(3)),
            payer_id: None,
            adjustment: None,
            segment: Some(17),
        }
    }

    #[test]
    fn a_change_of_a_journal_or_of_any_of_its_transfers_changes_the_mac() {
        let key = MacKey::from_bytes([7; 32]);
        let mac = |journal: &JournalRow, transfers: &[TransferRow]| journal.expected_mac(&key, transfers);
        let signed = mac(&journal(), &[transfer(100)]);
        assert_eq!(mac(&journal(), &[transfer(100)]), signed);
        assert_ne!(mac(&journal(), &[transfer(101)]), signed);
        assert_ne!(mac(&journal(), &[]), signed);
        assert_ne!(mac(&journal(), &[transfer(100), transfer(100)]), signed);
        assert_ne!(mac(&journal(), &[TransferRow { payer_id: Some(PayerId(3)), charge_line_id: None, ..transfer(100) }]), signed);
        assert_ne!(mac(&JournalRow { claim_id: None, encounter_id: Some(EncounterId(4)), ..journal() }, &[transfer(100)]), signed);
        assert_ne!(mac(&JournalRow { period: "2026-12".to_owned(), ..journal() }, &[transfer(100)]), signed);
    }
}

//! A [`Remittance`] becomes one transaction set, ST to SE, in the order of the guide (domain.md 2.1). Writing never validates: what the
//! remittance says is written, and only what X12 can't carry is refused by the [`SegmentWriter`].

use super::code::Code;
use super::model::{
    Adjustment, BankAccount, ClaimPayment, Contact, Organization, Party, Procedure, ProviderAdjustment, QualifiedAmount, QualifiedDate,
    QualifiedQuantity, Reference, Remittance, ServiceLine,
};
use crate::edi::SegmentWriter;
use crate::platform::phi::Phi;

/// CAS carries up to six adjustments, PLB up to six pairs.
const PER_SEGMENT: usize = 6;

/// MOA03 to 07.
const REMARKS_PER_MOA: usize = 5;

/// Longest name, NM103 and N102.
pub(crate) const NAME_MAX: usize = 60;

/// Longest first name, NM104.
pub(crate) const FIRST_NAME_MAX: usize = 35;

/// Longest middle name, NM105.
pub(crate) const MIDDLE_NAME_MAX: usize = 25;

/// Longest suffix, NM107.
pub(crate) const SUFFIX_MAX: usize = 10;

/// Longest address line, N301 and N302.
const ADDRESS_MAX: usize = 55;

/// Longest city, N401.
const CITY_MAX: usize = 30;

/// Writes one transaction set. Adjustments in a row that share group (CAS) or provider and fiscal period (PLB) share segments.
///
/// What is [unread](Remittance::unread) is not written. Most of it was read in part, and that part stands in the tree: the segment would
/// come twice, a CAS of it would be money twice. The place of the rest is a number in the file that it came from, which says nothing once
/// a claim was added or taken out. Who needs a file as it came, with some sets changed, has [`roundtrip`](crate::edi::roundtrip), which
/// loses no byte.
pub fn write_835(remittance: &Remittance, w: &mut SegmentWriter) {
    w.begin_transaction("835", &remittance.control_number, None);
    let payment = &remittance.payment;
    let bpr = w
        .segment("BPR")
        .el(payment.handling.as_str())
        .money(payment.amount)
        .el(payment.credit_debit.as_str())
        .el(payment.method.as_str())
        .opt(payment.format.as_deref());
    let bpr = account(bpr, &payment.from).opt(payment.company.as_deref()).opt(payment.company_supplement.as_deref());
    account(bpr, &payment.to).opt_date8(payment.date).end();
    w.segment("TRN").el("1").el(&remittance.trace).el(&remittance.trace_payer).opt(remittance.trace_supplement.as_deref()).end();
    if let Some(currency) = &remittance.currency {
        w.segment("CUR").el("PR").el(currency).end();
    }
    references(&remittance.references, w);
    if let Some(date) = remittance.produced {
        w.segment("DTM").el("405").date8(date).end();
    }
    organization("PR", &remittance.payer, w);
    organization("PE", &remittance.payee, w);
    let mut header = "";
    for claim in &remittance.claims {
        if claim.header != header {
            header = &claim.header;
            w.segment("LX").el(header).end();
        }
        write_claim(claim, w);
    }
    let same = |a: &ProviderAdjustment, b: &ProviderAdjustment| a.provider == b.provider && a.fiscal_period_end == b.fiscal_period_end;
    for pairs in remittance.provider_adjustments.chunk_by(same).flat_map(|run| run.chunks(PER_SEGMENT)) {
        let mut plb = w.segment("PLB").el(&pairs[0].provider).opt_date8(pairs[0].fiscal_period_end);
        for pair in pairs {
            plb = plb.composite(&[pair.reason.as_str(), pair.reference.as_deref().unwrap_or_default()]).money(pair.amount);
        }
        plb.end();
    }
    w.end_transaction();
}

type Builder<'w> = crate::edi::writer::SegmentBuilder<'w>;

fn account<'w>(bpr: Builder<'w>, account: &BankAccount) -> Builder<'w> {
    bpr.opt(account.bank_qualifier.as_deref())
        .opt(account.bank.as_deref())
        .opt(account.account_qualifier.as_deref())
        .opt(account.account.as_ref().map(|a| a.as_str()))
}

fn organization(role: &str, organization: &Organization, w: &mut SegmentWriter) {
    w.segment("N1")
        .el(role)
        .text(&organization.name, NAME_MAX)
        .opt(organization.id_qualifier.as_deref())
        .opt(organization.id.as_deref())
        .end();
    if let Some(address) = &organization.address {
        if !address.lines.is_empty() {
            address.lines.iter().fold(w.segment("N3"), |n3, line| n3.text(line, ADDRESS_MAX)).end();
        }
        w.segment("N4")
            .text(address.city.as_deref().unwrap_or_default(), CITY_MAX)
            .opt(address.state.as_deref())
            .opt(address.zip.as_deref())
            .opt(address.country.as_deref())
            .skip(2)
            .opt(address.subdivision.as_deref())
            .end();
    }
    references(&organization.references, w);
    contacts(&organization.contacts, w);
}

fn write_claim(claim: &ClaimPayment, w: &mut SegmentWriter) {
    let [drg, weight, share] = claim.drg.each_ref().map(Option::as_deref);
    w.segment("CLP")
        .el(&claim.pcn)
        .el(claim.status.as_str())
        .money(claim.charge)
        .money(claim.paid)
        .opt_money(claim.patient_responsibility)
        .opt(claim.filing_indicator.as_deref())
        .el(&claim.icn)
        .opt(claim.facility.as_deref())
        .opt(claim.frequency.as_deref())
        .skip(1)
        .opt(drg)
        .opt(weight)
        .opt(share)
        .end();
    adjustments(&claim.adjustments, w);
    claim.parties.iter().for_each(|party| write_party(party, w));
    for remarks in claim.remarks.chunks(REMARKS_PER_MOA) {
        remarks.iter().fold(w.segment("MOA").skip(2), |moa, remark| moa.el(remark)).end();
    }
    references(&claim.references, w);
    dates(&claim.dates, w);
    contacts(&claim.contacts, w);
    amounts(&claim.amounts, w);
    quantities(&claim.quantities, w);
    claim.lines.iter().for_each(|line| write_line(line, w));
}

fn write_party(party: &Party, w: &mut SegmentWriter) {
    fn text(value: &Option<Phi<Code>>) -> &str {
        value.as_ref().map_or("", |v| v.as_str())
    }
    w.segment("NM1")
        .el(party.role.as_str())
        .el(if party.is_person { "1" } else { "2" })
        .text(text(&party.name), NAME_MAX)
        .text(text(&party.first), FIRST_NAME_MAX)
        .text(text(&party.middle), MIDDLE_NAME_MAX)
        .skip(1)
        .text(text(&party.suffix), SUFFIX_MAX)
        .opt(party.id_qualifier.as_deref())
        .el(text(&party.id))
        .end();
}

fn write_line(line: &ServiceLine, w: &mut SegmentWriter) {
    let svc = composite(w.segment("SVC"), Some(&line.procedure))
        .money(line.charge)
        .money(line.paid)
        .opt(line.revenue_code.as_deref())
        .quantity(line.units);
    composite(svc, line.submitted.as_deref()).quantity(line.submitted_units).end();
    dates(&line.dates, w);
    adjustments(&line.adjustments, w);
    references(&line.references, w);
    amounts(&line.amounts, w);
    quantities(&line.quantities, w);
    for remark in &line.remarks {
        w.segment("LQ").el(&remark.qualifier).el(&remark.code).end();
    }
}

/// SVC01, SVC06: qualifier, code, four modifiers, description.
pub(crate) fn composite<'w>(segment: Builder<'w>, procedure: Option<&Procedure>) -> Builder<'w> {
    let Some(procedure) = procedure else { return segment.skip(1) };
    let modifier = |n: usize| procedure.modifiers.get(n).map_or("", |m| m.as_str());
    let description = procedure.description.as_deref().unwrap_or_default();
    segment.composite(&[
        procedure.qualifier.as_str(),
        procedure.code.as_str(),
        modifier(0),
        modifier(1),
        modifier(2),
        modifier(3),
        description,
    ])
}

fn adjustments(adjustments: &[Adjustment], w: &mut SegmentWriter) {
    for triples in adjustments.chunk_by(|a, b| a.group == b.group).flat_map(|run| run.chunks(PER_SEGMENT)) {
        triples
            .iter()
            .fold(w.segment("CAS").el(triples[0].group.as_str()), |cas, a| cas.el(&a.reason).money(a.amount).quantity(a.quantity))
            .end();
    }
}

pub(crate) fn references(references: &[Reference], w: &mut SegmentWriter) {
    for reference in references {
        w.segment("REF").el(&reference.qualifier).el(reference.value.as_str()).end();
    }
}

fn dates(dates: &[QualifiedDate], w: &mut SegmentWriter) {
    for date in dates {
        w.segment("DTM").el(&date.qualifier).date8(date.date).end();
    }
}

fn contacts(contacts: &[Contact], w: &mut SegmentWriter) {
    for contact in contacts {
        let per = w.segment("PER").el(&contact.function).text(contact.name.as_deref().unwrap_or_default(), NAME_MAX);
        contact.numbers.iter().fold(per, |per, (qualifier, number)| per.el(qualifier).el(number)).end();
    }
}

fn amounts(amounts: &[QualifiedAmount], w: &mut SegmentWriter) {
    for amount in amounts {
        w.segment("AMT").el(&amount.qualifier).money(amount.amount).end();
    }
}

fn quantities(quantities: &[QualifiedQuantity], w: &mut SegmentWriter) {
    for q in quantities {
        w.segment("QTY").el(&q.qualifier).quantity(Some(q.quantity)).end();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{self, balanced, read, remittance, written};
    use super::super::{Remittance, prove};
    use crate::edi::{Delimiters, SegmentWriter, WriteErrorKind};

    #[test]
    fn the_samples_are_written_as_they_were_read() {
        for text in [samples::PAID_WITH_PLB, samples::REVERSAL_AND_CORRECTION, samples::FORWARD_BALANCE, samples::FORWARD_BALANCE_APPLIED] {
            assert_eq!(written(&remittance(text)), text);
        }
    }

    #[test]
    fn adjustments_of_one_group_share_a_segment_up_to_six() {
        let mut r = remittance(samples::FORWARD_BALANCE);
        let one = r.claims[0].lines[0].adjustments[0].clone();
        r.claims[0].lines[0].adjustments = vec![one; 7].into();
        let plb = r.provider_adjustments[0].clone();
        r.provider_adjustments = vec![plb; 7];
        let text = written(&r);
        assert_eq!((text.matches("~CAS*CO*").count(), text.matches("45*-85").count()), (2, 7));
        assert_eq!((text.matches("~PLB*").count(), text.matches("FB:EFT203*-25").count()), (2, 7));
    }

    #[test]
    fn an_amount_of_eleven_digits_is_refused_with_its_place() {
        let mut r = remittance(samples::FORWARD_BALANCE);
        r.claims[0].charge = samples::money("100000000");
        let mut w = SegmentWriter::new(Delimiters::default());
        super::write_835(&r, &mut w);
        let errors = w.finish().unwrap_err();
        assert_eq!(errors.iter().map(|e| (e.kind, e.position.element)).collect::<Vec<_>>(), [(WriteErrorKind::Amount, Some(3))]);
    }

    proptest! {
        #[test]
        fn written_read_and_written_again_is_the_same(remittance in balanced()) {
            let first = written(&remittance);
            let (back, findings) = read(&first);
            prop_assert!(findings.iter().all(|finding| finding.code == "ERA-CAS-GROUP"), "{findings:?}");
            prop_assert_eq!(written(&back), first);
            prop_assert!(prove(&back).is_ok());
            let json = serde_json::to_string(&back).unwrap();
            prop_assert_eq!(serde_json::from_str::<Remittance>(&json).unwrap(), back);
        }
    }
}

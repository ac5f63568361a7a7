//! Remittances for the tests of this module: the four synthetic ones of domain.md 7, a wrapper around any other, and arbitrary ones
//! that balance.

use std::fmt::Debug;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::edi::{Delimiters, Event, Few, Finding, SegmentWriter, TransactionSet, read_all};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// A visit of six lines, one bundled (CO-97), and a PLB that takes 50 back and pays 1.25 interest: 764 − 48.75 = 715.25.
pub const PAID_WITH_PLB: &str = "\
ST*835*0001~\
BPR*I*715.25*C*ACH*CCP*01*111000025*DA*123456*1741000000**01*111000614*DA*987654*20261207~\
TRN*1*EFT201*1741000000~\
DTM*405*20261207~\
N1*PR*SAMPLE BLUE PPO~\
N3*1 PAYER WAY~\
N4*DALLAS*TX*75201~\
REF*2U*00900~\
PER*BL*EDI SUPPORT*TE*8005550100~\
N1*PE*SAMPLE PEDIATRICS PA*XX*1234567893~\
REF*TJ*741234567~\
LX*1~\
CLP*C26000123*1*960*764**12*ICN2026A1*11*1~\
NM1*QC*1*RIVERA*MATEO****MI*XYZ123456789~\
SVC*HC:99391:25*180*140**1~\
DTM*472*20261116~\
CAS*CO*45*40~\
REF*6R*C26000123-1~\
SVC*HC:90697*175*160**1~\
DTM*472*20261116~\
CAS*CO*45*15~\
REF*6R*C26000123-2~\
SVC*HC:90677*290*270**1~\
DTM*472*20261116~\
CAS*CO*45*20~\
REF*6R*C26000123-3~\
SVC*HC:90680*120*110**1~\
DTM*472*20261116~\
CAS*CO*45*10~\
REF*6R*C26000123-4~\
SVC*HC:90460*105*84**3~\
DTM*472*20261116~\
CAS*CO*45*21~\
REF*6R*C26000123-5~\
SVC*HC:90461*90*0**5~\
DTM*472*20261116~\
CAS*CO*97*90~\
REF*6R*C26000123-6~\
LQ*HE*N19~\
PLB*1234567893*20261231*WO:ICN2025Z9*50*L6:ICN2026A1*-1.25~\
SE*41*0001~";

/// The same visit reversed and paid anew with the bundled line: 70.
pub const REVERSAL_AND_CORRECTION: &str = "\
ST*835*0001~\
BPR*I*70*C*ACH*CCP*01*111000025*DA*123456*1741000000**01*111000614*DA*987654*20270108~\
TRN*1*EFT202*1741000000~\
DTM*405*20270108~\
N1*PR*SAMPLE BLUE PPO~\
N3*1 PAYER WAY~\
N4*DALLAS*TX*75201~\
REF*2U*00900~\
PER*BL*EDI SUPPORT*TE*8005550100~\
N1*PE*SAMPLE PEDIATRICS PA*XX*1234567893~\
REF*TJ*741234567~\
LX*1~\
CLP*C26000123*22*-960*-764**12*ICN2026A1*11*1~\
NM1*QC*1*RIVERA*MATEO****MI*XYZ123456789~\
SVC*HC:99391:25*-180*-140**1~\
DTM*472*20261116~\
CAS*CO*45*-40~\
REF*6R*C26000123-1~\
SVC*HC:90697*-175*-160**1~\
DTM*472*20261116~\
CAS*CO*45*-15~\
REF*6R*C26000123-2~\
SVC*HC:90677*-290*-270**1~\
DTM*472*20261116~\
CAS*CO*45*-20~\
REF*6R*C26000123-3~\
SVC*HC:90680*-120*-110**1~\
DTM*472*20261116~\
CAS*CO*45*-10~\
REF*6R*C26000123-4~\
SVC*HC:90460*-105*-84**3~\
DTM*472*20261116~\
CAS*CO*45*-21~\
REF*6R*C26000123-5~\
SVC*HC:90461*-90*0**5~\
DTM*472*20261116~\
CAS*CO*97*-90~\
REF*6R*C26000123-6~\
LQ*HE*N19~\
CLP*C26000123*1*960*834**12*ICN2026A2*11*1~\
NM1*QC*1*RIVERA*MATEO****MI*XYZ123456789~\
REF*F8*ICN2026A1~\
SVC*HC:99391:25*180*140**1~\
DTM*472*20261116~\
CAS*CO*45*40~\
REF*6R*C26000123-1~\
SVC*HC:90697*175*160**1~\
DTM*472*20261116~\
CAS*CO*45*15~\
REF*6R*C26000123-2~\
SVC*HC:90677*290*270**1~\
DTM*472*20261116~\
CAS*CO*45*20~\
REF*6R*C26000123-3~\
SVC*HC:90680*120*110**1~\
DTM*472*20261116~\
CAS*CO*45*10~\
REF*6R*C26000123-4~\
SVC*HC:90460*105*84**3~\
DTM*472*20261116~\
CAS*CO*45*21~\
REF*6R*C26000123-5~\
SVC*HC:90461*90*70**5~\
DTM*472*20261116~\
CAS*CO*45*20~\
REF*6R*C26000123-6~\
SE*67*0001~";

/// A takeback larger than the payment: nothing is paid and 25 are carried forward.
pub const FORWARD_BALANCE: &str = "\
ST*835*0001~\
BPR*H*0*C*NON************20270110~\
TRN*1*EFT203*1741000000~\
DTM*405*20270110~\
N1*PR*SAMPLE BLUE PPO~\
N3*1 PAYER WAY~\
N4*DALLAS*TX*75201~\
REF*2U*00900~\
PER*BL*EDI SUPPORT*TE*8005550100~\
N1*PE*SAMPLE PEDIATRICS PA*XX*1234567893~\
REF*TJ*741234567~\
LX*1~\
CLP*C26000099*22*-110*-25**12*ICN2026B1*11*1~\
NM1*QC*1*RIVERA*MATEO****MI*XYZ123456789~\
SVC*HC:99213:25*-110*-25**1~\
DTM*472*20261116~\
CAS*CO*45*-85~\
REF*6R*C26000099-1~\
PLB*1234567893*20271231*FB:EFT203*-25~\
SE*20*0001~";

/// The next payment, from which the 25 are taken: 68 − 25 = 43.
pub const FORWARD_BALANCE_APPLIED: &str = "\
ST*835*0001~\
BPR*I*43*C*ACH*CCP*01*111000025*DA*123456*1741000000**01*111000614*DA*987654*20270115~\
TRN*1*EFT204*1741000000~\
DTM*405*20270115~\
N1*PR*SAMPLE BLUE PPO~\
N3*1 PAYER WAY~\
N4*DALLAS*TX*75201~\
REF*2U*00900~\
PER*BL*EDI SUPPORT*TE*8005550100~\
N1*PE*SAMPLE PEDIATRICS PA*XX*1234567893~\
REF*TJ*741234567~\
LX*1~\
CLP*C26000125*1*145*68*32*12*PAYERICN0042*11*1~\
NM1*QC*1*CHEN*LILY****MI*XYZ555666777~\
SVC*HC:99213:25*110*50**1~\
DTM*472*20261116~\
CAS*CO*45*28~\
CAS*PR*3*25**2*7~\
REF*6R*C26000125-1~\
SVC*HC:87880:QW*35*18**1~\
DTM*472*20261116~\
CAS*CO*45*17~\
REF*6R*C26000125-2~\
PLB*1234567893*20271231*FB:EFT203*25~\
SE*25*0001~";

/// Puts envelopes around the text of one transaction set and reads it as a file.
pub fn set_of(text: &str) -> TransactionSet {
    let isa = "ISA*00*          *00*          *ZZ*PAYER00900     *ZZ*PEDBILL        *261207*0930*^*00501*000000201*0*T*:~";
    let file = format!("{isa}GS*HP*PAYER00900*PEDBILL*20261207*0930*201*X*005010X221A1~{text}GE*1*201~IEA*1*000000201~");
    set_in(file.as_bytes())
}

/// The first transaction set of a file.
pub fn set_in(file: &[u8]) -> TransactionSet {
    let transaction = |event| if let Event::Transaction(set) = event { Some(set) } else { None };
    read_all(file).expect("a sample is well formed").into_iter().find_map(transaction).expect("a sample is well formed")
}

/// The remittance of a text without faults.
pub fn remittance(text: &str) -> Remittance {
    let (remittance, findings) = read(text);
    assert_eq!(findings, []);
    remittance
}

pub fn read(text: &str) -> (Remittance, Vec<Finding>) {
    read_835(&set_of(text))
}

pub fn written(remittance: &Remittance) -> String {
    let mut w = SegmentWriter::new(Delimiters::default());
    write_835(remittance, &mut w);
    String::from_utf8(w.finish().expect("a sample is well formed")).expect("a sample is well formed")
}

pub fn money(text: &str) -> Money {
    text.parse().expect("a sample is well formed")
}

fn id() -> impl Strategy<Value = String> {
    "[A-Z0-9]{1,20}"
}

fn code() -> impl Strategy<Value = Code> {
    "[A-Z0-9]{1,5}".prop_map(Code::from)
}

fn name() -> impl Strategy<Value = Option<Phi<Code>>> {
    prop::option::of("[A-Z]{1,15}(-[A-Z]{1,9})?").prop_map(|name| name.map(Phi::from))
}

fn cents(range: std::ops::Range<i64>) -> impl Strategy<Value = Money> {
    range.prop_map(Money::from_cents)
}

fn list<T: Debug, L: From<Vec<T>> + Debug>(of: impl Strategy<Value = T>, max: usize) -> impl Strategy<Value = L> {
    prop::collection::vec(of, 0..=max).prop_map(L::from)
}

fn quantity() -> impl Strategy<Value = Quantity> {
    (1_u32..50, prop::sample::select(vec!["", ".5", ".125"]))
        .prop_map(|(whole, fraction)| format!("{whole}{fraction}").parse().expect("a sample is well formed"))
}

fn references() -> impl Strategy<Value = Few<Reference>> {
    list((code(), id()).prop_map(|(qualifier, value)| Reference { qualifier, value: value.into() }), 3)
}

fn dates() -> impl Strategy<Value = Few<QualifiedDate>> {
    let day = (2020_i16..2030, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| date(y, m, d));
    list((code(), day).prop_map(|(qualifier, date)| QualifiedDate { qualifier, date }), 2)
}

fn amounts() -> impl Strategy<Value = Few<QualifiedAmount>> {
    list((code(), cents(-9_999..99_999)).prop_map(|(qualifier, amount)| QualifiedAmount { qualifier, amount }), 2)
}

fn procedure() -> impl Strategy<Value = Procedure> {
    (code(), code(), list(code(), 4), prop::option::of(id())).prop_map(|(qualifier, code, modifiers, description)| Procedure {
        qualifier,
        code,
        modifiers,
        description,
    })
}

fn adjustments() -> impl Strategy<Value = Few<Adjustment>> {
    let group = prop::sample::select(vec!["CO", "OA", "PI", "PR", "CR"]);
    let one = (group, code(), cents(-5_000..20_000), prop::option::of(quantity()));
    let adjustment = |(group, reason, amount, quantity)| Adjustment { segment: 0, group: CasGroup::from(group), reason, amount, quantity };
    list(one.prop_map(adjustment), 8)
}

fn total(adjustments: &[Adjustment]) -> Money {
    adjustments.iter().map(|a| a.amount).sum()
}

fn line() -> impl Strategy<Value = ServiceLine> {
    let amounts_and_units = (cents(0..100_000), prop::option::of(quantity()), prop::option::of(quantity()), amounts());
    let remarks = list((code(), code()).prop_map(|(qualifier, code)| Remark { qualifier, code }), 2);
    let parts = (procedure(), prop::option::of(procedure()), amounts_and_units, adjustments(), dates(), references(), remarks);
    parts.prop_map(|(procedure, submitted, (charge, units, submitted_units, amounts), adjustments, dates, references, remarks)| {
        ServiceLine {
            segment: 0,
            procedure,
            charge,
            paid: charge - total(&adjustments),
            revenue_code: None,
            units,
            submitted: submitted.map(Box::new),
            submitted_units,
            dates,
            adjustments,
            references,
            amounts,
            quantities: Few::new(),
            remarks,
        }
    })
}

fn party() -> impl Strategy<Value = Party> {
    let role = prop::sample::select(vec!["QC", "IL", "74", "82", "TT", "PR", "GB", "ZZ"]);
    let ids = (prop::option::of(code()), prop::option::of(id()));
    (role, any::<bool>(), name(), name(), name(), name(), ids).prop_map(|(role, is_person, name, first, middle, suffix, ids)| Party {
        segment: 0,
        role: PartyRole::from(role),
        is_person,
        name,
        first,
        middle,
        suffix: suffix.filter(|s| s.as_str().len() <= 10),
        id_qualifier: ids.0,
        id: ids.1.map(Phi::from),
    })
}

fn claim() -> impl Strategy<Value = ClaimPayment> {
    let status = prop::sample::select(vec!["1", "2", "3", "4", "19", "20", "21", "22", "23", "25", "77"]);
    let numbers = (id(), id(), "[1-9]".prop_map(Code::from), prop::option::of(code()), prop::option::of(code()));
    let details = (list(party(), 4), list(code(), 7), references(), dates(), amounts());
    (status, numbers, details, adjustments(), list(line(), 4), cents(0..90_000)).prop_map(
        |(status, (pcn, icn, header, filing_indicator, facility), details, adjustments, lines, charge_without_lines): (
            _,
            _,
            _,
            _,
            Vec<ServiceLine>,
            _,
        )| {
            let charge = if lines.is_empty() { charge_without_lines } else { lines.iter().map(|line| line.charge).sum() };
            let (parties, remarks, references, dates, amounts) = details;
            ClaimPayment {
                segment: 0,
                header,
                pcn,
                status: ClaimStatus::from(status),
                charge,
                paid: charge - total(&adjustments) - lines.iter().map(|line| total(&line.adjustments)).sum(),
                patient_responsibility: None,
                filing_indicator,
                icn,
                facility,
                frequency: Some("1".into()),
                drg: Default::default(),
                adjustments,
                parties,
                remarks,
                references,
                dates,
                contacts: vec![Contact {
                    function: "CX".to_owned(),
                    name: None,
                    numbers: vec![("TE".to_owned(), "8005550100".to_owned())],
                }],
                amounts,
                quantities: [QualifiedQuantity { qualifier: "CA".into(), quantity: Quantity::ONE }].into(),
                lines,
            }
        },
    )
}

fn provider_adjustment() -> impl Strategy<Value = ProviderAdjustment> {
    let year = prop::option::of((2024_i16..2028).prop_map(|year| date(year, 12, 31)));
    ("[12]", year, code(), prop::option::of(id()), cents(-9_000..9_000)).prop_map(
        |(provider, fiscal_period_end, reason, reference, amount)| ProviderAdjustment {
            segment: 0,
            provider,
            fiscal_period_end,
            reason,
            reference,
            amount,
        },
    )
}

/// Any remittance that balances; the payment is never negative because what is missing is carried forward.
pub fn balanced() -> impl Strategy<Value = Remittance> {
    (list(claim(), 4), list(provider_adjustment(), 15)).prop_map(|(claims, mut provider_adjustments): (Vec<ClaimPayment>, Vec<_>)| {
        let net = |plbs: &[ProviderAdjustment]| {
            claims.iter().map(|claim| claim.paid).sum::<Money>() - plbs.iter().map(|plb| plb.amount).sum::<Money>()
        };
        let shortfall = net(&provider_adjustments);
        if shortfall.is_negative() {
            let forward =
                ProviderAdjustment { segment: 0, amount: shortfall, ..remittance(FORWARD_BALANCE).provider_adjustments.remove(0) };
            provider_adjustments.push(forward);
        }
        let mut remittance = remittance(PAID_WITH_PLB);
        remittance.payment.amount = net(&provider_adjustments);
        Remittance { claims, provider_adjustments, ..remittance }
    })
}

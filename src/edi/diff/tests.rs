//! Two files that say the same, and two that don't.

use super::*;

const SECONDARY: &str = include_str!("../../../edi-samples/described/claim-secondary.edi");
const REVERSAL: &str = include_str!("../../../edi-samples/described/remittance-reversal.edi");

fn compare(a: &str, b: &str, strictness: Strictness) -> Vec<Difference> {
    diff(&Side::read(a.as_bytes()).unwrap(), &Side::read(b.as_bytes()).unwrap(), strictness, false)
}

/// Path, element, both values: one line a difference.
fn told(a: &str, b: &str) -> Vec<String> {
    let value = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
    let line = |d: Difference| format!("{} | {} | {} | {} -> {}", d.path, d.what, d.place, value(d.a), value(d.b));
    compare(a, b, Strictness::Meaning).into_iter().map(line).collect()
}

#[test]
fn control_numbers_timestamps_wrapping_and_delimiters_are_no_differences() {
    let other = SECONDARY
        .replace('\n', "")
        .replace("000000103", "000000999")
        .replace("*20261118*0930*103*", "*20270101*1200*999*")
        .replace("GE*1*103", "GE*1*999")
        .replace("*261118*0930*", "*270101*1200*")
        .replace("*0001", "*7777")
        .replace("B20261118003*20261118*0930", "OTHER*20270101*1200")
        .replace("*110*UN", "*110.00*UN")
        .replace("CAS*CO*45*28~CAS*PR*3*25**2*7~", "CAS*PR*2*7~CAS*PR*3*25~CAS*CO*45*28~")
        .replace('*', "|");
    assert_eq!(compare(SECONDARY, &other, Strictness::Meaning), []);
    assert!(compare(SECONDARY, &other, Strictness::Strict).len() > 8);
    assert_eq!(compare(SECONDARY, SECONDARY, Strictness::Strict), []);
}

#[test]
fn a_change_is_told_by_its_path_and_its_element() {
    let other = SECONDARY
        .replace("SV1*HC:87880:QW*35*", "SV1*HC:87880:QW*40*")
        .replace("*145***11", "*150***11")
        .replace("CAS*CO*45*17", "CAS*CO*45*22");
    assert_eq!(
        told(SECONDARY, &other),
        [
            "claim C26000125S | total charge | CLM02 | 145.00 -> 150.00",
            "claim C26000125S, line 2 | charge | SV102 | 35.00 -> 40.00",
            "claim C26000125S, line 2, decision of payer 00900 | CO-45 amount | CAS03 | 17.00 -> 22.00",
        ]
    );
}

#[test]
fn claims_are_matched_by_number_wherever_they_stand() {
    let two = |first: &str, second: &str| {
        let set = |file: &str| file[file.find("ST*").unwrap()..file.find("GE*").unwrap()].to_owned();
        format!(
            "{}{}{}GE*2*103~\nIEA*1*000000103~\n",
            &SECONDARY[..SECONDARY.find("ST*").unwrap()],
            set(first),
            set(second).replace("*0001", "*0002")
        )
    };
    let other = SECONDARY.replace("C26000125S", "C2");
    assert_eq!(told(&two(SECONDARY, &other), &two(&other, SECONDARY)), Vec::<String>::new());
    assert_eq!(told(SECONDARY, &two(&other, SECONDARY)), ["claim C2 |  |  | nothing -> all of it"]);
}

#[test]
fn what_names_a_person_is_masked() {
    let differences = told(SECONDARY, &SECONDARY.replace("LILY", "LEAH").replace("20190302", "20190303"));
    assert_eq!(differences.len(), 2);
    assert!(differences.iter().all(|line| line.ends_with("••• -> •••") && line.contains("patient")), "{differences:?}");
    let (a, other) = (Side::read(SECONDARY.as_bytes()).unwrap(), SECONDARY.replace("LILY", "LEAH"));
    let shown = diff(&a, &Side::read(other.as_bytes()).unwrap(), Strictness::Meaning, true);
    assert_eq!((shown[0].a.as_deref(), shown[0].b.as_deref()), (Some("LILY"), Some("LEAH")));
}

#[test]
fn remittances_are_matched_by_trace_and_claims_by_both_numbers_and_status() {
    let other = REVERSAL.replace("L6:ICN2026A1*-1.25", "L6:ICN2026A1*-2.25").replace("BPR*I*21.25", "BPR*I*22.25");
    assert_eq!(
        told(REVERSAL, &other),
        [
            "remittance EFT202 | payment amount paid | BPR02 | 21.25 -> 22.25",
            "remittance EFT202 | provider adjustment L6 ICN2026A1 amount | PLB06 | -1.25 -> -2.25",
        ]
    );
    let without = REVERSAL.replace("LQ*HE*N19~\n", "");
    assert_eq!(told(REVERSAL, &without).len(), 1, "{:?}", told(REVERSAL, &without));
}

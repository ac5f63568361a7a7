//! What is said of whole files: every kind of fault, once, where it is; nothing of files that are right; nothing that panics.

use proptest::prelude::*;

use super::samples::{CLAIM, CLAIM_ACKNOWLEDGMENT, REMITTANCE, file};
use super::*;
use crate::edi::Severity;

const CLAIMS: &str = "005010X222A1";

fn claim() -> String {
    file("HC", CLAIMS, CLAIM)
}

fn remittance() -> String {
    file("HP", "005010X221A1", REMITTANCE)
}

fn acknowledgment() -> String {
    file("HN", "005010X214", CLAIM_ACKNOWLEDGMENT)
}

/// `code segment[.element[.component]]` for every fault of a file.
fn said(text: &str) -> Vec<String> {
    faults_of(text.as_bytes()).unwrap().iter().map(told).collect()
}

fn told(fault: &Fault) -> String {
    let Position { segment, element, component, .. } = fault.position;
    let part = |part: Option<u8>| part.map_or(String::new(), |n| format!(".{n}"));
    format!("{} {segment}{}{}", fault.rule.code, part(element), part(component))
}

#[test]
fn files_that_are_right_have_no_fault() {
    for text in [claim(), remittance(), acknowledgment(), file("HC", CLAIMS, &CLAIM.replace('~', "~\r\n"))] {
        assert_eq!(said(&text), [""; 0], "{}", &text[..200]);
    }
}

#[test]
fn of_a_segment_that_the_file_ends_within_nothing_is_said_but_that() {
    let cut = claim().split_inclusive("CLM*").next().unwrap().to_owned() + "C26";
    let codes: Vec<String> = said(&cut).iter().map(|fault| fault.split(' ').next().unwrap().to_owned()).collect();
    assert!(codes.ends_with(&["X12-SE", "X12-UNTERMINATED", "X12-GE", "X12-IEA"].map(str::to_owned)), "{codes:?}");
    assert!(!codes.iter().any(|code| code == "X12-ELEMENT-MISSING"), "{codes:?}");
}

/// A change of the claim file, and what is then said: every line trips one rule, and no other. The claim begins at segment 24.
const CLAIM_FAULTS: &[(&str, &str, &str)] = &[
    // Envelopes.
    ("IEA*1*000000103~", "IEA*1*000000103~garbage", "X12-TRAILING 55"),
    ("IEA*1*000000103~", "IEA*1*000000103", "X12-UNTERMINATED 54"),
    ("ST*837", "REF*EI*1~N3*X~ST*837", "X12-STRAY 3"),
    ("*261118*0930*^", "*261318*0930*^", "X12-ISA 1.9"),
    ("*^*00501*", "*^*00502*", "X12-ISA12 1.12"),
    ("IEA*1*000000103~", "", "X12-IEA 53"),
    ("IEA*1*", "IEA*2*", "X12-IEA01 54.1"),
    ("IEA*1*000000103", "IEA*1*000000104", "X12-IEA02 54.2"),
    ("ST*837", "TA1*000000100*261117*0930*A*000~ST*837", "X12-TA1 3"),
    ("*20261118*0930*103*X", "*20261118*0930*103*T", "X12-GS 2.7"),
    ("GS*HC", "GS*HP", "X12-GS01 2.1"),
    ("GE*1*103~", "", "X12-GE 53"),
    ("GE*1*", "GE*2*", "X12-GE01 53.1"),
    ("GE*1*103", "GE*1*104", "X12-GE02 53.2"),
    // The transaction set.
    ("ST*837*0001*005010X222A1~", "", "X12-ST 3"),
    ("ST*837*", "ST*835*", "X12-ST01 3.1"),
    ("*0001*005010X222A1~", "*0001*005010X221A1~", "X12-ST03 3.3"),
    ("*0001*005010X222A1~", "*0001*005010X299~", "X12-ST03 3.3"),
    ("SE*50*0001~", "", "X12-SE 51"),
    ("SE*50*", "SE*51*", "X12-SE01 52.1"),
    ("SE*50*0001", "SE*50*0002", "X12-SE02 52.2"),
    // Segments and loops.
    ("HI*ABK", "XYZ*1~HI*ABK", "X12-SEGMENT-UNKNOWN 25"),
    ("HI*ABK", "BPR*I*1~HI*ABK", "X12-SEGMENT-NOT-IN-SET 25"),
    ("HI*ABK", "CTP****.5*ML~HI*ABK", "X12-SEGMENT-UNEXPECTED 25"),
    ("LX*1~", "NM1*41*2*X*****46*Y~PER*IC**TE*5125550100~LX*1~", "X12-LOOP-TOO-MANY 33"),
    ("N3*100 MAIN STREET~N4*AUSTIN*TX*787010001~", "N4*AUSTIN*TX*787010001~N3*100 MAIN STREET~", "X12-SEGMENT-ORDER 12"),
    ("DTP*472*D8*20261005~REF*6R*C26000125-1~", "REF*6R*C26000125-1~DTP*472*D8*20261005~", "X12-SEGMENT-ORDER 36"),
    ("REF*EI*741234567~", "", "X12-SEGMENT-MISSING 13"),
    ("DTP*472*D8*20261005~", "", "X12-SEGMENT-MISSING 35"),
    ("LX*1~", "", "X12-SEGMENT-MISSING 33"),
    ("LX*2~", "", "X12-SEGMENT-MISSING 42"),
    ("CLM*C26000125S*145***11:B:1*Y*A*Y*Y~", "", "X12-SEGMENT-MISSING 24"),
    ("NM1*85*2*SAMPLE PEDIATRICS PA*****XX*1234567893~", "", "X12-SEGMENT-MISSING 10"),
    ("AMT*D*68~", "AMT*D*68~AMT*D*68~", "X12-SEGMENT-TOO-MANY 29"),
    ("NM1*PR*2*SAMPLE COMMERCIAL*****PI*60054~", "", "X12-LOOP-MISSING 17"),
    ("NM1*40*2*SAMPLE CLEARINGHOUSE*****46*CLRHOUSE~", "NM1*40*2*A*****46*BB~NM1*40*2*A*****46*BB~", "X12-LOOP-TOO-MANY 8"),
    ("HI*ABK", "K3~HI*ABK", "X12-SEGMENT-EMPTY 25"),
    ("HL*3*2*23", "HL*4*2*23", "X12-HL01 18.1"),
    ("HL*3*2*23", "HL*3*1*23", "X12-HL02 18.2"),
    ("HL*2*1*22*1", "HL*2*1*22*0", "X12-HL04 14.4"),
    // Elements.
    ("*ACM998877", "*", "X12-ELEMENT-MISSING 16.9"),
    ("NM1*QC*1*CHEN*LILY~", "NM1*QC*1*CHEN*LILY****MI*ACM998877~", "X12-ELEMENT-NOT-USED 20.8 X12-ELEMENT-NOT-USED 20.9"),
    ("*D8*20190302*F~", "*D8*20190302*F*********Z~", "X12-ELEMENTS-TOO-MANY 23.12"),
    ("11:B:1*", "11:B:1:9*", "X12-COMPONENTS-TOO-MANY 24.5.4"),
    ("*CHEN*LILY", "*CHEN*LI:LY", "X12-COMPONENTS-TOO-MANY 20.4"),
    ("*CHEN*LILY", "*CHEN*LI^LY", "X12-REPEATS 20.4"),
    ("PAT*19", "PAT*99", "X12-CODE 19.1"),
    ("PAT*19", "PAT*18", "X12-CODE-NOT-HERE 19.1"),
    ("REF*EI*741234567", "REF*ZZ*741234567", "X12-CODE 13.1"),
    ("NM1*85*2", "NM1*ZZ*2", "X12-CODE-NOT-HERE 10.1"),
    ("*11:B:1*", "*00:B:1*", "X12-CODE 24.5.1"),
    ("DTP*472*RD8*20261005-20261006", "DTP*47*RD8*20261005-20261006", "X12-SHORT 44.1"),
    ("N4*AUSTIN*TX*787040004", "N4*AUSTIN*TX*7870400041234567", "X12-LONG 22.3"),
    ("UN*1***1~", "UN*1,5***1~", "X12-NUMBER 34.4"),
    ("*20261118*0930*CH", "*20261131*0930*CH", "X12-DATE 4.4"),
    ("DMG*D8*20190302", "DMG*D8*20190230", "X12-DATE 23.2"),
    ("*20261118*0930*CH", "*20261118*0960*CH", "X12-TIME 4.5"),
    ("20261005-20261006", "20261006-20261005", "X12-PERIOD 44.3"),
    ("*CHEN*LILY", "*CHEN*LI\tLY", "X12-CONTROL-CHARACTER 20.4"),
    ("*CHEN*LILY", "*CHEN*L\u{cd}LY", "X12-CHARACTER 20.4"),
    ("*CHEN*LILY", "*CHEN*LILY ", "X12-SPACES 20.4"),
    ("*CHEN*LILY", "*CHEN*LILY*", "X12-TRAILING-SEPARATOR 20"),
    ("HC:90697*35", "HC:90697:*35", "X12-TRAILING-SEPARATOR 43.1"),
    ("TE*5125550100", "TE*5125550100*FX", "X12-CONDITION 6.6"),
    ("N4*AUSTIN*TX*787040004", "N4*AUSTIN*TX*787040004****AB", "X12-CONDITION 22.4 X12-EXCLUSIVE 22.7"),
    ("AMT*EAF*32~", "AMT*EAF*32.001~", "X12-MONEY 41.2"),
    ("XX*1234567893", "XX*1234567890", "X12-NPI 10.9"),
    ("REF*EI*741234567", "REF*EI*74-1234567", "X12-DIGITS 13.2"),
    ("N4*63361024358", "N4*63361-0243-58", "X12-NDC 46.3"),
    ("ABK:J029", "ABK:J02.9", "X12-DIAGNOSIS 25.1.2"),
    ("PXC*208000000X", "PXC*208000000", "X12-TAXONOMY 9.3"),
    ("TE*5125550100", "TE*512-555-0100", "X12-PHONE 6.4"),
    // Sums and dependencies.
    ("CLM*C26000125S*145*", "CLM*C26000125S*146*", "X12-CLM02 24.2 X12-COB-CLAIM 28.2"),
    ("CAS*CO*45*28~", "CAS*CO*45*27~", "X12-COB-CLAIM 28.2 X12-COB-LINE 37.2"),
    ("AMT*D*68", "AMT*D*67", "X12-COB-CLAIM 28.2"),
    ("SVD*00900*18*", "SVD*00901*18*", "X12-COB-PAYER 48.1"),
    ("11:B:1*", "11:B:7*", "X12-F8 24"),
    ("SBR*S**GRP777", "SBR*S*18*GRP777", "X12-SELF 15.2"),
    ("1:2~DTP", "1:3~DTP", "X12-POINTER 43.7.2"),
    ("ABF:Z23", "ABF:J029", "X12-DIAGNOSIS-TWICE 25.2.2"),
];

/// The same for the remittance.
const REMITTANCE_FAULTS: &[(&str, &str, &str)] = &[
    ("SVC*HC:99391:25*180*140*", "SVC*HC:99391:25*180*141*", "X12-ERA-LINE 15.3"),
    ("SVC*HC:99391:25*180*140*", "SVC*HC:99391:25*179*139*", "X12-ERA-CHARGE 13.3"),
    ("*1*300*220*40*", "*1*300*219*40*", "X12-ERA-TOTAL 4.2 X12-ERA-CLAIM 13.4"),
    ("*1*300*220*40*", "*1*300*220*41*", "X12-ERA-PATIENT 13.5"),
    ("BPR*I*170*", "BPR*I*171*", "X12-ERA-TOTAL 4.2"),
    ("BPR*I*170*C*ACH*CCP*01*111000025", "BPR*I*170*C*ACH*CCP*01*", "X12-CONDITION 4.7"),
    ("CAS*CO*45*40~", "CAS*CR*45*40~", "X12-CODE-NOT-HERE 17.1"),
    ("CAS*CO*45*40~", "CAS*CO*45*40**45~", "X12-CONDITION 17.6"),
    ("BPR*I*170*", "BPR*I*-1*", "X12-ERA-TOTAL 4.2 X12-ERA-NEGATIVE 4.2"),
];

fn assert_faults(file: &str, faults: &[(&str, &str, &str)]) {
    for (right, wrong, expected) in faults {
        assert!(file.contains(right), "{right}");
        let changed = file.replacen(right, wrong, 1);
        let is_counted = expected.starts_with("X12-SE ") || expected.starts_with("X12-SE01") || expected.starts_with("X12-ST ");
        let changed = if is_counted { changed } else { recounted(&changed) };
        assert_eq!(said(&changed).join(" "), *expected, "{wrong}");
    }
}

/// The file with the right SE01, so that a segment more or less is not a second fault.
fn recounted(text: &str) -> String {
    let (before, rest) = text.split_once("~ST*").unwrap();
    let (set, after) = rest.split_once("~SE*").unwrap();
    let (_, after) = after.split_once('*').unwrap();
    format!("{before}~ST*{set}~SE*{}*{after}", set.matches('~').count() + 2)
}

#[test]
fn every_fault_of_a_claim_is_reported_once_and_where_it_is() {
    assert_faults(&claim(), CLAIM_FAULTS);
}

#[test]
fn every_fault_of_a_remittance_is_reported_once_and_where_it_is() {
    assert_faults(&remittance(), REMITTANCE_FAULTS);
}

#[test]
fn groups_and_sets_out_of_their_envelopes_are_reported_and_the_rest_is_checked() {
    let two = file("HC", CLAIMS, &[CLAIM, CLAIM].concat());
    assert_eq!(said(&two), ["X12-ST02 53.2"]);
    assert_eq!(said(&claim().replace("GS*HC", "GX*HC")), ["X12-STRAY 2", "X12-GS-MISSING 3"]);
    assert_eq!(said(&file("HC", CLAIMS, "")), ["X12-GE-EMPTY 3"]);
    // A set that is not ended ends where the next begins, and both are checked.
    let unended = CLAIM.replace("SE*50*0001~", "").replace("*0001*", "*0002*").replace("PAT*19", "PAT*99");
    let file_of_two = file("HC", CLAIMS, &[unended.as_str(), &CLAIM.replace("UN*1***1~", "UN*X***1~")].concat());
    assert_eq!(said(&file_of_two), ["X12-CODE 19.1", "X12-SE 51", "X12-NUMBER 83.4"]);
}

#[test]
fn an_unsupported_guide_is_one_warning_and_its_envelope_is_checked() {
    let old = claim().replace("005010X222A1", "004010X098A1").replace("SE*50*", "SE*49*");
    assert_eq!(said(&old), ["X12-GUIDE 3.3", "X12-SE01 52.1"]);
}

#[test]
fn past_the_limit_one_fault_tells_how_many_are_not_listed() {
    let many = CLAIM.replace("HI*ABK", &format!("{}HI*ABK", "XYZ*1~".repeat(1200))).replace("SE*50*", "SE*1250*");
    let faults = faults_of(file("HC", CLAIMS, &many).as_bytes()).unwrap();
    assert_eq!((faults.len(), faults[0].rule.code, faults[0].message.as_str()), (1001, "X12-MORE", "200 more faults are not listed"));
}

#[test]
fn a_fault_belongs_to_its_claim_or_to_the_one_claim_of_its_person() {
    let claims = |text: String| -> Vec<Option<String>> {
        faults_of(text.as_bytes()).unwrap().into_iter().map(|fault| fault.claim.map(|claim| claim.as_str().to_owned())).collect()
    };
    for changed in [claim().replace("*ACM998877", "*"), claim().replace("UN*1***1~", "UN*X***1~"), claim().replace("11:B:1*", "11:B:7*")] {
        assert_eq!(claims(changed), [Some("C26000125S".to_owned())]);
    }
    assert_eq!(claims(claim().replace("REF*EI*741234567", "REF*EI*74-1234567")), [None]);
    assert_eq!(claims(remittance().replace("SVC*HC:99391:25*180*140*", "SVC*HC:99391:25*180*141*")), [Some("C26000123".to_owned())]);
}

#[test]
fn a_fault_says_what_is_wrong_and_what_to_do_and_shows_no_data() {
    let faults = faults_of(claim().replace("CHEN*LILY", "CHEN*LI:LY").as_bytes()).unwrap();
    assert_eq!(
        faults[0].to_string(),
        "segment 20 (NM1) element 4 at byte 625: first name has components, but is one value. \
         Remove the components past the last one; a separator in the data may be the cause. [X12-COMPONENTS-TOO-MANY]"
    );
    let shown = format!("{:?} {}", faults[0], faults[0]);
    assert!(!shown.contains("LILY") && !shown.contains("LI:LY") && !shown.contains("C26000125S"), "{shown}");
}

#[test]
fn every_rule_of_the_catalog_is_tripped_by_a_test() {
    let here = include_str!("tests.rs");
    for rule in CATALOG {
        assert!(here.contains(&format!("{} ", rule.code)) || here.contains(&format!("\"{}\"", rule.code)), "{}", rule.code);
    }
}

#[test]
fn the_twenty_faults_of_the_sample_are_all_found_where_they_are() {
    let bytes = include_bytes!("../../../edi-samples/malformed/twenty-faults.edi");
    let found = faults_of(bytes).unwrap();
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), TWENTY);
    assert_eq!(found.iter().filter(|fault| fault.rule.severity == Severity::Error).count(), 16);
}

/// What is planted in `twenty-faults.edi`.
const TWENTY: [&str; 20] = [
    "X12-PHONE 6.4",
    "X12-TAXONOMY 9.3",
    "X12-NPI 10.9",
    "X12-DIGITS 13.2",
    "X12-SELF 15.2",
    "X12-ELEMENT-MISSING 16.9",
    "X12-HL02 18.2",
    "X12-CODE-NOT-HERE 19.1",
    "X12-SEGMENT-ORDER 22",
    "X12-DATE 23.2",
    "X12-MONEY 24.2",
    "X12-DIAGNOSIS 25.1.2",
    "X12-POINTER 28.7.2",
    "X12-PERIOD 29.3",
    "X12-NUMBER 32.4",
    "X12-SEGMENT-MISSING 33",
    "X12-NDC 34.3",
    "X12-SEGMENT-UNKNOWN 39",
    "X12-TRAILING-SEPARATOR 40",
    "X12-SE01 41.1",
];

#[test]
fn one_segment_more_or_less_is_never_many_faults() {
    let segments: Vec<&str> = CLAIM.split_inclusive('~').collect();
    for changed in 1..segments.len() - 1 {
        // A level or loop that begins twice lacks all that it must hold the first time; what is gone is gone once.
        for (times, most) in [(0, 3), (2, 6)] {
            let text: String = segments.iter().enumerate().map(|(at, text)| text.repeat(if at == changed { times } else { 1 })).collect();
            let found = said(&recounted(&file("HC", CLAIMS, &text)));
            assert!(found.len() <= most, "{times} {} {found:?}", segments[changed]);
        }
    }
}

proptest! {
    #[test]
    fn damaged_files_never_panic(
        which in 0_usize..3,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), "[ -~]{0,3}"), 1..20),
    ) {
        let mut text = [claim(), remittance(), acknowledgment()][which].clone();
        for (at, with) in cuts {
            let at = 106 + at.index(text.len() - 106);
            text.replace_range(at..=at, &with);
        }
        let _ = faults_of(text.as_bytes());
    }

    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>) {
        let head = &claim().into_bytes()[..160];
        let _ = faults_of(&[head, &bytes].concat());
    }
}

//! What masking must keep and must not keep, on our samples.

use std::collections::HashSet;

use super::class::{Class, class};
use super::*;
use crate::edi::claim_837p::{read_837p, samples};
use crate::edi::remittance_835::{prove, read_835};
use crate::edi::{Finding, Severity, read_all};
use sha2::{Digest, Sha256};

/// Files of all kinds: claims, and remittances, acknowledgments and answers of `edi-samples`.
fn files() -> Vec<Vec<u8>> {
    let described = [
        &include_bytes!("../../../edi-samples/described/claim-secondary.edi")[..],
        include_bytes!("../../../edi-samples/described/remittance-reversal.edi"),
        include_bytes!("../../../edi-samples/described/syntax-rejected.edi"),
        include_bytes!("../../../edi-samples/described/claims-acknowledged.edi"),
        include_bytes!("../../../edi-samples/described/interchange-rejected.edi"),
        include_bytes!("../../../edi-samples/described/eligibility-question.edi"),
        include_bytes!("../../../edi-samples/described/eligibility-answer.edi"),
        include_bytes!("../../../edi-samples/described/claim-status-answer.edi"),
    ];
    samples::ALL.iter().map(|text| text.as_bytes().to_vec()).chain(described.map(<[u8]>::to_vec)).collect()
}

fn hashed(key: u8) -> impl Fn(&str, &[u8]) -> [u8; 32] {
    move |domain, value| Sha256::digest([&[key], domain.as_bytes(), b"|", value].concat()).into()
}

fn masked_by(key: u8, file: &[u8]) -> Vec<u8> {
    mask(file, &hashed(key)).flat_map(|piece| piece.unwrap().bytes).collect()
}

fn masked(file: &[u8]) -> Vec<u8> {
    masked_by(1, file)
}

fn sets(file: &[u8]) -> Vec<TransactionSet> {
    let sets = read_all(file).unwrap().into_iter();
    sets.filter_map(|event| if let Event::Transaction(set) = event { Some(set) } else { None }).collect()
}

/// What the readers complain of, without messages: those may count.
fn complaints(file: &[u8]) -> Vec<(&'static str, Severity, u32, Option<u8>)> {
    let around =
        read_all(file).unwrap().into_iter().filter_map(|event| if let Event::Finding(finding) = event { Some(finding) } else { None });
    let within = sets(file).into_iter().flat_map(|set| match set.kind() {
        "837" => read_837p(&set).1,
        "835" => read_835(&set).1,
        _ => Vec::new(),
    });
    around.chain(within).map(|Finding { code, severity, position, .. }| (code, severity, position.segment, position.element)).collect()
}

/// The values of a file that must not survive: whatever is of a class that is not shown, and claim numbers.
fn secrets(file: &[u8]) -> HashSet<Vec<u8>> {
    let mut secrets = HashSet::new();
    for set in sets(file) {
        for segment in set.segments() {
            for n in 1..=segment.elements() {
                for (c, value) in (1..).zip(segment.components(n)) {
                    let class = class(&segment, n, c, value);
                    // One letter or digit may stand anywhere.
                    if value.len() > 1
                        && (!class.is_shown() || matches!(class, Class::ClaimNumber | Class::PublicNumber | Class::OrganizationName))
                    {
                        secrets.insert(value.to_vec());
                    }
                }
            }
        }
    }
    secrets
}

/// All elements and components of a file.
fn values(file: &[u8]) -> HashSet<Vec<u8>> {
    file.split(|byte| b"*:^~\r\n".contains(byte)).map(<[u8]>::to_vec).collect()
}

#[test]
fn nothing_that_tells_of_somebody_survives() {
    for file in files() {
        let (secrets, after) = (secrets(&file), values(&masked(&file)));
        let survivors: Vec<_> = secrets.intersection(&after).map(|value| String::from_utf8_lossy(value).into_owned()).collect();
        assert_eq!(survivors, Vec::<String>::new());
    }
    let all: HashSet<Vec<u8>> = files().iter().flat_map(|file| secrets(file)).collect();
    for secret in
        ["CHEN", "LILY", "20190302", "XYZ555666777", "5 PINE CT", "787040004", "5125550100", "1245319599", "PAYERICN0042", "C26000125S"]
    {
        assert!(all.contains(secret.as_bytes()), "{secret} is no secret of the samples: the test proves nothing");
    }
}

#[test]
fn codes_amounts_and_structure_stay() {
    let text = String::from_utf8(masked(samples::SECONDARY.as_bytes())).unwrap();
    for kept in [
        "SV1*HC:99213:25*110*UN*1***1~",
        "HI*ABK:J029~",
        "CAS*PR*3*25**2*7~",
        "SBR*S**",
        "HL*3*2*23*0~",
        "PRV*BI*PXC*208000000X~",
        "SE*49*0001~",
    ] {
        assert!(text.contains(kept), "{kept}");
    }
    let count = |file: &[u8]| (file.iter().filter(|byte| **byte == b'~').count(), file.iter().filter(|byte| **byte == b'\n').count());
    assert_eq!(count(text.as_bytes()), count(samples::SECONDARY.as_bytes()));
}

#[test]
fn a_masked_file_reads_like_its_original_and_balances() {
    for file in files() {
        let copy = masked(&file);
        assert_eq!(complaints(&copy), complaints(&file));
        for set in sets(&copy).iter().filter(|set| set.kind() == "835") {
            assert!(prove(&read_835(set).0).is_ok());
        }
    }
}

#[test]
fn the_same_key_gives_the_same_child_in_claim_and_remittance_and_another_key_another() {
    let claim = |key: u8| {
        let set = sets(&masked_by(key, samples::DEPENDENT.as_bytes())).remove(0);
        let patient = read_837p(&set).0.billing_providers[0].subscribers[0].patients[0].clone();
        let line = patient.claims[0].lines[0].clone();
        let crate::edi::claim_837p::EntityName::Person(name) = patient.person.name else { panic!("a child is a person") };
        (
            patient.claims[0].id.clone(),
            name.last.reveal().clone(),
            line.service_date.unwrap().first().unwrap(),
            patient.person.birth_date.unwrap(),
        )
    };
    let remittance = |key: u8| {
        let file = include_bytes!("../../../edi-samples/described/remittance-reversal.edi");
        let set = sets(&masked_by(key, file)).remove(0);
        let paid = read_835(&set).0.claims.remove(1);
        let name = paid.parties[0].name.as_ref().unwrap().as_str().to_owned();
        (paid.pcn.clone(), name, paid.lines[0].service_date().unwrap())
    };
    let (pcn, name, service, birth) = claim(1);
    assert_eq!((pcn.clone(), name, service), remittance(1));
    let age = jiff::civil::date(2026, 11, 16) - jiff::civil::date(2026, 7, 15);
    assert_eq!((service - *birth.reveal()).get_days(), age.get_days());
    assert_ne!(pcn, claim(2).0);
}

#[test]
fn passwords_and_what_stands_outside_of_sets_are_gone() {
    let file = samples::DEPENDENT
        .replace("ISA*00*          *00*          *", "ISA*03*LOGIN12345*01*SECRET6789*")
        .replace("GE*1*", "XX1*RIVERA~GE*1*");
    let text = String::from_utf8(masked(file.as_bytes())).unwrap();
    assert!(!text.contains("LOGIN") && !text.contains("SECRET") && !text.contains("XX1"), "{text}");
    assert!(text.starts_with("ISA*03*          *01*          *ZZ*"));
}

#[test]
fn unknown_segments_keep_their_shape_only() {
    let file = samples::DEPENDENT.replace("LX*1~", "ZZ9*Rivera 12*A:B~LX*1~").replace("SE*52*", "SE*53*");
    let copy = masked(file.as_bytes());
    let set = sets(&copy).remove(0);
    let unknown = set.segments().find(|segment| segment.id() == "ZZ9").unwrap();
    assert_eq!((unknown.bytes(1).len(), unknown.bytes(2).len()), (9, 3));
    assert!(unknown.bytes(1)[6] == b' ' && !unknown.text(1).contains("Rivera"));
}

#[test]
fn line_ends_stay_where_they_were_and_wrapping_goes() {
    let flat = samples::DEPENDENT.replace('\n', "");
    let copy = String::from_utf8(masked(flat.as_bytes())).unwrap();
    assert!(!copy.contains('\n'));
    for end in ["\n", "\r\n"] {
        let lines = flat.replace('~', &format!("~{end}"));
        assert_eq!(masked(lines.as_bytes()), copy.replace('~', &format!("~{end}")).as_bytes());
        assert_eq!(masked(lines.trim_end().as_bytes()), copy.replace('~', &format!("~{end}")).trim_end().as_bytes());
        let wrapped: Vec<&str> = flat.as_bytes().chunks(80).map(|line| std::str::from_utf8(line).unwrap()).collect();
        assert_eq!(masked(wrapped.join(end).as_bytes()), copy.as_bytes());
    }
}

#[test]
fn a_file_that_is_cut_off_is_masked_up_to_there_and_then_the_error_comes() {
    let file = [samples::DEPENDENT, &samples::MEDICAID[..900]].concat();
    let keyed = hashed(1);
    let pieces: Vec<_> = mask(file.as_bytes(), &keyed).collect();
    assert!(pieces.last().unwrap().is_err() && pieces.iter().filter(|piece| piece.is_err()).count() == 1);
    assert!(
        pieces
            .iter()
            .flatten()
            .flat_map(|piece| &piece.bytes)
            .copied()
            .collect::<Vec<u8>>()
            .starts_with(&masked(samples::DEPENDENT.as_bytes()))
    );
}

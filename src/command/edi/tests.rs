//! Golden descriptions: each sample of `edi-samples/described` and beside it what `edi describe` says of it.

use std::path::Path;

use super::describe::section;
use super::meaning;
use crate::edi::describe::{Describer, Palette, to_text};
use crate::edi::{Event, read_all};

/// What `describe` prints of a file, without colours.
fn described(file: &[u8], show_phi: bool) -> String {
    let describer = Describer { meanings: &meaning, show_phi };
    let events: Vec<Event> = read_all(file).unwrap();
    let sections = events.iter().filter_map(|event| section(&describer, event));
    sections.map(|(_, section)| to_text(&section, &Palette::PLAIN) + "\n").collect()
}

/// Compares a text with a file; with `PEDICLAIM_BLESS` set, writes it.
fn assert_golden(path: &Path, text: &str) {
    if std::env::var_os("PEDICLAIM_BLESS").is_some() {
        std::fs::write(path, text).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, golden, "{}: PEDICLAIM_BLESS=1 writes it anew", path.display());
}

#[test]
fn samples_are_described_as_their_texts_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("edi-samples/described");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "edi") {
            assert_golden(&path.with_extension("txt"), &described(&std::fs::read(&path).unwrap(), false));
            count += 1;
        }
    }
    assert!(count >= 8, "only {count} samples");
}

#[test]
fn a_person_is_named_only_when_asked_for() {
    let file = include_bytes!("../../../edi-samples/described/claim-secondary.edi");
    let person = ["CHEN", "LILY", "MAYA", "2019-03-02", "XYZ555666777", "ACM998877", "5 PINE CT", "NGUYEN", "5125550100"];
    let (masked, shown) = (described(file, false), described(file, true));
    for secret in person {
        assert!(!masked.contains(secret) && shown.contains(secret), "{secret}");
    }
}

#[test]
fn a_patient_is_masked_even_where_the_file_says_organization() {
    let claim = include_str!("../../../edi-samples/described/claim-secondary.edi").replace("NM1*QC*1*CHEN*LILY", "NM1*QC*2*CHEN");
    let remittance =
        include_str!("../../../edi-samples/described/remittance-reversal.edi").replace("NM1*QC*1*RIVERA*MATEO", "NM1*QC*2*RIVERA");
    let answer = include_str!("../../../edi-samples/described/eligibility-answer.edi").replace("NM1*03*1*RIVERA*MATEO", "NM1*03*2*RIVERA");
    for file in [claim, remittance, answer] {
        let text = described(file.as_bytes(), false);
        assert!(!text.contains("CHEN") && !text.contains("RIVERA"), "{text}");
    }
}

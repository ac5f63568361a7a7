//! What arrives: again, broken, cut off, for somebody else, or not adding up.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pediclaim::platform::archive;
use pediclaim::platform::money::Money;
use pediclaim::revenue_cycle::inbound::survey;
use pediclaim::revenue_cycle::{ledger, remittance};

use crate::support::{TestPractice, World, visits};

/// Tables that reading a file may write, besides the file's own row.
const DERIVED: [&str; 7] = ["acknowledgment", "remittance", "remittance_claim", "provider_adjustment", "journal", "transfer", "work_item"];

async fn derived(practice: &TestPractice) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for table in DERIVED {
        counts.insert(table, practice.rows(table).await);
    }
    counts
}

/// Sends one claim and gives the remittance that pays it, not yet received.
async fn remittance_of_one_claim(practice: &TestPractice) -> String {
    practice.intake_json(&visits::sore_throat("V-1")).await;
    practice.submit().await;
    practice.poll().await;
    practice.advance_days(10);
    let submitter = practice.setup.submitters[0].id;
    let partner = practice.app.connection(&practice.db, submitter).await.unwrap();
    let name = partner.inbound().await.unwrap().remove(0);
    let bytes = partner.fetch(&name).await.unwrap();
    partner.acknowledge(&name).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Everything that receiving nothing new must leave as it is.
async fn standing(practice: &TestPractice) -> (String, usize, BTreeMap<&'static str, u64>) {
    (practice.digest().await, practice.event_count().await, derived(practice).await)
}

both_engines! {
    async fn the_same_files_received_again_change_nothing(practice in World::paying()) {
        practice.play_to_payment(&visits::well_child("V-1")).await;
        assert_eq!(practice.the_claim().await.state, "paid");
        let before = standing(practice).await;
        let received = practice.received().await;
        let mut kinds: Vec<&str> = received.iter().map(|(file, _)| file.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["277", "835", "999", "TA1"]);
        for (file, bytes) in &received {
            let again = practice.receive("another-name.edi", bytes.clone()).await;
            assert_eq!((again.id, again.times_received, again.state.as_str()), (file.id, 2, "processed"));
        }
        assert_eq!(standing(practice).await, before);
    }

    async fn the_same_remittance_with_other_delimiters_in_another_file_is_the_same(practice in World::paying()) {
        let text = remittance_of_one_claim(practice).await;
        practice.receive("835.edi", text.clone()).await;
        let (digest, rows) = (practice.digest().await, derived(practice).await);
        let file = practice.receive("again.edi", text.replace('~', "~\r\n")).await;
        assert_eq!((file.state.as_str(), file.times_received), ("processed", 1));
        let file = practice.receive("again.edi", text.replace('*', "|").replace('~', "\n")).await;
        assert_eq!(file.state, "processed");
        assert_eq!((practice.digest().await, derived(practice).await), (digest, rows));
    }

    async fn a_file_that_was_cut_off_anywhere_is_kept_and_has_no_effect(practice in World::paying()) {
        let text = remittance_of_one_claim(practice).await;
        let before = derived(practice).await;
        let whole = text.trim_end().len();
        for cut in (1..whole - 1).step_by(whole / 23) {
            let file = practice.receive("cut.edi", &text.as_bytes()[..cut]).await;
            assert_eq!(file.state, "unreadable", "cut at byte {cut}");
            let error = file.error.unwrap();
            assert!(error.starts_with("segment ") && error.contains(" at byte "), "{error}");
            assert_eq!(archive::load(&mut &practice.db, file.archive_id).await.unwrap(), &text.as_bytes()[..cut]);
        }
        assert_eq!(derived(practice).await, before);
        // The whole file is none of its pieces.
        assert_eq!(practice.receive("835.edi", text).await.state, "processed");
        assert_eq!(practice.the_claim().await.state, "paid");
    }

    async fn random_bytes_are_kept_and_have_no_effect(practice in World::silent()) {
        let before = derived(practice).await;
        let mut state = 2026_u64;
        let mut byte = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        for length in [0, 1, 105, 106, 107, 5_000] {
            let mut bytes: Vec<u8> = (0..length).map(|_| byte()).collect();
            for start in [&b""[..], b"ISA*"] {
                bytes.splice(0..0, start.iter().copied());
                let file = practice.receive("noise.bin", bytes.clone()).await;
                assert_eq!(file.state, "unreadable");
                assert!(file.error.unwrap().starts_with("segment 1 (") );
                assert_eq!(archive::load(&mut &practice.db, file.archive_id).await.unwrap(), bytes);
            }
        }
        assert_eq!(derived(practice).await, before);
    }

    async fn every_malformed_sample_is_refused_for_its_reason_and_kept(practice in World::silent()) {
        let before = derived(practice).await;
        for (name, error) in MALFORMED {
            let bytes = sample(name);
            let file = practice.receive(name, bytes.clone()).await;
            assert_eq!((file.state.as_str(), file.error.as_deref()), ("unreadable", Some(*error)), "{name}");
            assert_eq!(archive::load(&mut &practice.db, file.archive_id).await.unwrap(), bytes, "{name}");
        }
        assert_eq!(derived(practice).await, before);
    }

    async fn a_remittance_for_another_payee_is_noted_and_nothing_of_it_is_kept(practice in World::paying()) {
        let text = remittance_of_one_claim(practice).await;
        let before = derived(practice).await;
        let file = practice.receive("835.edi", text.replace("*XX*1900000013~", "*XX*1234567893~")).await;
        assert_eq!(file.state, "processed");
        assert_eq!(file.error.as_deref(), Some("segment 3: the payee of the remittance is no practice that is set up"));
        assert_eq!(derived(practice).await, before);
        assert_eq!(practice.the_claim().await.state, "accepted_payer");
    }

    async fn a_remittance_that_does_not_balance_is_held_and_books_nothing(practice in World::paying()) {
        let text = remittance_of_one_claim(practice).await;
        let (paid, _) = text.split_once("BPR*I*").unwrap().1.split_once('*').unwrap();
        let journals = practice.rows("journal").await;
        let file = practice.receive("835.edi", text.replacen(&format!("BPR*I*{paid}*"), "BPR*I*1*", 1)).await;
        assert_eq!((file.state.as_str(), file.error), ("processed", None));
        let held = remittance::list(&mut &practice.db, practice.id(), None, 10).await.unwrap();
        assert_eq!((held.len(), held[0].state.as_str()), (1, "out_of_balance"));
        assert_eq!(practice.reasons().await, ["remittance/OUT_OF_BALANCE"]);
        assert_eq!(practice.rows("journal").await, journals);
        assert_eq!(practice.the_claim().await.state, "accepted_payer");
        let balances = ledger::store::account_balances(&mut &practice.db, practice.id(), "9999-12-31").await.unwrap();
        assert_eq!(balances.get(&ledger::Account::EftReceivable).copied().unwrap_or_default(), Money::ZERO);
    }

    async fn a_remittance_that_comes_before_its_acknowledgments_is_posted_and_they_change_nothing(practice in World::paying()) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        practice.submit().await;
        practice.advance_days(10);
        let partner = practice.app.connection(&practice.db, practice.setup.submitters[0].id).await.unwrap();
        // The simulator takes the claim in only when it is asked: the payment comes ten days after.
        let early = partner.inbound().await.unwrap();
        practice.advance_days(10);
        let mut files = BTreeMap::new();
        for name in partner.inbound().await.unwrap() {
            files.insert(name.clone(), partner.fetch(&name).await.unwrap());
            partner.acknowledge(&name).await.unwrap();
        }
        let (remittance, bytes) = files.iter().find(|(name, _)| name.starts_with("835")).unwrap();
        assert!(!early.contains(remittance));
        practice.receive(remittance, bytes.clone()).await;
        assert_eq!(practice.the_claim().await.state, "paid");
        for name in early {
            practice.receive(&name, files[&name].clone()).await;
        }
        assert_eq!((practice.the_claim().await.state, practice.reasons().await), ("paid".to_owned(), Vec::new()));
    }
}

/// Each malformed sample, and what is said of it.
const MALFORMED: &[(&str, &str)] = &[
    ("ends-before-ge.edi", "segment 8 (SE) at byte 250: GE is missing: the file was cut off or its envelopes are not nested"),
    ("ends-before-iea.edi", "segment 9 (GE) at byte 260: IEA is missing: the file was cut off or its envelopes are not nested"),
    ("ends-before-se.edi", "segment 7 (AK9) at byte 238: SE is missing: the file was cut off or its envelopes are not nested"),
    ("ends-inside-a-segment.edi", "segment 6 (IK5) at byte 232: SE is missing: the file was cut off or its envelopes are not nested"),
    (
        "ge-count-wrong.edi",
        "segment 9 (GE) element 1 at byte 260: the count is wrong, 1 were read: something was lost or added on the way; ask for the file again",
    ),
    (
        "ge-number-wrong.edi",
        "segment 9 (GE) element 2 at byte 260: the control number differs from the one that opened this envelope: pieces of two files may be mixed",
    ),
    (
        "iea-count-wrong.edi",
        "segment 10 (IEA) element 1 at byte 267: the count is wrong, 1 were read: something was lost or added on the way; ask for the file again",
    ),
    (
        "iea-number-wrong.edi",
        "segment 10 (IEA) element 2 at byte 267: the control number differs from the one that opened this envelope: pieces of two files may be mixed",
    ),
    ("isa-delimiters-not-distinct.edi", "segment 1 (ISA) at byte 0: the ISA segment declares delimiters that can't be told from data"),
    ("isa-too-short.edi", "segment 1 (ISA) at byte 0: the ISA segment is not 106 bytes with its separators in their places"),
    ("no-transaction.edi", "there is no transaction in it"),
    ("not-x12.edi", "segment 1 (???) at byte 0: is not X12: no ISA segment at the start"),
    (
        "se-count-wrong.edi",
        "segment 8 (SE) element 1 at byte 250: the count is wrong, 6 were read: something was lost or added on the way; ask for the file again",
    ),
    (
        "se-number-wrong.edi",
        "segment 8 (SE) element 2 at byte 250: the control number differs from the one that opened this envelope: pieces of two files may be mixed",
    ),
    ("st-inside-a-set.edi", "segment 5 (ST) at byte 206: SE is missing: the file was cut off or its envelopes are not nested"),
    ("stray-segment.edi", "segment 3 (REF) at byte 159: this segment stands outside of any transaction set and was not read"),
    (
        "text-after-the-end.edi",
        "segment 11 (???) at byte 283: after the last interchange comes something that is not X12; it was not read: ask the sender what it is",
    ),
    (
        "twenty-faults.edi",
        "segment 41 (SE) element 1 at byte 1087: the count is wrong, 39 were read: something was lost or added on the way; ask for the file again",
    ),
    ("two-interchanges-nested.edi", "segment 3 (ISA) at byte 159: GE is missing: the file was cut off or its envelopes are not nested"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("edi-samples/malformed")
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

#[test]
fn every_malformed_sample_has_its_reason_and_every_reason_its_sample() {
    let mut files: Vec<String> = std::fs::read_dir(folder()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let found: Vec<(&str, String)> = files.iter().map(|name| (name.as_str(), survey(&sample(name)).unwrap_err().to_string())).collect();
    assert_eq!(found, MALFORMED.iter().map(|(name, error)| (*name, (*error).to_owned())).collect::<Vec<_>>());
}

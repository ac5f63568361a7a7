//! What tells who a child is stays where it belongs: not in the log, the jobs, the work items, the audit trail or the notes of files.

use std::sync::OnceLock;

use pediclaim::clearinghouse::simulator::Scenario;
use pediclaim::platform::telemetry::{Capture, Format, subscriber};
use serde_json::json;

use crate::support::{TestPractice, World, sql, visits};

/// What no other test and no table of codes has: parts of a child's and a parent's identity.
const PLANTED: [&str; 10] = [
    "Quillfeather",
    "Zephyrine",
    "Bartholomea",
    "Thistledown",
    "2021-03-17",
    "20210317",
    "W918273645",
    "PLANTEDCHILD",
    "PLANTEDGUARDIAN",
    "2175550177",
];

/// Everything that this process logs from now on, at every level that a person may switch on.
fn log() -> &'static Capture {
    static LOG: OnceLock<Capture> = OnceLock::new();
    LOG.get_or_init(|| {
        let capture = Capture::default();
        // Jobs run on threads of their own, so only a subscriber of the whole process sees them.
        tracing::subscriber::set_global_default(subscriber(Format::Json, "debug,pediclaim=trace", capture.clone(), false).unwrap())
            .unwrap();
        capture
    })
}

fn planted_visit(number: u32) -> serde_json::Value {
    let mut visit = visits::sore_throat(&format!("V-{number}"));
    visit["service_date"] = json!(format!("2026-05-{:02}", 4 + number));
    visit["child"]["id"] = json!("PLANTEDCHILD");
    visit["child"]["family_name"] = json!("Quillfeather");
    visit["child"]["given_names"] = json!("Zephyrine");
    visit["child"]["birth_date"] = json!("2021-03-17");
    visit["child"]["phone"] = json!("2175550177");
    visit["child"]["address"]["lines"] = json!(["3 Thistledown Close"]);
    visit["guardian"] =
        json!({ "id": "PLANTEDGUARDIAN", "family_name": "Quillfeather", "given_names": "Bartholomea", "relationship": "mother" });
    let subscriber = json!({ "family_name": "Quillfeather", "given_names": "Bartholomea", "relationship": "mother" });
    visit["coverages"][0] = json!({ "payer_id": "60054", "member_id": "W918273645", "subscriber": subscriber });
    visit
}

/// What of the planted stands in a text, in small or capital letters: X12 is written in capitals.
fn found(text: &str) -> Vec<&'static str> {
    let text = text.to_ascii_lowercase();
    PLANTED.into_iter().filter(|planted| text.contains(&planted.to_ascii_lowercase())).collect()
}

/// Each column that people or collectors read, and what of the planted is in it.
async fn leaks(practice: &TestPractice) -> Vec<(String, Vec<&'static str>)> {
    let columns = [
        ("job", "args"),
        ("job", "unique_key"),
        ("job", "last_error"),
        ("effect", "effect_key"),
        ("work_item", "message"),
        ("work_item", "unique_key"),
        ("work_item", "resolution"),
        ("event", "event"),
        ("event", "detail"),
        ("event", "actor"),
        ("finding", "path"),
        ("finding", "message"),
        ("inbound_file", "error"),
        ("journal", "effect_key"),
        ("journal", "reason"),
        ("interchange", "read_back"),
    ];
    let mut leaks = Vec::new();
    for (table, column) in columns {
        let texts = sql::texts(&practice.db, &format!("SELECT {column} FROM {table}")).await;
        let leaked = found(&texts.join("\n"));
        if !leaked.is_empty() {
            leaks.push((format!("{table}.{column}"), leaked));
        }
    }
    leaks
}

/// What may happen to a claim, more bad than good.
fn world() -> World {
    World::with_shares([(Scenario::Rejected, 4_000), (Scenario::Denied, 3_000), (Scenario::LineDenied, 1_500)])
}

both_engines! {
    async fn no_log_job_work_item_or_event_tells_who_a_child_is(practice in world()) {
        let log = log();
        let visits: Vec<_> = (1..=8).map(planted_visit).collect();
        practice.play_to_payment(&json!(visits)).await;
        let states = practice.states().await;
        assert!(states.iter().any(|s| s == "rejected_claim") && states.iter().any(|s| s == "denied"), "{states:?}");

        // What goes wrong is where names slip out: held visits, edits, files that can't be read or don't add up.
        let mut unknown = planted_visit(9);
        unknown["rendering"] = json!({ "npi": "1900000013" });
        unknown["diagnoses"] = json!(["J02"]);
        let mut edited = planted_visit(10);
        edited["child"]["given_names"] = json!("Zephyrine ☃");
        edited["coverages"][0]["member_id"] = json!("W918273645X");
        practice.intake_json(&json!([unknown, edited])).await;
        assert!(practice.reasons().await.iter().any(|reason| reason == "scrub/E009"), "{:?}", practice.reasons().await);
        let faulty = json!({ "id": "V-11", "child": { "family_name": "Quillfeather", "birth_date": "2021-03-17T", "sex": "Zephyrine" } });
        let faults = pediclaim::revenue_cycle::encounter::read_json::read(faulty.to_string().as_bytes(), "emr").unwrap_err().to_string();
        assert_eq!(found(&faults), Vec::<&str>::new());

        let remittance = practice.received().await.into_iter().find(|(file, _)| file.kind == "835").unwrap().1;
        let remittance = String::from_utf8(remittance).unwrap();
        assert!(!found(&remittance).is_empty(), "the name is there to be leaked");
        practice.receive("Quillfeather-cut.edi", &remittance.as_bytes()[..remittance.len() / 2]).await;
        let amounts = remittance.replace("CLP*", "CLP*Quillfeather").replace("BPR*I*", "BPR*I*Zephyrine");
        practice.receive("broken.edi", amounts).await;

        assert_eq!(leaks(practice).await, Vec::new());
        let text = log.text();
        assert!(text.contains("pediclaim"), "something was logged");
        let lines: Vec<&str> = text.lines().filter(|line| !found(line).is_empty()).take(5).collect();
        assert!(lines.is_empty(), "the log tells {:?}: {lines:#?}", found(&text));
    }
}

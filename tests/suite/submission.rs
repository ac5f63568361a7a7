//! Claims leave exactly once, whatever breaks on the way, and what partners say before adjudication reaches the claims that it is about.

use std::fs;

use pediclaim::clearinghouse::simulator::Scenario;
use pediclaim::revenue_cycle::claim::{self, ClaimEvent, Outcome, Override, Resent, Which};
use pediclaim::revenue_cycle::scrub;
use pediclaim::transact;
use serde_json::{Value, json};

use crate::support::{TESTER, TestPractice, World, sql, visits};

/// The envelope of a partner's answer around one group.
fn from_partner(group: &str, version: &str, content: &str) -> Vec<u8> {
    let isa = "ISA*00*          *00*          *ZZ*SIMCH          *ZZ*OAKHILL01      *260518*1230*^*00501*000000901*0*T*:~";
    format!("{isa}GS*{group}*SIMCH*OAKHILL01*20260518*1230*901*X*{version}~{content}GE*1*901~IEA*1*000000901~").into_bytes()
}

/// A TA1 about an interchange.
fn ta1(isa13: i64, result: &str, note: &str) -> Vec<u8> {
    let isa = "ISA*00*          *00*          *ZZ*SIMCH          *ZZ*OAKHILL01      *260518*1230*^*00501*000000902*0*T*:~";
    format!("{isa}TA1*{isa13:09}*260518*1200*{result}*{note}~IEA*0*000000902~").into_bytes()
}

/// A 999 that rejects the only set of a group; `faults` stand between AK2 and IK5.
fn rejection(gs06: i64, faults: &str) -> Vec<u8> {
    let count = 6 + faults.matches('~').count();
    let body = format!("AK1*HC*{gs06}*005010X222A1~AK2*837*0001*005010X222A1~{faults}IK5*R*5~AK9*R*1*1*0~");
    from_partner("FA", "005010X231A1", &format!("ST*999*0001*005010X231A1~{body}SE*{count}*0001~"))
}

/// The names of the files that the partner can see.
fn delivered(practice: &TestPractice) -> Vec<String> {
    let outbox = fs::read_dir(practice.partner().join("outbox")).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> =
        outbox.filter(|entry| entry.file_type().unwrap().is_file()).map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn resend(practice: &TestPractice, which: Which) -> Vec<Resent> {
    claim::resend(&practice.db, practice.id(), &which, TESTER, practice.clock.now()).await.unwrap()
}

async fn two_children_sent(practice: &TestPractice) {
    practice.intake_json(&json!([visits::sore_throat_of(1), visits::sore_throat_of(2)])).await;
    practice.submit().await;
    assert_eq!(practice.states().await, ["transmitted", "transmitted"]);
}

/// What stands where the file should go, so that handing over fails.
fn in_the_way(practice: &TestPractice) -> std::path::PathBuf {
    practice.partner().join("outbox/837P-000000001.edi")
}

/// Sends one claim whose handing over fails after staging, as if the process had died there.
async fn staged(practice: &TestPractice) {
    practice.intake_json(&visits::sore_throat_of(1)).await;
    fs::create_dir_all(in_the_way(practice)).unwrap();
    pediclaim::revenue_cycle::submission::submit_ready(&practice.db, practice.id(), practice.clock.now()).await.unwrap();
    let drained = practice.drain().await;
    assert_eq!((drained.failed, drained.dead), (1, 0));
    assert_eq!((practice.the_claim().await.state, practice.sent().await[0].0.state.clone()), ("batched".to_owned(), "staged".to_owned()));
    assert!(practice.partner().join("outbox/.staging/837P-000000001.edi").is_file());
    fs::remove_dir(in_the_way(practice)).unwrap();
}

both_engines! {
    async fn a_claim_whose_delivery_stopped_after_staging_is_delivered_once(practice in World::silent()) {
        staged(practice).await;
        practice.advance_days(1);
        practice.drain().await;
        assert_eq!(delivered(practice), ["837P-000000001.edi"]);
        assert_eq!((practice.the_claim().await.state.as_str(), practice.sent().await.len()), ("transmitted", 1));
        assert_eq!(fs::read(in_the_way(practice)).unwrap(), practice.sent().await[0].1);
        practice.submit().await;
        assert_eq!(delivered(practice).len(), 1);
    }

    async fn a_claim_that_was_delivered_before_it_was_noted_is_not_delivered_again(practice in World::silent()) {
        staged(practice).await;
        // The partner got the file, and took it away, in the moment before we died.
        fs::remove_file(practice.partner().join("outbox/.staging/837P-000000001.edi")).unwrap();
        practice.advance_days(1);
        practice.drain().await;
        assert_eq!(delivered(practice), Vec::<String>::new());
        assert_eq!((practice.the_claim().await.state.as_str(), practice.sent().await[0].0.state.as_str()), ("transmitted", "sent"));
    }

    async fn a_ta1_that_rejects_returns_the_claims_to_ready_and_they_go_out_under_a_new_number(practice in World::silent()) {
        two_children_sent(practice).await;
        let file = practice.receive("ta1.edi", ta1(1, "R", "006")).await;
        assert_eq!((file.state.as_str(), file.kind.as_str()), ("processed", "TA1"));
        assert_eq!(practice.states().await, ["ready", "ready"]);
        assert_eq!(practice.sent().await[0].0.state, "rejected");
        assert_eq!(practice.reasons().await, ["acknowledgment/INTERCHANGE_REJECTED"]);
        practice.submit().await;
        let sent = practice.sent().await;
        assert_eq!(sent.iter().map(|(i, _)| (i.isa13, i.state.as_str())).collect::<Vec<_>>(), [(1, "rejected"), (2, "sent")]);
        assert_eq!(practice.states().await, ["transmitted", "transmitted"]);
    }

    async fn a_ta1_that_calls_the_interchange_a_copy_sends_nothing_again(practice in World::silent()) {
        two_children_sent(practice).await;
        practice.receive("ta1.edi", ta1(1, "R", "025")).await;
        assert_eq!(practice.states().await, ["transmitted", "transmitted"]);
        assert_eq!(practice.reasons().await, ["acknowledgment/DUPLICATE_INTERCHANGE"]);
    }

    async fn a_999_that_names_a_claim_rejects_that_claim_and_returns_the_other(practice in World::silent()) {
        two_children_sent(practice).await;
        let culprit = practice.claims().await[0].clone();
        let faults = format!("IK3*HI*23*2300*8~CTX*CLM01:{}~IK4*1:2*1271*7~", culprit.pcn);
        practice.receive("999.edi", rejection(1, &faults)).await;
        assert_eq!(practice.claim(culprit.id).await.state, "rejected_syntax");
        assert_eq!(practice.states().await, ["ready", "rejected_syntax"]);
        let items = practice.items().await;
        assert_eq!((items.len(), items[0].reason.as_str(), items[0].subject_id), (1, "REJECTED_SYNTAX", culprit.id.0));
    }

    async fn a_999_that_names_no_fault_returns_every_claim(practice in World::silent()) {
        two_children_sent(practice).await;
        practice.receive("999.edi", rejection(1, "")).await;
        assert_eq!(practice.states().await, ["ready", "ready"]);
        assert_eq!(practice.reasons().await, ["acknowledgment/SET_REJECTED"]);
    }

    async fn a_999_about_nothing_that_was_sent_is_noted_and_changes_nothing(practice in World::silent()) {
        two_children_sent(practice).await;
        let file = practice.receive("999.edi", rejection(77, "")).await;
        assert_eq!((file.state.as_str(), file.error.as_deref()), ("processed", Some("transaction 3: it answers nothing that was sent from here")));
        assert_eq!(practice.states().await, ["transmitted", "transmitted"]);
    }

    async fn a_277ca_that_rejects_a_claim_stops_it_and_tells_a_person(practice in World::of(Scenario::Rejected)) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        practice.submit().await;
        practice.poll().await;
        let claim = practice.the_claim().await;
        assert_eq!(claim.state, "rejected_claim");
        let items = practice.items().await;
        assert_eq!((items.len(), items[0].stage.as_str(), items[0].reason.as_str()), (1, "acknowledgment", "REJECTED_CLAIM"));
        assert_eq!((items[0].subject_kind.as_str(), items[0].subject_id), ("claim", claim.id.0));
        practice.submit().await;
        assert_eq!(practice.sent().await.len(), 1, "a rejected claim waits for a person");
    }

    async fn a_rejected_claim_goes_out_again_once_its_record_is_mended(practice in World::of(Scenario::Rejected)) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        practice.submit().await;
        practice.poll().await;
        let rejected = practice.the_claim().await;
        let again = resend(practice, Which::Mended).await;
        assert_eq!((again[0].rejected.as_str(), &again[0].outcome), (rejected.pcn.as_str(), &Outcome::Unchanged));
        let mut mended = visits::sore_throat("V-2");
        mended["service_date"] = json!("2026-05-15");
        mended["child"]["address"]["lines"] = json!(["10 Foundry Street"]);
        practice.intake_json(&mended).await;
        let Outcome::Resent { claim_number } = resend(practice, Which::Mended).await.remove(0).outcome else { panic!("it was mended") };
        assert_eq!(practice.claim(rejected.id).await.state, "replaced");
        assert_eq!(practice.reasons().await, Vec::<String>::new());
        assert_eq!(resend(practice, Which::Mended).await, []);
        let version = practice.claims().await.into_iter().find(|claim| claim.pcn == claim_number).unwrap();
        assert_eq!((version.version, version.frequency.as_str(), version.state.as_str()), (2, "1", "ready"));
        assert_eq!((version.encounter_id, version.charge_cents), (rejected.encounter_id, rejected.charge_cents));
        practice.submit().await;
        practice.poll().await;
        practice.advance_days(10);
        practice.poll().await;
        assert_eq!(practice.claim(version.id).await.state, "paid");
    }

    async fn a_claim_that_is_named_goes_out_again_as_it_was(practice in World::of(Scenario::Rejected)) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        let ready = practice.the_claim().await;
        let named = || Which::Named(vec![ready.pcn.clone(), "C0R9".to_owned()]);
        let outcomes = |told: Vec<Resent>| told.into_iter().map(|one| one.outcome).collect::<Vec<_>>();
        assert_eq!(outcomes(resend(practice, named()).await), [Outcome::NotRejected, Outcome::NotRejected]);
        practice.submit().await;
        practice.poll().await;
        let told = outcomes(resend(practice, named()).await);
        assert!(matches!(told[..], [Outcome::Resent { .. }, Outcome::NotRejected]), "{told:?}");
        assert_eq!(outcomes(resend(practice, named()).await), [Outcome::NotRejected, Outcome::NotRejected]);
        assert_eq!(practice.states().await.iter().filter(|state| *state == "ready").count(), 1);
    }

    async fn a_changed_rule_mends_no_rejected_claim(practice in World::of(Scenario::Rejected)) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        practice.submit().await;
        practice.poll().await;
        let rules = "[[rule]]\nid = \"late\"\nwhen = [\"payer = prairie-ppo\"]\nset = { delay_reason = \"7\" }";
        let (id, now) = (practice.id(), practice.clock.now());
        assert!(transact!(practice.db, |tx| Ok(scrub::set_practice_rules(tx, id, rules, TESTER, now).await?)).unwrap());
        assert_eq!(resend(practice, Which::Mended).await[0].outcome, Outcome::Unchanged);
        assert_eq!(practice.states().await, ["rejected_claim"]);
    }

    async fn what_was_overridden_stays_so_for_the_claim_that_is_sent_again(practice in World::of(Scenario::Rejected)) {
        let mut visit = visits::sore_throat("V-1");
        visit["child"]["birth_date"] = json!("2001-02-03");
        practice.intake_json(&visit).await;
        let decision = Override { edit: "E015".to_owned(), reason: "a patient since childhood".to_owned() };
        let now = practice.clock.now();
        assert_eq!(claim::override_warnings(&practice.db, practice.id(), &decision, TESTER, now).await.unwrap(), 1);
        practice.submit().await;
        practice.poll().await;
        let rejected = practice.the_claim().await;
        resend(practice, Which::Named(vec![rejected.pcn])).await;
        assert_eq!((practice.states().await.join(" "), practice.reasons().await), ("ready replaced".to_owned(), Vec::new()));
        let again = practice.claims().await.into_iter().find(|claim| claim.state == "ready").unwrap();
        let findings = scrub::of_claim(&mut &practice.db, practice.id(), again.id).await.unwrap();
        assert_eq!((findings[0].edit.as_str(), findings[0].overridden.as_deref()), ("E015", Some("a patient since childhood")));
        let actors = sql::texts(&practice.db, "SELECT actor FROM finding_override").await;
        assert_eq!(actors, vec![TESTER.to_string(); 2]);
    }

    async fn a_claim_that_can_not_be_written_is_set_aside_and_the_others_leave(practice in World::silent()) {
        let mut faulty = visits::sore_throat_of(1);
        faulty["authorization"] = json!("AUTH: 12345");
        practice.intake_json(&json!([faulty, visits::sore_throat_of(2)])).await;
        assert_eq!((practice.states().await.join(" "), practice.reasons().await.join(" ")), ("ready scrub_failed".to_owned(), "scrub/E001".to_owned()));
        let faulty = practice.claims().await.into_iter().find(|claim| claim.state == "scrub_failed").unwrap();
        // As edits that looked at fewer elements would have left it.
        let (id, now) = (practice.id(), practice.clock.now());
        transact!(practice.db, |tx| Ok(claim::store::apply(tx, id, &[(faulty.id, ClaimEvent::ScrubClean)], TESTER, now).await?)).unwrap();
        assert_eq!(practice.states().await, ["ready", "ready"]);
        practice.submit().await;
        assert_eq!(practice.states().await, ["scrub_failed", "transmitted"]);
        assert_eq!((practice.sent().await.len(), practice.claim(faulty.id).await.state.as_str()), (1, "scrub_failed"));
        let items = practice.items().await;
        assert_eq!((items.len(), items[0].reason.as_str(), items[0].subject_id), (1, "E001", faulty.id.0));
        assert!(items[0].message.contains("encounter.authorization") && !items[0].message.contains("12345"), "{}", items[0].message);
    }

    async fn claims_of_two_payers_are_two_sets_of_one_interchange(practice in World::paying()) {
        let mut other = visits::sore_throat_of(2);
        other["coverages"][0] = json!({ "payer_id": "37066", "member_id": "300000002", "subscriber": Value::Null });
        practice.intake_json(&json!([visits::sore_throat_of(1), other])).await;
        practice.submit().await;
        let sent = practice.sent().await;
        let text = String::from_utf8(sent[0].1.clone()).unwrap();
        assert_eq!((sent.len(), text.matches("ST*837*").count()), (1, 2));
        practice.poll().await;
        assert_eq!(practice.states().await, ["accepted_payer", "accepted_payer"]);
    }
}

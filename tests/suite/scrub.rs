//! What the scrubber knows beyond the claim itself: earlier visits, other claims, recorded answers; and what people decide about findings.

use jiff::civil::date;
use pediclaim::edi::claim_837p::{ProviderRole, ReferenceKind};
use pediclaim::platform::audit;
use pediclaim::revenue_cycle::claim::{self, Override};
use pediclaim::revenue_cycle::encounter::model::EpsdtReferral;
use pediclaim::revenue_cycle::encounter::record_referrals;
use pediclaim::revenue_cycle::scrub::{self, practice_rule, try_rules};
use pediclaim::transact;
use serde_json::{Value, json};

use crate::support::{TESTER, TestPractice, World, visits};

async fn overridden(practice: &TestPractice, edit: &str) -> usize {
    let decision = Override { edit: edit.to_owned(), reason: "looked at".to_owned() };
    claim::override_warnings(&practice.db, practice.id(), &decision, TESTER, practice.clock.now()).await.unwrap()
}

/// The well visit with one change.
fn well_child_with(change: impl FnOnce(&mut Value)) -> Value {
    let mut visit = visits::well_child("V-1");
    change(&mut visit);
    visit
}

async fn load_rules(practice: &TestPractice, text: &str) -> bool {
    practice_rule::read(text).unwrap();
    let (id, now) = (practice.id(), practice.clock.now());
    transact!(practice.db, |tx| Ok(scrub::set_practice_rules(tx, id, text, TESTER, now).await?)).unwrap()
}

/// Holds every strep test, and gives every claim of the payer a delay reason.
const RULES: &str = r#"
[[rule]]
id = "strep"
when = ["code = 87880", "age < 18"]
hold = "Ask the nurse for the culture"

[[rule]]
id = "late"
when = ["payer = prairie-ppo"]
set = { delay_reason = "7" }
"#;

both_engines! {
    async fn a_new_patient_code_after_an_earlier_visit_is_found(practice in World::silent()) {
        let mut first = visits::sore_throat("V-1");
        first["service_date"] = json!("2026-05-11");
        let mut second = visits::sore_throat("V-2");
        second["lines"][0]["code"] = json!("99203");
        practice.intake_json(&json!([first, second])).await;
        assert_eq!(practice.reasons().await, ["scrub/E031"]);
        let message = &practice.items().await[0].message;
        assert!(message.contains("last seen 2026-05-11 by Daniel Okafor"), "{message}");
    }

    async fn the_same_service_under_another_name_is_a_duplicate(practice in World::silent()) {
        practice.intake_json(&json!([visits::sore_throat("V-1"), visits::sore_throat("V-2")])).await;
        let reasons = practice.reasons().await;
        assert!(!reasons.is_empty() && reasons.iter().all(|reason| reason == "scrub/E069"), "{reasons:?}");
        let mut other = visits::sore_throat("V-3");
        other["service_date"] = json!("2026-05-15");
        practice.intake_json(&other).await;
        assert_eq!(practice.reasons().await, reasons);
    }

    async fn what_was_recorded_at_a_dose_reaches_the_edits(practice in World::silent()) {
        practice.intake_json(&well_child_with(|visit| visit["lines"][1]["dose"]["counselled"] = json!(false))).await;
        assert_eq!((practice.states().await, practice.reasons().await), (vec!["held".to_owned()], vec!["scrub/E037".to_owned()]));
        let finding = &scrub::of_claim(&mut &practice.db, practice.id(), practice.the_claim().await.id).await.unwrap()[0];
        assert_eq!((finding.found.as_deref(), finding.expected.as_deref()), (Some("1"), Some("0")));
    }

    async fn a_screening_on_medicaid_waits_until_somebody_says_whether_it_led_to_a_referral(practice in World::silent()) {
        let mut visit = visits::sore_throat("V-1");
        visit["coverages"][0] = json!({ "payer_id": "37066", "member_id": "300000002" });
        visit["diagnoses"] = json!(["Z00.129"]);
        visit["lines"] = json!([{ "code": "99393" }]);
        practice.intake_json(&visit).await;
        assert_eq!((practice.states().await.join(" "), practice.reasons().await), ("scrub_failed".to_owned(), vec!["scrub/E049".to_owned()]));
        let (claim, db) = (practice.the_claim().await, &practice.db);
        let (nothing, now) = ([EpsdtReferral::None], practice.clock.now());
        transact!(db, |tx| Ok(record_referrals(tx, practice.id(), claim.encounter_id, &nothing, TESTER, now).await?)).unwrap();
        assert_eq!(claim::rescrub(&practice.db, practice.id(), TESTER, now).await.unwrap().claims, 1);
        assert_eq!((practice.states().await, practice.reasons().await), (vec!["ready".to_owned()], Vec::new()));
        let content = claim::store::content(&mut &practice.db, practice.id(), claim.id).await.unwrap();
        assert_eq!(content.claim.conditions[0].codes, ["NU"]);
        for (id, day, answer, crc) in [("V-2", "2026-05-15", "NU", "CRC*ZZ*N*NU~"), ("V-3", "2026-05-14", "ST", "CRC*ZZ*Y*ST~")] {
            (visit["id"], visit["service_date"], visit["epsdt_referrals"]) = (json!(id), json!(day), json!([answer]));
            practice.intake_json(&visit).await;
            practice.submit().await;
            let sent = practice.sent().await.pop().map(|(_, bytes)| String::from_utf8(bytes).unwrap()).unwrap_or_default();
            assert!(sent.contains(crc), "{answer}: {:?}", practice.reasons().await);
        }
    }

    async fn the_form_of_a_member_id_is_put_right_and_told(practice in World::silent()) {
        practice.intake_json(&well_child_with(|visit| visit["coverages"][0]["member_id"] = json!("w 2044-18830"))).await;
        let claim = practice.the_claim().await;
        assert_eq!(claim.state, "ready");
        let events = audit::events_of(&mut &practice.db, practice.id(), "claim", claim.id.0).await.unwrap();
        let repaired = events.iter().find(|event| event.event == "claim.repaired").unwrap();
        assert_eq!(repaired.detail.as_deref(), Some("member id without spaces and dashes (2010BA NM109)"));
    }

    async fn each_warning_is_overridden_by_itself_and_stays_so(practice in World::silent()) {
        practice.intake_json(&well_child_with(|visit| {
            visit["answers"] = json!({ "eligibility": "inactive" });
            visit["lines"][1]["dose"]["counselled"] = json!(false);
        })).await;
        assert_eq!(practice.reasons().await, ["scrub/E037", "scrub/E064"]);
        assert_eq!(overridden(practice, "E037").await, 0, "another warning still holds the claim");
        assert_eq!(practice.reasons().await, ["scrub/E064"]);
        claim::rescrub(&practice.db, practice.id(), TESTER, practice.clock.now()).await.unwrap();
        assert_eq!((practice.states().await, practice.reasons().await), (vec!["held".to_owned()], vec!["scrub/E064".to_owned()]));
        assert_eq!(overridden(practice, "E064").await, 1);
        assert_eq!((practice.states().await, practice.reasons().await), (vec!["ready".to_owned()], Vec::new()));
    }

    async fn a_claim_that_is_scrubbed_anew_counts_once_whatever_becomes_of_it(practice in World::silent()) {
        let mut visit = visits::sore_throat("V-1");
        visit["coverages"][0] = json!({ "payer_id": "37066", "member_id": "300000002" });
        visit["diagnoses"] = json!(["Z00.129"]);
        visit["lines"] = json!([{ "code": "99393" }]);
        visit["answers"] = json!({ "eligibility": "inactive" });
        practice.intake_json(&visit).await;
        assert_eq!(practice.reasons().await, ["scrub/E049", "scrub/E064"]);
        let (claim, now) = (practice.the_claim().await, practice.clock.now());
        let nothing = [EpsdtReferral::None];
        transact!(practice.db, |tx| Ok(record_referrals(tx, practice.id(), claim.encounter_id, &nothing, TESTER, now).await?)).unwrap();
        let scrubbed = claim::rescrub(&practice.db, practice.id(), TESTER, now).await.unwrap();
        assert_eq!((scrubbed.claims, scrubbed.held, scrubbed.failed), (1, 1, 0));
    }

    async fn an_accident_reaches_the_claim(practice in World::silent()) {
        let mut visit = visits::sore_throat("V-1");
        visit["diagnoses"] = json!(["S52.501A"]);
        visit["lines"] = json!([{ "code": "99213" }]);
        practice.intake_json(&visit).await;
        assert_eq!(practice.reasons().await, ["scrub/E068"]);
        visit["id"] = json!("V-2");
        visit["service_date"] = json!("2026-05-15");
        visit["answers"] = json!({ "accident": { "kind": "automobile", "date": "2026-05-14", "state": "IL" } });
        practice.intake_json(&visit).await;
        assert_eq!(practice.reasons().await, ["scrub/E068"]);
        let claims = practice.claims().await;
        let claim = claims.iter().find(|claim| claim.state == "ready").unwrap();
        let content = claim::store::content(&mut &practice.db, practice.id(), claim.id).await.unwrap();
        assert_eq!(content.claim.related_causes.unwrap().causes, ["AA"]);
    }

    async fn a_practices_own_rules_hold_claims_and_set_fields(practice in World::silent()) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        assert_eq!(practice.states().await, ["ready"]);
        assert!(load_rules(practice, RULES).await);
        assert!(!load_rules(practice, RULES).await, "the same file changes nothing");
        practice.intake_json(&visits::sore_throat_of(7)).await;
        assert_eq!((practice.states().await, practice.reasons().await), (vec!["held".to_owned(), "ready".to_owned()], vec!["scrub/P:strep".to_owned()]));
        let held = practice.claims().await.into_iter().find(|claim| claim.state == "held").unwrap();
        let content = claim::store::content(&mut &practice.db, practice.id(), held.id).await.unwrap();
        assert_eq!(content.claim.delay_reason.as_deref(), Some("7"));
        assert_eq!(overridden(practice, "P:strep").await, 1);
    }

    async fn rules_that_a_new_version_refuses_are_left_out_and_told_and_the_others_stay(practice in World::silent()) {
        // As a version would have stored it in which E009 only warned.
        let text = format!("{RULES}\n[[edit]]\nid = \"E009\"\noff = \"our cards are odd\"\n");
        let (id, now) = (practice.id(), practice.clock.now());
        transact!(practice.db, |tx| Ok(scrub::set_practice_rules(tx, id, &text, TESTER, now).await?)).unwrap();
        practice.intake_json(&visits::sore_throat("V-1")).await;
        assert_eq!(practice.reasons().await, ["scrub/P:strep", "scrub/PRACTICE_RULES"]);
        let items = practice.items().await;
        let item = items.iter().find(|item| item.reason == "PRACTICE_RULES").unwrap();
        assert!(item.message.contains("line 12: edit E009: it finds errors"), "{}", item.message);
        assert!(load_rules(practice, RULES).await);
        assert_eq!(practice.reasons().await, ["scrub/P:strep"]);
    }

    async fn a_switched_off_edit_holds_nothing(practice in World::silent()) {
        assert!(load_rules(practice, "[[edit]]\nid = \"E037\"\noff = \"counselling stands in another system\"").await);
        practice.intake_json(&well_child_with(|visit| visit["lines"][1]["dose"]["counselled"] = json!(false))).await;
        assert_eq!((practice.states().await, practice.reasons().await), (vec!["ready".to_owned()], Vec::new()));
    }

    async fn rules_are_tried_on_past_claims_and_change_nothing(practice in World::silent()) {
        practice.intake_json(&json!([visits::sore_throat("V-1"), visits::well_child("V-2")])).await;
        let rules = practice_rule::read(RULES).unwrap().rules;
        let before = practice.digest().await;
        let since = |day| try_rules(&practice.db, &practice.setup, &rules, day, date(2026, 5, 18));
        let (claims, caught) = since(date(2026, 5, 18)).await.unwrap();
        assert_eq!((claims, caught.iter().map(|caught| caught.claims).collect::<Vec<_>>()), (2, vec![1, 2]));
        assert_eq!(caught[0].which[0].1, date(2026, 5, 18));
        assert_eq!(since(date(2026, 5, 19)).await.unwrap().0, 0);
        assert_eq!(practice.digest().await, before);
    }

    async fn a_payers_rules_shape_the_claim(practice in World::silent()) {
        practice.intake_json(&visits::well_child("V-1")).await;
        let rules = "corrected_days = 365\nbatch_number_required = \"yes\"\nrendering_taxonomy = \"no\"\nepsdt = \"yes\"\nepsdt_codes = \"87880\"";
        practice.set_up_with("corrected_days = 365", rules).await;
        let mut later = visits::well_child("V-2");
        later["service_date"] = json!("2026-05-17");
        let mut sick = visits::sore_throat("V-3");
        for visit in [&mut later, &mut sick] {
            visit["epsdt_referrals"] = json!(["NU"]);
        }
        practice.intake_json(&json!([later, sick])).await;
        let mut told = Vec::new();
        for claim in practice.claims().await {
            let claim = claim::store::content(&mut &practice.db, practice.id(), claim.id).await.unwrap().claim;
            let lots = claim.lines.iter().filter_map(|line| line.reference(&ReferenceKind::ImmunizationBatch)).collect::<Vec<_>>().join(" ");
            let marks = claim.lines.iter().filter(|line| line.epsdt).count();
            told.push((lots, claim.provider(&ProviderRole::Rendering).unwrap().taxonomy.is_some(), marks, claim.conditions.len()));
        }
        told.sort();
        assert_eq!(told, [(String::new(), false, 1, 1), (String::new(), true, 0, 0), ("HV22".to_owned(), false, 1, 1)]);
    }
}

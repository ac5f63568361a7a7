//! The cycle of a claim: visits arrive, are held and mended, go out, come back, and wait for people.

use std::time::Duration;

use pediclaim::app::{App, registry};
use pediclaim::clearinghouse::simulator::Scenario;
use pediclaim::platform::audit;
use pediclaim::platform::ids::{EncounterId, FamilyId};
use pediclaim::platform::jobs::{self, Jobs};
use pediclaim::platform::money::Money;
use pediclaim::revenue_cycle::claim::{self, ClaimState, Override};
use pediclaim::revenue_cycle::worklist::deadline::DeadlineKind;
use pediclaim::revenue_cycle::worklist::{self, ItemFilter, RaiseAlerts, RaiseAlertsArgs};
use pediclaim::revenue_cycle::{encounter, ledger, remittance, scrub};
use pediclaim::{family, transact};
use serde_json::{Value, json};

use crate::support::{TESTER, TestPractice, World, visits};

/// Runs the deadline engine for today.
async fn raise_alerts(practice: &TestPractice) {
    let (now, args) = (practice.clock.now(), RaiseAlertsArgs { practice: practice.id() });
    let key = format!("test.alerts:{}", now.0);
    transact!(practice.db, |tx| Ok(jobs::enqueue::<App, RaiseAlerts>(tx, Some(practice.id()), &key, &args, now).await?)).unwrap();
    practice.drain().await;
}

/// A person ends every open item.
async fn resolve_all(practice: &TestPractice) {
    for item in practice.items().await {
        let now = practice.clock.now();
        transact!(practice.db, |tx| Ok(worklist::resolve(tx, practice.id(), item.id, "seen", TESTER, now).await?)).unwrap();
    }
}

async fn rescrub(practice: &TestPractice) -> claim::Scrubbed {
    claim::rescrub(&practice.db, practice.id(), TESTER, practice.clock.now()).await.unwrap()
}

/// What kept visits back, with the resolutions of what no longer does.
async fn resolved(practice: &TestPractice) -> Vec<(String, Option<String>)> {
    let filter = ItemFilter { resolved: true, ..ItemFilter::default() };
    let items = worklist::list(&mut &practice.db, practice.id(), &filter, 100).await.unwrap();
    items.into_iter().map(|item| (item.reason, item.resolution)).collect()
}

both_engines! {
    async fn a_visit_becomes_a_claim_that_is_accepted_and_paid(practice in World::paying()) {
        let taken = practice.intake_json(&visits::well_child("V-1")).await;
        assert_eq!((taken.visits, taken.admitted), (1, 1), "{taken:?}");
        assert_eq!(practice.the_claim().await.state, "ready");
        practice.submit().await;
        assert_eq!(practice.the_claim().await.state, "transmitted");
        practice.poll().await;
        assert_eq!(practice.the_claim().await.state, "accepted_payer");
        practice.advance_days(10);
        practice.poll().await;
        let claim = practice.the_claim().await;
        assert_eq!(claim.state, "paid");
        assert!(claim.paid_cents > Money::ZERO && claim.icn.is_some());
        assert_eq!(practice.reasons().await, Vec::<String>::new());
    }

    async fn a_denied_claim_waits_for_a_person_with_its_money_still_owed(practice in World::of(Scenario::Denied)) {
        practice.play_to_payment(&visits::sore_throat("V-1")).await;
        let claim = practice.the_claim().await;
        assert_eq!((claim.state.as_str(), claim.paid_cents), ("denied", Money::ZERO));
        assert!(practice.reasons().await.iter().any(|reason| reason.starts_with("denial/")), "{:?}", practice.reasons().await);
        let balances = ledger::store::account_balances(&mut &practice.db, practice.id(), "9999-12-31").await.unwrap();
        let owed: Money = balances.iter().filter(|(account, _)| account.bucket().is_some()).map(|(_, cents)| *cents).sum();
        assert_eq!(owed, claim.charge_cents);
    }

    async fn a_visit_that_is_sent_twice_is_one_visit(practice in World::silent()) {
        practice.intake_json(&visits::well_child("V-1")).await;
        let (digest, events) = (practice.digest().await, practice.event_count().await);
        let again = practice.intake_json(&visits::well_child("V-1")).await;
        assert_eq!((again.known, again.admitted), (1, 0));
        let both = practice.intake_json(&json!([visits::well_child("V-1"), visits::well_child("V-1")])).await;
        assert_eq!((both.known, both.admitted), (2, 0));
        assert_eq!((practice.digest().await, practice.event_count().await), (digest, events));
        practice.the_claim().await;
    }

    async fn a_visit_that_is_twice_in_one_file_is_one_visit(practice in World::silent()) {
        let taken = practice.intake_json(&json!([visits::well_child("V-1"), visits::well_child("V-1")])).await;
        assert_eq!((taken.admitted, taken.known), (1, 1));
        practice.the_claim().await;
    }

    async fn a_held_visit_that_is_sent_again_mended_is_admitted_and_its_work_items_end(practice in World::silent()) {
        let mut visit = visits::sore_throat("V-1");
        visit["rendering"]["npi"] = json!("1900000013");
        visit["coverages"][0]["payer_id"] = json!("99999");
        let taken = practice.intake_json(&visit).await;
        assert_eq!((taken.held, taken.held_by.keys().map(String::as_str).collect::<Vec<_>>()), (1, vec!["PayerUnknown", "ProviderUnknown"]));
        assert_eq!(practice.reasons().await, ["encounter/PayerUnknown", "encounter/ProviderUnknown"]);
        assert_eq!(practice.claims().await.len(), 0);

        let taken = practice.intake_json(&visits::sore_throat("V-1")).await;
        assert_eq!((taken.admitted, taken.known), (1, 0));
        assert_eq!(practice.reasons().await, Vec::<String>::new());
        let resolved = resolved(practice).await;
        assert!(resolved.len() == 2 && resolved.iter().all(|(_, how)| how.as_deref() == Some("admitted when it was sent again")));
        assert_eq!(practice.the_claim().await.state, "ready");
    }

    async fn a_visit_without_insurance_is_charged_to_the_family(practice in World::silent()) {
        let mut visit = visits::sore_throat("V-1");
        visit["coverages"] = json!([]);
        assert_eq!(practice.intake_json(&visit).await.admitted, 1);
        assert_eq!(practice.claims().await.len(), 0);
        let visit = encounter::encounter_rows(&mut &practice.db, practice.id(), ("9999-12-31", EncounterId(i64::MAX)), 10).await.unwrap();
        assert_eq!(visit[0].state, "self_pay");
        assert_eq!(practice.reasons().await, Vec::<String>::new());
    }

    async fn a_mended_member_id_makes_a_held_claim_ready(practice in World::silent()) {
        let mut visit = visits::sore_throat("V-1");
        visit["coverages"][0]["member_id"] = json!("W77");
        practice.intake_json(&visit).await;
        let claim = practice.the_claim().await;
        assert_eq!((claim.state.as_str(), practice.reasons().await), ("scrub_failed", vec!["scrub/E009".to_owned()]));
        let held = scrub::held_by(&mut &practice.db, practice.id()).await.unwrap();
        assert_eq!(held.iter().map(|h| (h.edit.as_str(), h.claims)).collect::<Vec<_>>(), [("E009", 1)]);
        assert_eq!(rescrub(practice).await.failed, 1, "nothing was mended yet");

        // The next visit of the child brings the right id.
        let mut next = visits::sore_throat("V-2");
        next["service_date"] = json!("2026-05-15");
        practice.intake_json(&next).await;
        let scrubbed = rescrub(practice).await;
        assert_eq!((scrubbed.claims, scrubbed.ready), (1, 1), "{scrubbed:?}");
        assert_eq!(practice.claim(claim.id).await.state, "ready");
        assert_eq!(practice.reasons().await, Vec::<String>::new());
        let content = claim::store::content(&mut &practice.db, practice.id(), claim.id).await.unwrap();
        assert_eq!(content.subscriber.person.id.unwrap().id.reveal(), "W770193524");
    }

    async fn a_warning_holds_a_claim_until_a_person_overrides_it(practice in World::silent()) {
        let mut visit = visits::sore_throat("V-1");
        visit["child"]["birth_date"] = json!("2001-02-03");
        practice.intake_json(&visit).await;
        let claim = practice.the_claim().await;
        assert_eq!((claim.state.as_str(), practice.reasons().await), ("held", vec!["scrub/E015".to_owned()]));
        practice.submit().await;
        assert_eq!(practice.sent().await.len(), 0, "what is held is not sent");

        let decide = async |edit: &str| {
            let decision = Override { edit: edit.to_owned(), reason: "a patient since childhood".to_owned() };
            claim::override_warnings(&practice.db, practice.id(), &decision, TESTER, practice.clock.now()).await.unwrap()
        };
        assert_eq!(decide("E020").await, 0, "another edit's override releases nothing");
        assert_eq!(decide("E015").await, 1);
        assert_eq!((practice.the_claim().await.state, practice.reasons().await), ("ready".to_owned(), Vec::new()));
        let events = audit::events_of(&mut &practice.db, practice.id(), "claim", claim.id.0).await.unwrap();
        let overridden = events.iter().find(|event| event.event == "claim.overridden").unwrap();
        assert_eq!(overridden.detail.as_deref(), Some("E015: a patient since childhood"));
        practice.submit().await;
        assert_eq!(practice.the_claim().await.state, "transmitted");
    }

    async fn a_claim_that_no_payer_took_alerts_60_30_14_7_and_0_days_ahead(practice in World::silent()) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        practice.submit().await;
        let claim = practice.the_claim().await;
        let due = worklist::deadline_of(&mut &practice.db, practice.id(), DeadlineKind::TimelyFiling, claim.id).await.unwrap().unwrap();
        let mut told = Vec::new();
        while practice.clock.today(&practice.setup.practice.time_zone) <= due {
            raise_alerts(practice).await;
            if let [item] = &practice.items().await[..] {
                assert_eq!((item.reason.as_str(), item.subject_id, item.due_date.map(|d| d.0)), ("TIMELY_FILING", claim.id.0, Some(due)));
                told.push(item.message.split(' ').next().unwrap().to_owned());
            }
            resolve_all(practice).await;
            practice.advance_days(1);
        }
        assert_eq!(told, ["60", "30", "14", "7", "0"]);
    }

    async fn a_claim_that_the_payer_took_alerts_nobody(practice in World::paying()) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        practice.submit().await;
        practice.poll().await;
        practice.advance_days(200);
        raise_alerts(practice).await;
        assert_eq!(practice.reasons().await, Vec::<String>::new());
        practice.poll().await;
        assert_eq!(practice.the_claim().await.state, "paid");
    }

    async fn a_running_program_makes_its_round_by_itself(practice in World::paying()) {
        practice.intake_json(&visits::sore_throat("V-1")).await;
        let jobs = Jobs::new(practice.db.clone(), practice.clock.clone(), practice.app.clone(), registry(Some(Duration::from_secs(60))));
        jobs.drain().await.unwrap();
        practice.advance_days(1);
        jobs.drain().await.unwrap();
        assert_eq!(practice.the_claim().await.state, "accepted_payer");
        practice.advance_days(13);
        jobs.drain().await.unwrap();
        assert_eq!(practice.the_claim().await.state, "paid");
        let theirs = claim::store::counts(&mut &practice.db, practice.second.practice.id).await.unwrap();
        assert_eq!((theirs.len(), theirs[0].0.as_str()), (1, "paid"), "the round is about every practice");
        practice.note_belongings().await;
    }

    async fn nothing_of_another_practice_is_found_by_its_key(practice in World::paying()) {
        practice.second_submits().await;
        practice.intake_json(&visits::sore_throat("V-1")).await;
        let (mut db, mine, other) = (&practice.db, practice.id(), practice.second.practice.id);
        let theirs = claim::store::of_state(&mut db, other, ClaimState::Transmitted, pediclaim::platform::ids::ClaimId(0), 10).await.unwrap();
        assert_eq!(theirs.len(), 1);
        let row = claim::store::claim(&mut db, other, theirs[0]).await.unwrap().unwrap();
        assert!(claim::store::claim(&mut db, mine, theirs[0]).await.unwrap().is_none());
        assert!(claim::store::content(&mut db, mine, theirs[0]).await.is_err());
        assert!(claim::store::lines(&mut db, mine, theirs[0]).await.unwrap().is_empty());
        assert!(claim::store::load(&mut db, mine, &theirs).await.unwrap().is_empty());
        assert!(claim::store::of_encounter(&mut db, mine, row.encounter_id).await.unwrap().is_empty());
        assert!(encounter::encounter_row(&mut db, mine, row.encounter_id).await.unwrap().is_none());
        assert!(encounter::encounters(&mut db, mine, &[row.encounter_id]).await.unwrap().is_empty());
        assert!(family::store::children_of(&mut db, mine, row.family_id).await.unwrap().is_empty());
        assert!(family::store::families(&mut db, mine, [row.family_id]).await.unwrap().is_empty());
        assert!(audit::events_of(&mut db, mine, "claim", theirs[0].0).await.unwrap().is_empty());
        assert!(ledger::store::family_balances(&mut db, mine, row.family_id).await.unwrap().is_empty());
        assert!(worklist::deadline_of(&mut db, mine, DeadlineKind::TimelyFiling, theirs[0]).await.unwrap().is_none());
        assert_eq!(practice.claims().await.len(), 1);
        assert_eq!(encounter::earlier_services(&mut db, mine, &["C-1001"]).await.unwrap(), []);

        // The partner answers both practices in one inbox: each gets its own.
        practice.submit().await;
        practice.poll().await;
        assert_eq!(practice.the_claim().await.state, "accepted_payer");
        let row = claim::store::claim(&mut db, other, theirs[0]).await.unwrap().unwrap();
        assert_eq!(row.state, "accepted_payer");
        practice.note_belongings().await;
        practice.advance_days(10);
        practice.poll().await;
        assert_eq!(practice.the_claim().await.state, "paid");
        let remittances = async |id| remittance::list(&mut &practice.db, id, None, 10).await.unwrap().len();
        assert_eq!((remittances(mine).await, remittances(other).await), (1, 1));
        practice.note_belongings().await;
    }

    async fn siblings_of_one_guardian_share_an_account(practice in World::silent()) {
        let mut sibling = visits::sore_throat("V-2");
        sibling["child"]["id"] = json!("C-1003");
        sibling["child"]["given_names"] = json!("Ottilie");
        practice.intake_json(&json!([visits::sore_throat("V-1"), sibling])).await;
        let claims = practice.claims().await;
        let families: std::collections::BTreeSet<FamilyId> = claims.iter().map(|c| c.family_id).collect();
        assert_eq!((claims.len(), families.len()), (2, 1));
        let children = family::store::children_of(&mut &practice.db, practice.id(), claims[0].family_id).await.unwrap();
        assert_eq!(children.len(), 2);
        let owed = ledger::store::family_balances(&mut &practice.db, practice.id(), claims[0].family_id).await.unwrap();
        assert_eq!(owed.values().copied().sum::<Money>(), claims.iter().map(|c| c.charge_cents).sum::<Money>());
    }

    async fn an_unreadable_file_of_visits_takes_nothing(practice in World::silent()) {
        let faulty: Value = json!({ "encounters": [visits::sore_throat("V-1"), { "id": "V-2", "lines": [{ "code": "?" }] }] });
        let read = encounter::read_json::read(faulty.to_string().as_bytes(), "emr").unwrap_err();
        assert_eq!(read.faults.len(), 1);
        assert_eq!((practice.claims().await.len(), practice.event_count().await > 0), (0, true));
    }
}

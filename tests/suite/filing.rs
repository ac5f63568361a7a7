//! The clock of timely filing, wherever a claim is shown (PED-69): how many days are left while a claim waits, and none once it is sent.

use jiff::civil::{Date, date};
use pediclaim::revenue_cycle::claim::{self, store};
use pediclaim::revenue_cycle::worklist::{self, deadline::DeadlineKind};
use serde_json::{Value, json};

use crate::api::Client;
use crate::support::visits::{sore_throat, well_child};
use crate::support::{TESTER, TestPractice, World};

/// The last day of a visit on the first day of a test: 180 days by the plan's contract.
const LAST_DAY: Date = date(2026, 11, 14);

/// What the interface says of the only claim, in the list and on its own.
async fn told(practice: &TestPractice) -> [(Value, Value); 2] {
    let client = Client::of(practice).await;
    let listed = client.get("/api/v1/claims").await.ok()["items"][0].clone();
    let claim = client.get(&format!("/api/v1/claims/{}", listed["id"].as_str().unwrap())).await.ok();
    [listed, claim].map(|claim| (claim["file_by"].clone(), claim["days_to_file"].clone()))
}

/// What the screens say of the only claim, in the list and on its own page.
async fn shown(practice: &TestPractice) -> [String; 2] {
    let id = practice.the_claim().await.id;
    let client = Client::anonymous(practice);
    let pages = [client.get("/claims?practice=oak-hill").await.text, client.get(&format!("/claims/{id}?practice=oak-hill")).await.text];
    pages.map(|page| page.split_once("class=\"clock ").map_or(String::new(), |(_, after)| after.split('<').next().unwrap().to_owned()))
}

/// Claims that a scrub would warn about on a day that many days ahead.
async fn running_out(practice: &TestPractice, until: Date) -> Vec<(String, Option<i32>)> {
    let today = practice.clock.today(&practice.setup.practice.time_zone);
    let rows = store::running_out(&mut &practice.db, practice.id(), until, 10).await.unwrap();
    rows.into_iter().map(|row| (row.pcn.clone(), row.clock(today).map(|left| left.days()))).collect()
}

both_engines! {
    async fn a_claim_that_waits_shows_its_days_left_and_warns_in_the_last_fourteen(practice in World::silent()) {
        practice.intake_json(&well_child("V-1")).await;
        let claim = practice.the_claim().await;
        assert_eq!(told(practice).await, [(json!(LAST_DAY), json!(180)), (json!(LAST_DAY), json!(180))]);
        assert_eq!(shown(practice).await, ["waits\">180 days", "waits\">(180 days)"]);
        assert!(running_out(practice, LAST_DAY.yesterday().unwrap()).await.is_empty());

        practice.advance_days(166);
        assert_eq!(shown(practice).await, ["acts\">14 days", "acts\">(14 days)"]);
        assert_eq!(running_out(practice, LAST_DAY).await, [(claim.pcn.clone(), Some(14))]);
        practice.advance_days(15);
        assert_eq!(told(practice).await, [(json!(LAST_DAY), json!(-1)), (json!(LAST_DAY), json!(-1))]);
        assert_eq!(shown(practice).await, ["acts\">1 day late", "acts\">(1 day late)"]);
    }

    async fn a_claim_that_was_sent_or_paid_has_no_clock(practice in World::paying()) {
        practice.intake_json(&well_child("V-1")).await;
        practice.submit().await;
        assert_eq!(told(practice).await, [(json!(LAST_DAY), Value::Null), (json!(LAST_DAY), Value::Null)]);
        practice.poll().await;
        practice.advance_days(14);
        practice.poll().await;
        assert_eq!(practice.the_claim().await.state, "paid");
        assert_eq!((told(practice).await[0].1.clone(), shown(practice).await), (Value::Null, [String::new(), String::new()]));
        assert!(running_out(practice, Date::MAX).await.is_empty());
    }

    async fn a_payers_mended_deadline_moves_the_clock_of_a_claim_that_is_kept_back(practice in World::silent()) {
        let mut visit = sore_throat("V-1");
        visit["coverages"][0]["member_id"] = json!("W77");
        practice.intake_json(&visit).await;
        let kept = practice.the_claim().await;
        assert_eq!((kept.state.as_str(), kept.file_by.map(|day| day.0)), ("scrub_failed", Some(LAST_DAY)));

        practice.set_up_with("initial_days = 180", "initial_days = 30").await;
        claim::rescrub(&practice.db, practice.id(), TESTER, practice.clock.now()).await.unwrap();
        let moved = date(2026, 6, 17);
        assert_eq!(practice.the_claim().await.file_by.map(|day| day.0), Some(moved));
        let alerts = worklist::deadline_of(&mut &practice.db, practice.id(), DeadlineKind::TimelyFiling, kept.id).await.unwrap();
        assert_eq!(alerts, Some(moved));
    }
}

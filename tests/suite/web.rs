//! The screens, asked as a browser asks them: what stands on them, what they say when there is nothing, and what they never do.

use axum::http::StatusCode;
use pediclaim::platform::ids::ClaimId;
use pediclaim::revenue_cycle::claim;
use serde_json::{Value, json};

use crate::api::{Answer, Client};
use crate::support::visits::{sore_throat_of, well_child};
use crate::support::{TestPractice, World};

/// The text of a page, once it is sure that it is one and that it carries the headers that keep it to itself.
fn page(answer: &Answer, status: StatusCode) -> &str {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    for needed in
        ["<html lang=\"en\">", "name=\"viewport\"", "<main id=\"content\"", "href=\"#content\"", "<h1>", "No login in this release"]
    {
        assert!(answer.text.contains(needed), "{needed}: {}", answer.text);
    }
    assert!(!answer.text.contains("<script") && !answer.text.contains("style="), "the policy forbids both");
    &answer.text
}

async fn show(practice: &TestPractice, target: &str) -> Answer {
    Client::anonymous(practice).get(target).await
}

both_engines! {
    async fn an_empty_list_says_what_to_do_next(practice in World::silent()) {
        let answer = show(practice, "/claims?practice=oak-hill").await;
        let text = page(&answer, StatusCode::OK);
        assert!(text.contains("No claims yet") && text.contains("pediclaim intake") && text.contains("Oak Hill Pediatrics PC"));
        let answer = show(practice, "/claims?practice=oak-hill&state=denied").await;
        assert!(page(&answer, StatusCode::OK).contains("No claim stands here"));
    }

    async fn the_list_shows_each_claim_with_its_child_payer_money_and_state(practice in World::silent()) {
        practice.intake_json(&well_child("V-1")).await;
        let claim = practice.the_claim().await;
        let answer = show(practice, "/claims?practice=oak-hill").await;
        let text = page(&answer, StatusCode::OK);
        let charge = format!("${}", claim.charge_cents);
        for shown in ["Marlowe, Juniper", "2026-05-18", &claim.pcn, &charge, ">Ready</span>", "Claims by state"] {
            assert!(text.contains(shown), "{shown}: {text}");
        }
        assert!(text.contains(&format!("href=\"/claims/{}?practice=oak-hill\"", claim.id)), "links stay with the practice");
        assert_eq!(text.matches("<tr>").count(), 2, "the heading and the one claim: the other practice's stays away");
        assert!(page(&show(practice, "/claims?practice=oak-hill&state=ready").await, StatusCode::OK).contains("Marlowe, Juniper"));
    }

    async fn a_long_list_goes_on_to_older_claims(practice in World::silent()) {
        let visits: Vec<Value> = (1..=51).map(sore_throat_of).collect();
        practice.intake_json(&json!(visits)).await;
        let answer = show(practice, "/claims?practice=oak-hill").await;
        let text = page(&answer, StatusCode::OK);
        assert_eq!(text.matches("scope=\"row\"").count(), 50);
        let (before, _) = text.split_once("\" rel=\"next\"").unwrap();
        let next = before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&").replace("&amp;", "&");
        let answer = show(practice, &next).await;
        let text = page(&answer, StatusCode::OK);
        assert_eq!((text.matches("scope=\"row\"").count(), text.contains("rel=\"next\""), text.contains("Newest")), (1, false, true));
    }

    async fn a_paid_claims_page_tells_its_story_and_its_money(practice in World::paying()) {
        practice.play_to_payment(&well_child("V-1")).await;
        let claim = practice.the_claim().await;
        let answer = show(practice, &format!("/claims/{}?practice=oak-hill", claim.id)).await;
        let text = page(&answer, StatusCode::OK);
        let paid = format!("${}", claim.paid_cents);
        for shown in [">Paid</span>", &claim.pcn, "2024-05-11", &paid, "Put into", "277CA", "Payer paid", "AR:INS1", "99392", "Draft → Ready"] {
            assert!(text.contains(shown), "{shown}: {text}");
        }
        assert!(text.to_uppercase().contains("JUNIPER MARLOWE"));
    }

    async fn a_blocked_claims_page_says_what_to_do(practice in World::silent()) {
        let mut visit = well_child("V-1");
        visit["coverages"][0]["member_id"] = json!("W77");
        practice.intake_json(&visit).await;
        let claim = practice.the_claim().await;
        let answer = show(practice, &format!("/claims/{}?practice=oak-hill", claim.id)).await;
        let text = page(&answer, StatusCode::OK);
        assert!(text.contains(">Blocked</span>") && text.contains("What to do") && text.contains("E009"), "{text}");
    }

    async fn what_is_not_there_is_a_page_that_says_so(practice in World::silent()) {
        let theirs = claim::store::list(&mut &practice.db, practice.second.practice.id, None, &Default::default(), 10).await.unwrap();
        let theirs: ClaimId = theirs[0].id;
        let targets = [
            "/nowhere".to_owned(),
            "/claims/x?practice=oak-hill".to_owned(),
            "/claims/1?practice=oak-hill".to_owned(),
            format!("/claims/{theirs}?practice=oak-hill"),
            "/claims?practice=nobody".to_owned(),
        ];
        for target in targets {
            let answer = show(practice, &target).await;
            let text = page(&answer, StatusCode::NOT_FOUND);
            assert!(text.contains("Nothing is here") && text.contains(answer.header("x-request-id")), "{target}");
        }
        page(&show(practice, "/claims?practice=oak-hill&cursor=x").await, StatusCode::BAD_REQUEST);
    }

    async fn several_practices_are_chosen_from_and_the_front_door_leads_to_the_claims(practice in World::silent()) {
        let answer = show(practice, "/claims").await;
        let text = page(&answer, StatusCode::OK);
        assert!(text.contains("/claims?practice=oak-hill") && text.contains("/claims?practice=second"));
        let front = show(practice, "/?practice=oak-hill").await;
        assert_eq!((front.status, front.header("location")), (StatusCode::SEE_OTHER, "/claims?practice=oak-hill"));
        let style = show(practice, "/style.css").await;
        assert_eq!((style.status, style.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    }
}

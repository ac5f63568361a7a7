//! The HTTP interface, asked as a program asks it: tokens, practices kept apart, writes that may be sent again, pages, faults, logs.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use pediclaim::http::{OPENAPI, Reach, Server, router};
use pediclaim::platform::ids::ClaimId;
use pediclaim::platform::telemetry::{Capture, Format, subscriber};
use pediclaim::practice::api_key;
use pediclaim::revenue_cycle::claim;
use pediclaim::revenue_cycle::encounter::admit::AdmitOptions;
use pediclaim::transact;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::visits::{sore_throat, sore_throat_of, well_child};
use crate::support::{TESTER, TestPractice, World, sql};

/// More bytes than any answer of these tests has.
const ANSWER_MAX: usize = 8 << 20;

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The answer's JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}: not JSON: {}", self.status, self.text))
    }

    /// One of its headers.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Its JSON, when it is what was asked for.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    /// Status and code of a refusal.
    fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["error"]["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// Sends requests to a server over a practice's records, without a socket.
pub struct Client {
    server: Server,
    token: Option<String>,
}

impl Client {
    /// Somebody without a token, at this machine.
    pub fn anonymous(practice: &TestPractice) -> Client {
        let server = Server {
            db: practice.db.clone(),
            clock: practice.clock.clone(),
            jobs: practice.jobs.clone(),
            admit: Arc::new(AdmitOptions::default()),
            reach: Reach::ThisMachine,
        };
        Client { server, token: None }
    }

    /// A program of the practice.
    pub async fn of(practice: &TestPractice) -> Client {
        let now = practice.clock.now();
        let (_, token) = transact!(practice.db, |tx| Ok(api_key::create(tx, practice.id(), "test", TESTER, now).await?)).unwrap();
        Client { token: Some(token.reveal().to_owned()), ..Client::anonymous(practice) }
    }

    /// The same, over a network.
    pub fn over(mut self, reach: Reach) -> Client {
        self.server.reach = reach;
        self
    }

    /// Sends any request.
    pub async fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:8737");
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = router(self.server.clone()).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, ANSWER_MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// Reads.
    pub async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], String::new()).await
    }

    /// Writes under a key.
    async fn post(&self, target: &str, key: &str, body: &Value) -> Answer {
        self.send("POST", target, &[("idempotency-key", key)], body.to_string()).await
    }
}

/// Method and path of every operation that the OpenAPI document describes, with keys in the place of parameters.
fn operations() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&String, &Value)| {
        let methods: Vec<String> = methods.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        methods.into_iter().map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// The texts that tell who a child of these tests is, and a token's beginning.
const SECRETS: [&str; 7] = ["Marlowe", "Juniper", "Theodora", "W204418830", "2024-05-11", "Larkspur", "pediclaim_"];

/// The paths of a router, from its own words about itself.
fn paths_of(router: &axum::Router) -> BTreeSet<String> {
    let words = format!("{router:?}");
    words.split('"').filter(|word| word.starts_with('/') && !word.contains("{*")).map(str::to_owned).collect()
}

both_engines! {
    async fn without_a_valid_token_nothing_of_the_interface_answers(practice in World::silent()) {
        let (anonymous, client) = (Client::anonymous(practice), Client::of(practice).await);
        for (method, path) in operations().iter().filter(|(_, path)| path.starts_with("/api/")) {
            let target = path.replace("{id}", "1");
            for answer in [
                anonymous.send(method, &target, &[], String::new()).await,
                anonymous.send(method, &target, &[("authorization", "Bearer pediclaim_00")], String::new()).await,
                anonymous.send(method, &target, &[("authorization", "Basic cGVkaWNsYWltOg==")], String::new()).await,
            ] {
                assert_eq!(answer.refusal(), (401, "unauthorized".to_owned()), "{method} {path}");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
                assert_eq!(answer.header("x-request-id"), answer.json()["error"]["request_id"]);
            }
        }
        assert_eq!(client.get("/api/v1/claims").await.ok(), json!({ "items": [], "next": null }));
        let now = practice.clock.now();
        let key = api_key::list(&mut &practice.db, practice.id()).await.unwrap()[0].id;
        assert!(transact!(practice.db, |tx| Ok(api_key::revoke(tx, practice.id(), key, TESTER, now).await?)).unwrap());
        assert_eq!(client.get("/api/v1/claims").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn visits_that_are_sent_become_claims_of_this_practice_alone(practice in World::silent()) {
        let client = Client::of(practice).await;
        let taken = client.post("/api/v1/encounters?source=emr", "a", &json!([well_child("V-1"), sore_throat("V-2")])).await.ok();
        assert_eq!((&taken["visits"], &taken["admitted"], &taken["held"]), (&json!(2), &json!(2), &json!(0)));
        let visit = &taken["encounters"][0];
        assert_eq!((&visit["external_id"], &visit["state"]), (&json!("V-1"), &json!("admitted")));
        practice.drain().await;

        let claims = client.get("/api/v1/claims").await.ok();
        assert_eq!(claims["items"].as_array().unwrap().len(), 2);
        let encounter = client.get(&format!("/api/v1/encounters/{}", visit["encounter_id"].as_str().unwrap())).await.ok();
        assert_eq!(encounter["lines"].as_array().unwrap().len(), 3);
        let claim = client.get(&format!("/api/v1/claims/{}", encounter["claims"][0]["id"].as_str().unwrap())).await.ok();
        assert_eq!(claim["child"]["family_name"].as_str().map(str::to_uppercase).as_deref(), Some("MARLOWE"));
        assert_eq!(claim["charge"], encounter["claims"][0]["charge"]);
        assert!(claim["charge"].as_str().unwrap().contains('.'), "money is a string: {}", claim["charge"]);
        assert_eq!(claim["ledger"].as_array().unwrap().len(), 3, "one charge a line");

        // The other practice has a visit of the same name of a child of the same name.
        let theirs = claim::store::list(&mut &practice.db, practice.second.practice.id, None, &Default::default(), 10).await.unwrap();
        let theirs: ClaimId = theirs[0].id;
        assert_eq!(client.get(&format!("/api/v1/claims/{theirs}")).await.refusal(), (404, "not_found".to_owned()));
        assert!(!claims.to_string().contains(&format!("\"{theirs}\"")));
        assert_eq!(client.get("/api/v1/encounters").await.ok()["items"].as_array().unwrap().len(), 2);
    }

    async fn a_write_that_is_sent_again_gets_the_same_answer_and_does_nothing(practice in World::silent()) {
        let client = Client::of(practice).await;
        let first = client.post("/api/v1/encounters?source=emr", "k-1", &well_child("V-1")).await;
        assert_eq!((first.ok()["admitted"].clone(), first.header("idempotency-replayed")), (json!(1), ""));
        let again = client.post("/api/v1/encounters?source=emr", "k-1", &well_child("V-1")).await;
        assert_eq!((again.status, &again.text, again.header("idempotency-replayed")), (StatusCode::OK, &first.text, "true"));

        let other = client.post("/api/v1/encounters?source=emr", "k-1", &sore_throat("V-2")).await;
        assert_eq!(other.refusal(), (422, "unprocessable".to_owned()));
        let elsewhere = client.post("/api/v1/encounters?source=other", "k-1", &well_child("V-1")).await;
        assert_eq!(elsewhere.refusal(), (422, "unprocessable".to_owned()));

        let known = client.post("/api/v1/encounters?source=emr", "k-2", &well_child("V-1")).await.ok();
        assert_eq!((&known["known"], &known["encounters"][0]["state"]), (&json!(1), &json!("admitted")));
        for key in ["", "two words", "ü", &"x".repeat(129)] {
            let refused = client.post("/api/v1/encounters", key, &well_child("V-3")).await;
            assert_eq!(refused.json()["error"]["faults"][0]["path"], "Idempotency-Key", "{key:?}");
        }
        let without = client.send("POST", "/api/v1/encounters", &[], well_child("V-3").to_string()).await;
        assert_eq!(without.refusal(), (400, "bad_request".to_owned()));
        practice.drain().await;
        assert_eq!(client.get("/api/v1/claims").await.ok()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_list_is_read_page_by_page_without_a_gap(practice in World::silent()) {
        let client = Client::of(practice).await;
        let visits: Vec<Value> = (1..=5).map(sore_throat_of).collect();
        client.post("/api/v1/encounters", "a", &json!({ "encounters": visits })).await.ok();
        practice.drain().await;
        for list in ["/api/v1/claims?limit=2", "/api/v1/encounters?limit=2"] {
            let (mut seen, mut target, mut pages) = (BTreeSet::new(), list.to_owned(), 0);
            loop {
                let page = client.get(&target).await.ok();
                seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
                pages += 1;
                let Some(next) = page["next"].as_str() else { break };
                target = format!("{list}&cursor={next}");
            }
            assert_eq!((seen.len(), pages), (5, 3), "{list}");
        }
        let ready = client.get("/api/v1/claims?state=ready").await.ok();
        assert_eq!(ready["items"].as_array().unwrap().len(), 5);
        assert_eq!(client.get("/api/v1/claims?state=denied").await.ok()["items"], json!([]));
        for wrong in ["limit=0", "limit=201", "cursor=x", "state=lost", "stat=ready", "limit=1&limit=2"] {
            let refused = client.get(&format!("/api/v1/claims?{wrong}")).await;
            assert_eq!(refused.refusal(), (400, "bad_request".to_owned()), "{wrong}");
        }
    }

    async fn a_body_with_faults_is_refused_whole_with_their_paths(practice in World::silent()) {
        let client = Client::of(practice).await;
        let mut broken = well_child("V-2");
        broken["child"]["birth_date"] = json!("5/11/2024");
        let refused = client.post("/api/v1/encounters", "a", &json!({ "encounters": [well_child("V-1"), broken] })).await;
        assert_eq!(refused.refusal(), (400, "bad_request".to_owned()));
        assert_eq!(
            refused.json()["error"]["faults"],
            json!([{ "path": "encounters[1].child.birth_date", "message": "not a date: YYYY-MM-DD" }])
        );
        assert_eq!(client.get("/api/v1/encounters").await.ok()["items"], json!([]));
        // What was refused may be mended and sent under the same key.
        assert_eq!(client.post("/api/v1/encounters", "a", &well_child("V-1")).await.ok()["admitted"], json!(1));
        practice.drain().await;

        let huge = client.send("POST", "/api/v1/encounters", &[("idempotency-key", "b")], " ".repeat(pediclaim::http::BODY_MAX + 1)).await;
        assert_eq!(huge.refusal(), (413, "too_large".to_owned()));
        assert_eq!(client.post("/api/v1/encounters?source=a/b", "c", &json!([])).await.refusal(), (400, "bad_request".to_owned()));
        assert_eq!(client.post("/api/v1/claims", "d", &json!([])).await.refusal(), (405, "method_not_allowed".to_owned()));
        assert_eq!(client.get("/api/v1/nothing").await.refusal(), (404, "not_found".to_owned()));
        assert_eq!(client.get("/api/v1/claims/x").await.refusal(), (404, "not_found".to_owned()));
    }

    async fn a_work_item_is_given_to_a_person_and_ended_once(practice in World::silent()) {
        let client = Client::of(practice).await;
        let mut visit = well_child("V-1");
        visit["rendering"]["npi"] = json!("1234567893");
        let taken = client.post("/api/v1/encounters", "a", &visit).await.ok();
        assert_eq!((&taken["held"], &taken["encounters"][0]["state"]), (&json!(1), &json!("held")));
        assert!(!taken["encounters"][0]["reasons"].as_array().unwrap().is_empty());

        let work = client.get("/api/v1/work").await.ok();
        let id = work["items"][0]["id"].as_str().unwrap().to_owned();
        let assign = format!("/api/v1/work/{id}/assign");
        assert_eq!(client.post(&assign, "b", &json!({ "to": "Rosa" })).await.ok()["assigned_to"], "Rosa");
        assert_eq!(client.get("/api/v1/work?assigned_to=Rosa").await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(client.post(&assign, "c", &json!({ "too": "Rosa" })).await.json()["error"]["faults"][0]["path"], "too");
        assert_eq!(client.post(&assign, "d", &json!({ "to": " " })).await.json()["error"]["faults"][0]["path"], "to");

        let resolve = format!("/api/v1/work/{id}/resolve");
        let done = json!({ "resolution": "added the physician" });
        let ended = client.post(&resolve, "e", &done).await;
        assert_eq!(ended.ok()["state"], "resolved");
        assert_eq!(client.post(&resolve, "e", &done).await.text, ended.text);
        assert_eq!(client.post(&resolve, "f", &done).await.refusal(), (409, "conflict".to_owned()));
        assert_eq!(client.post(&assign, "g", &json!({ "to": null })).await.refusal(), (409, "conflict".to_owned()));
        assert_eq!(client.post("/api/v1/work/1/resolve", "h", &done).await.refusal(), (404, "not_found".to_owned()));
        let resolved = client.get("/api/v1/work?state=resolved").await.ok();
        assert_eq!(resolved["items"][0]["resolution"], "added the physician");
    }

    async fn a_paid_claim_tells_its_whole_story(practice in World::paying()) {
        let client = Client::of(practice).await;
        practice.play_to_payment(&well_child("V-1")).await;
        let claim = client.get(&format!("/api/v1/claims/{}", practice.the_claim().await.id)).await.ok();
        assert_eq!(claim["state"], "paid");
        for part in ["lines", "sent", "acknowledgments", "remittances", "ledger", "events"] {
            assert!(!claim[part].as_array().unwrap().is_empty(), "{part}");
        }
        let said = &claim["remittances"][0];
        assert_eq!((&said["claim"]["paid"], &said["claim"]["claim_id"]), (&claim["paid"], &claim["id"]));

        let remittances = client.get("/api/v1/remittances").await.ok();
        assert_eq!(remittances["items"][0]["id"], said["remittance_id"]);
        let target = format!("/api/v1/remittances/{}", said["remittance_id"].as_str().unwrap());
        let remittance = client.get(&target).await.ok();
        assert_eq!((&remittance["claims"][0]["claim_id"], &remittance["claims_next"]), (&claim["id"], &Value::Null));
        assert_eq!(client.get(&format!("{target}?claims_after=1")).await.ok()["claims"], json!([]));
        assert_eq!(client.get(&format!("{target}?claims_after=x")).await.refusal(), (400, "bad_request".to_owned()));
        assert_eq!(client.get("/api/v1/remittances/1").await.refusal(), (404, "not_found".to_owned()));
    }

    async fn a_request_leaves_its_route_in_the_log_and_nothing_of_a_child(practice in World::silent()) {
        let client = Client::of(practice).await;
        let capture = Capture::default();
        let logging = tracing::subscriber::set_default(subscriber(Format::Human, "info", capture.clone(), false).unwrap());
        client.post("/api/v1/encounters?source=Marlowe", "a", &well_child("V-1")).await.ok();
        let mut broken = well_child("V-2");
        broken["child"]["Juniper"] = json!("Theodora");
        assert_eq!(client.post("/api/v1/encounters", "b", &broken).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(client.get("/api/v1/claims?state=Marlowe").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(client.get("/Marlowe/Juniper").await.status, StatusCode::NOT_FOUND);
        drop(logging);
        practice.drain().await;
        let id = practice.the_claim().await.id;
        let logging = tracing::subscriber::set_default(subscriber(Format::Json, "info", capture.clone(), false).unwrap());
        client.get(&format!("/api/v1/claims/{id}")).await.ok();
        client.get(&format!("/claims/{id}?practice=oak-hill")).await;
        drop(logging);
        let log = capture.text();
        assert!(log.contains("/api/v1/claims/{id}") && log.contains("POST") && log.contains("status"), "{log}");
        assert!(!log.contains(&format!("claims/{id}")), "{log}");
        for secret in SECRETS {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
    }

    async fn the_probes_say_that_the_process_lives_and_can_work(practice in World::silent()) {
        let client = Client::anonymous(practice);
        assert_eq!(client.get("/healthz").await.ok()["status"], "alive");
        let ready = client.get("/readyz").await.ok();
        assert_eq!((&ready["status"], &ready["jobs"]["dead"]), (&json!("ready"), &json!(0)));
        sql::execute(&practice.db, "INSERT INTO job_process (id, role, lease_until_wall_ms) VALUES ('gone', 'serve', 1)").await;
        let orphaned = client.get("/readyz").await;
        assert_eq!((orphaned.status, &orphaned.json()["jobs"]["dead_processes"]), (StatusCode::SERVICE_UNAVAILABLE, &json!(1)));
        practice.jobs.tick().await.unwrap();
        assert_eq!(client.get("/readyz").await.ok()["status"], "ready", "another process took over");
    }

    async fn every_route_is_described_and_every_description_is_a_route(practice in World::silent()) {
        let client = Client::of(practice).await;
        let pages = ["/", "/claims", "/claims/{id}", "/style.css"].map(str::to_owned);
        let described: BTreeSet<String> = operations().into_iter().map(|(_, path)| path).chain(pages).collect();
        assert_eq!(paths_of(&router(client.server.clone())), described);
        for (method, path) in operations() {
            let answer = client.send(&method, &path.replace("{id}", "1"), &[], String::new()).await;
            assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
        assert_eq!(client.get("/openapi.json").await.text, OPENAPI);
    }

    async fn a_server_of_this_machine_answers_no_other_name_and_no_proxy(practice in World::silent()) {
        let client = Client::anonymous(practice);
        for header in [("host", "evil.example"), ("host", ""), ("x-forwarded-for", "203.0.113.9")] {
            for target in ["/claims", "/api/v1/claims", "/healthz"] {
                assert_eq!(client.send("GET", target, &[header], String::new()).await.status, StatusCode::FORBIDDEN, "{header:?} {target}");
            }
        }
        let network = Client::of(practice).await.over(Reach::Network);
        let named = [("host", "billing.example"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(network.send("GET", "/api/v1/claims", &named, String::new()).await.status, StatusCode::OK);
        assert_eq!(network.send("GET", "/claims", &named, String::new()).await.status, StatusCode::FORBIDDEN, "the screens have no login");
    }
}

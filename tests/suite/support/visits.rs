//! Visits as a practice's own system sends them. All persons are made up.

use serde_json::{Value, json};

/// A well visit of a two-year-old with one vaccine, coded in order.
pub fn well_child(id: &str) -> Value {
    json!({
        "id": id,
        "service_date": "2026-05-18",
        "child": {
            "id": "C-1001", "family_name": "Marlowe", "given_names": "Juniper",
            "birth_date": "2024-05-11", "sex": "F",
            "address": { "lines": ["77 Larkspur Lane"], "city": "Springfield", "state": "IL", "zip": "627041188" }
        },
        "guardian": { "id": "G-501", "family_name": "Marlowe", "given_names": "Theodora", "relationship": "mother" },
        "coverages": [{
            "payer_id": "60054", "member_id": "W204418830",
            "subscriber": { "family_name": "Marlowe", "given_names": "Theodora", "relationship": "mother" }
        }],
        "rendering": { "npi": "1900000112" },
        "diagnoses": ["Z00.129", "Z23"],
        "lines": [
            { "code": "99392", "modifiers": ["25"] },
            { "code": "90633", "pointers": [2], "ndc": { "ndc": "58160-0825-43", "quantity": "0.5", "unit": "ML" },
              "dose": { "cvx": "83", "lot": "HV22", "counselled": true, "funding": "private", "eligibility": "V01" } },
            { "code": "90460", "pointers": [2] }
        ]
    })
}

/// A sick visit of a seven-year-old with a rapid test.
pub fn sore_throat(id: &str) -> Value {
    json!({
        "id": id,
        "service_date": "2026-05-18",
        "child": {
            "id": "C-1002", "family_name": "Castellan", "given_names": "Bram",
            "birth_date": "2019-02-03", "sex": "M",
            "address": { "lines": ["9 Foundry Street"], "city": "Chatham", "state": "IL", "zip": "626290455" }
        },
        "guardian": { "id": "G-502", "family_name": "Castellan", "given_names": "Odile", "relationship": "mother" },
        "coverages": [{
            "payer_id": "60054", "member_id": "W770193524",
            "subscriber": { "family_name": "Castellan", "given_names": "Odile", "relationship": "mother" }
        }],
        "rendering": { "npi": "1900000120" },
        "diagnoses": ["J02.0"],
        "lines": [
            { "code": "99213" },
            { "code": "87880", "modifiers": ["QW"] }
        ]
    })
}

/// A sick visit of another child of another family, by number.
pub fn sore_throat_of(number: u32) -> Value {
    let mut visit = sore_throat(&format!("V-{number}"));
    visit["child"]["id"] = json!(format!("C-{number}"));
    visit["child"]["given_names"] = json!(format!("Child{}", char::from(b'A' + u8::try_from(number % 26).unwrap())));
    visit["guardian"]["id"] = json!(format!("G-{number}"));
    visit["coverages"][0]["member_id"] = json!(format!("W{:09}", 300_000_000 + number));
    visit
}

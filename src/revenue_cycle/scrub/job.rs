//! Trying a practice's rules on its past claims before they are put into force: how many they would have caught, and which.

use jiff::civil::Date;
use serde::Serialize;

use super::case::Case;
use super::input::{PayerFacts, ScrubInput};
use super::practice_rule::{Parties, PracticeRule, caught_by};
use super::store;
use crate::platform::database::{Db, DbError};
use crate::platform::ids::ClaimId;
use crate::platform::money::Money;
use crate::practice::PracticeSetup;

/// What one rule would have caught.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Caught {
    /// The rule.
    pub rule: String,
    /// How many claims.
    pub claims: usize,
    /// What these ask for.
    pub charge: Money,
    /// Their claim numbers and dates of service, the oldest claim first.
    pub which: Vec<(String, Date)>,
}

/// Claims looked at between two reads.
const CHUNK: u32 = 500;

/// Tries rules on every claim since a date of service, in whatever state it is. Gives how many claims were looked at, and for each rule what it
/// would have caught. Changes nothing.
pub async fn try_rules(
    db: &Db,
    setup: &PracticeSetup,
    rules: &[PracticeRule],
    since: Date,
    today: Date,
) -> Result<(usize, Vec<Caught>), DbError> {
    let mut caught: Vec<Caught> = rules.iter().map(|rule| Caught { rule: rule.id.clone(), ..Caught::default() }).collect();
    let (mut looked_at, mut after) = (0, ClaimId(0));
    loop {
        let claims = store::claims_since(&mut &*db, setup.practice.id, since, after, CHUNK).await?;
        let Some(last) = claims.last() else { return Ok((looked_at, caught)) };
        after = last.id;
        looked_at += claims.len();
        for past in &claims {
            let Some(payer) = setup.payer(past.payer) else { continue };
            let terms = payer.rules_on(past.content.service_date().unwrap_or(today));
            let facts =
                PayerFacts { name: payer.name.as_str(), class: payer.class, has_route: setup.submitter_of(payer).is_some(), rules: &terms };
            let case = Case::new(&ScrubInput::of(&past.content, today, facts));
            let parties = Parties { payer: payer.code.as_str(), provider: Some(&past.provider) };
            for (rule, caught) in rules.iter().zip(&mut caught) {
                if caught_by(rule, &case, parties).is_some() {
                    caught.claims += 1;
                    caught.charge += past.content.claim.charge;
                    caught.which.extend(case.day.map(|day| (past.content.claim.id.clone(), day)));
                }
            }
        }
    }
}

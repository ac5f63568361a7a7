//! Running the checks.

mod digest;
mod rules;
mod signed;

use serde::Serialize;

use crate::args;
use crate::platform::database::{Db, DbError, Queries, Statement};
use crate::platform::ids::PracticeId;

pub use digest::digest;

/// Every statement of verification, for the registry.
pub static STATEMENTS: &[&[&Statement]] = &[rules::STATEMENTS, signed::STATEMENTS, digest::STATEMENTS];

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The practice's code; none for what belongs to no practice.
    pub practice: Option<String>,
    /// What must hold.
    pub name: &'static str,
    /// Records looked at.
    pub checked: i64,
    /// Records at fault.
    pub faults: i64,
    /// The key of the first of them.
    pub first: Option<String>,
}

impl Check {
    fn new(practice: Option<&str>, name: &'static str) -> Check {
        Check { practice: practice.map(str::to_owned), name, checked: 0, faults: 0, first: None }
    }

    /// Counts one record; `key` names it if it is at fault.
    fn count(&mut self, holds: bool, key: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds {
            self.faults += 1;
            self.first.get_or_insert_with(key);
        }
    }
}

/// What verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Every check, practice by practice.
    pub checks: Vec<Check>,
}

impl Verification {
    /// Whether everything holds.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.faults == 0)
    }

    /// The checks that found something.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.faults > 0)
    }
}

/// Checks everything. Reads only; on a database in use a check may see a moment between two commits of its own pages, so run it at rest or
/// on a copy for a verdict.
pub async fn verify(mut db: &Db) -> Result<Verification, DbError> {
    let mut checks = Vec::new();
    for (practice, code) in practices(db).await? {
        for rule in rules::RULES {
            let (checked, faults, first): (i64, i64, Option<String>) = db.one(rule.statement, args![practice]).await?;
            checks.push(Check { practice: Some(code.clone()), name: rule.name, checked, faults, first });
        }
        checks.extend(signed::ledger(db, practice, &code).await?);
        checks.extend(signed::events(db, practice, &code).await?);
        checks.push(signed::claim_contents(db, practice, &code).await?);
        checks.push(signed::snapshots(db, practice, &code).await?);
    }
    checks.push(signed::archive(db).await?);
    for rule in rules::GLOBAL_RULES {
        let (checked, faults, first): (i64, i64, Option<String>) = db.one(rule.statement, args![]).await?;
        checks.push(Check { practice: None, name: rule.name, checked, faults, first });
    }
    Ok(Verification { checks })
}

async fn practices(mut db: &Db) -> Result<Vec<(PracticeId, String)>, DbError> {
    db.all(&rules::PRACTICES, args![]).await
}

//! What the charge assistant reads beside the visits themselves: the children's other services, and visits without charges or claims.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{HELD, KEYS, NAMES, SERVICES, UNCLAIMED, json, keys_json};
use crate::args;
use crate::pediatrics::due_list::Billed;
use crate::platform::clock::{Day, Millis};
use crate::platform::database::{DbError, Queries};
use crate::platform::ids::{ChildId, EncounterId, PracticeId, ProviderId};
use crate::reference::ProcedureCode;

/// A visit that was kept back when it arrived: it has no charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct HeldVisit {
    /// The key of what arrived, by which its work items name it.
    pub id: i64,
    /// The feed it came by.
    pub source: String,
    /// Its name there.
    pub external_id: String,
    /// Why, codes separated by spaces.
    pub reasons: String,
    /// When it arrived first.
    pub first_ms: Millis,
}

/// A visit that is owed by a payer and stands in no claim.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct UnclaimedVisit {
    /// Key.
    pub id: EncounterId,
    /// The feed it came by.
    pub source: String,
    /// Its name there.
    pub external_id: String,
    /// When.
    pub service_date: Day,
}

/// A service of a child, with the visit at which it was charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceOfVisit {
    /// The visit.
    pub visit: EncounterId,
    /// Who saw the child.
    pub provider: ProviderId,
    /// The service.
    pub billed: Billed,
}

/// Keys of visits after a date of service and key, in the order of service; at most `limit`. Keys are positive: with the key 0 all visits of
/// the date follow.
pub async fn visit_keys(
    db: &mut impl Queries,
    practice: PracticeId,
    after: (Date, EncounterId),
    limit: u32,
) -> Result<Vec<(EncounterId, Date)>, DbError> {
    let rows: Vec<(EncounterId, Day)> = db.all(&KEYS, args![practice, after.0, after.1, limit]).await?;
    Ok(rows.into_iter().map(|(id, day)| (id, day.0)).collect())
}

/// What visits are called in their feeds.
pub async fn names(db: &mut impl Queries, practice: PracticeId, ids: &[EncounterId]) -> Result<BTreeMap<EncounterId, String>, DbError> {
    let rows: Vec<(EncounterId, String)> = db.all(&NAMES, args![practice, keys_json(ids)]).await?;
    Ok(rows.into_iter().collect())
}

/// Everything that was charged for children, by child, in the order of service.
pub async fn services_of(
    db: &mut impl Queries,
    practice: PracticeId,
    children: &[ChildId],
) -> Result<BTreeMap<ChildId, Vec<ServiceOfVisit>>, DbError> {
    let keys = json(&children.iter().map(|child| child.0).collect::<Vec<_>>());
    let rows: Vec<(ChildId, EncounterId, ProviderId, Day, String, i64)> = db.all(&SERVICES, args![practice, keys]).await?;
    let mut services: BTreeMap<ChildId, Vec<ServiceOfVisit>> = BTreeMap::new();
    for (child, visit, provider, day, code, units) in rows {
        let code = ProcedureCode::parse(&code).map_err(|_| DbError::Corrupt("charge line"))?;
        let units = u32::try_from(units).map_err(|_| DbError::Corrupt("charge line"))?;
        let billed = Billed { service_date: day.0, code, units };
        services.entry(child).or_default().push(ServiceOfVisit { visit, provider, billed });
    }
    Ok(services)
}

/// Visits that were kept back when they arrived, the oldest first.
pub async fn held_visits(db: &mut impl Queries, practice: PracticeId, limit: u32) -> Result<Vec<HeldVisit>, DbError> {
    db.all(&HELD, args![practice, limit]).await
}

/// Visits that a payer owes and that stand in no claim, the oldest first.
pub async fn unclaimed_visits(db: &mut impl Queries, practice: PracticeId, limit: u32) -> Result<Vec<UnclaimedVisit>, DbError> {
    db.all(&UNCLAIMED, args![practice, limit]).await
}

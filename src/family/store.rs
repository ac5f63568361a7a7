//! Families, children and coverages in the database: told in bulk, loaded in bulk. A list of keys goes into a statement as one JSON array.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::family::merge::Told;
use crate::family::model::{Child, Coverage, Family, HomeAddress, Subscriber};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{Args, Bulk, Column, Day, DbError, Queries, Tx};
use crate::platform::ids::{ChildId, CoverageId, FamilyId, PayerId, PracticeId};
use crate::platform::phi::Phi;
use crate::practice::model::Stored;
use crate::{args, statements};

statements! {
    FAMILIES_BY_ID = {
        sqlite: "SELECT id, external_id, guarantor_last, guarantor_first, guarantor_birth_date, phone, address, city, state, zip
            FROM family WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id",
        postgres: "SELECT id, external_id, guarantor_last, guarantor_first, guarantor_birth_date, phone, address, city, state, zip
            FROM family WHERE practice_id = $1 AND id = ANY(SELECT jsonb_array_elements_text($2::jsonb)::bigint) ORDER BY id"
    };
    FAMILIES_BY_EXTERNAL_ID = {
        sqlite: "SELECT id, external_id, guarantor_last, guarantor_first, guarantor_birth_date, phone, address, city, state, zip
            FROM family WHERE practice_id = $1 AND external_id IN (SELECT value FROM json_each($2)) ORDER BY +id",
        postgres: "SELECT id, external_id, guarantor_last, guarantor_first, guarantor_birth_date, phone, address, city, state, zip
            FROM family WHERE practice_id = $1 AND external_id = ANY(SELECT jsonb_array_elements_text($2::jsonb)) ORDER BY id"
    };
    CHILDREN_BY_ID = {
        sqlite: "SELECT id, family_id, external_id, last_name, first_name, birth_date, sex, address, city, state, zip FROM child
            WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id",
        postgres: "SELECT id, family_id, external_id, last_name, first_name, birth_date, sex, address, city, state, zip FROM child
            WHERE practice_id = $1 AND id = ANY(SELECT jsonb_array_elements_text($2::jsonb)::bigint) ORDER BY id"
    };
    CHILDREN_BY_EXTERNAL_ID = {
        sqlite: "SELECT id, family_id, external_id, last_name, first_name, birth_date, sex, address, city, state, zip FROM child
            WHERE practice_id = $1 AND external_id IN (SELECT value FROM json_each($2)) ORDER BY +id",
        postgres: "SELECT id, family_id, external_id, last_name, first_name, birth_date, sex, address, city, state, zip FROM child
            WHERE practice_id = $1 AND external_id = ANY(SELECT jsonb_array_elements_text($2::jsonb)) ORDER BY id"
    };
    CHILDREN_OF_FAMILY = "SELECT id, family_id, external_id, last_name, first_name, birth_date, sex, address, city, state, zip FROM child
        WHERE practice_id = $1 AND family_id = $2 ORDER BY birth_date, external_id LIMIT $3";
    COVERAGES_OF_CHILDREN = {
        sqlite: "SELECT id, child_id, payer_id, coverage_rank, member_id, member_id_scope, relationship, group_number, subscriber_last,
            subscriber_first, subscriber_birth_date, subscriber_sex, holder_relation, effective_from, effective_to FROM coverage
            WHERE practice_id = $1 AND child_id IN (SELECT value FROM json_each($2))
            ORDER BY child_id, coverage_rank, effective_from, member_id",
        postgres: "SELECT id, child_id, payer_id, coverage_rank, member_id, member_id_scope, relationship, group_number, subscriber_last,
            subscriber_first, subscriber_birth_date, subscriber_sex, holder_relation, effective_from, effective_to FROM coverage
            WHERE practice_id = $1 AND child_id = ANY(SELECT jsonb_array_elements_text($2::jsonb)::bigint)
            ORDER BY child_id, coverage_rank, effective_from, member_id"
    };
}

static FAMILY_ROWS: Bulk = Bulk {
    table: "family",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("external_id", Column::Text),
        ("guarantor_last", Column::Text),
        ("guarantor_first", Column::Text),
        ("guarantor_birth_date", Column::Text),
        ("phone", Column::Text),
        ("address", Column::Text),
        ("city", Column::Text),
        ("state", Column::Text),
        ("zip", Column::Text),
    ],
    on_conflict:
        "ON CONFLICT (practice_id, id) DO UPDATE SET guarantor_last = excluded.guarantor_last, guarantor_first = excluded.guarantor_first,
        guarantor_birth_date = excluded.guarantor_birth_date, phone = excluded.phone, address = excluded.address, city = excluded.city,
        state = excluded.state, zip = excluded.zip",
};

static CHILD_ROWS: Bulk = Bulk {
    table: "child",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("family_id", Column::Int),
        ("external_id", Column::Text),
        ("last_name", Column::Text),
        ("first_name", Column::Text),
        ("birth_date", Column::Text),
        ("sex", Column::Text),
        ("address", Column::Text),
        ("city", Column::Text),
        ("state", Column::Text),
        ("zip", Column::Text),
    ],
    on_conflict: "ON CONFLICT (practice_id, id) DO UPDATE SET family_id = excluded.family_id, last_name = excluded.last_name,
        first_name = excluded.first_name, birth_date = excluded.birth_date, sex = excluded.sex, address = excluded.address,
        city = excluded.city, state = excluded.state, zip = excluded.zip",
};

static COVERAGE_ROWS: Bulk = Bulk {
    table: "coverage",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("child_id", Column::Int),
        ("payer_id", Column::Int),
        ("coverage_rank", Column::Int),
        ("member_id", Column::Text),
        ("member_id_scope", Column::Text),
        ("relationship", Column::Text),
        ("group_number", Column::Text),
        ("subscriber_last", Column::Text),
        ("subscriber_first", Column::Text),
        ("subscriber_birth_date", Column::Text),
        ("subscriber_sex", Column::Text),
        ("holder_relation", Column::Text),
        ("effective_from", Column::Text),
        ("effective_to", Column::Text),
    ],
    on_conflict: "ON CONFLICT (practice_id, id) DO UPDATE SET coverage_rank = excluded.coverage_rank, member_id = excluded.member_id,
        member_id_scope = excluded.member_id_scope, relationship = excluded.relationship, group_number = excluded.group_number,
        subscriber_last = excluded.subscriber_last, subscriber_first = excluded.subscriber_first,
        subscriber_birth_date = excluded.subscriber_birth_date, subscriber_sex = excluded.subscriber_sex,
        holder_relation = excluded.holder_relation,
        effective_to = excluded.effective_to",
};

/// Children of one family that are listed: no family has as many.
const SIBLINGS_MAX: u32 = 100;

/// A record on its way from what is stored to what shall be.
struct Slot<K, T> {
    id: K,
    stored: Option<T>,
    wanted: T,
}

impl<K, T> Slot<K, T> {
    fn of(record: Stored<K, T>) -> Slot<K, T>
    where
        T: Clone,
    {
        Slot { id: record.id, stored: Some(record.facts.clone()), wanted: record.facts }
    }
}

/// How a kind of record is written.
trait Row: Told {
    const ROWS: &'static Bulk;
    const ADDED: &'static str;
    const CHANGED: &'static str;
    fn row(&self, practice: PracticeId, id: i64) -> Args;
}

/// Stores families as told, keyed by external id; gives their keys in the order of `facts`. What is known already changes nothing; a
/// change leaves an event that names the fields. Two writers that tell of one new family at once collide in its unique key: the later one
/// fails and runs again.
pub async fn upsert_families(
    tx: &mut Tx,
    practice: PracticeId,
    facts: &[Family],
    actor: Actor,
    now: Millis,
) -> Result<Vec<FamilyId>, DbError> {
    let list = json(facts.iter().map(|family| family.external_id.reveal()));
    let rows: Vec<FamilyRow> = tx.all(&FAMILIES_BY_EXTERNAL_ID, args![practice, list]).await?;
    let stored = rows.into_iter().map(FamilyRow::read).map(Slot::of).collect();
    upsert(tx, (practice, actor, now), stored, facts, |family| family.external_id.reveal().clone()).await
}

/// Stores children as told, keyed by external id, as [`upsert_families`] does.
pub async fn upsert_children(
    tx: &mut Tx,
    practice: PracticeId,
    facts: &[Child],
    actor: Actor,
    now: Millis,
) -> Result<Vec<ChildId>, DbError> {
    let list = json(facts.iter().map(|child| child.external_id.reveal()));
    let rows: Vec<ChildRow> = tx.all(&CHILDREN_BY_EXTERNAL_ID, args![practice, list]).await?;
    let stored = rows.into_iter().map(ChildRow::read).map(|row| row.map(Slot::of)).collect::<Result<_, _>>()?;
    upsert(tx, (practice, actor, now), stored, facts, |child| child.external_id.reveal().clone()).await
}

/// Stores coverages as told, as [`upsert_families`] does. A coverage is known by child, payer, member id and first day, or else it is the
/// one in the same place (payer, rank, first day) whose member id nobody tells of any more: that id was missing or wrong.
pub async fn upsert_coverages(
    tx: &mut Tx,
    practice: PracticeId,
    facts: &[Coverage],
    actor: Actor,
    now: Millis,
) -> Result<Vec<CoverageId>, DbError> {
    let rows: Vec<CoverageRow> = tx.all(&COVERAGES_OF_CHILDREN, args![practice, json(facts.iter().map(|c| c.child.0))]).await?;
    let mut slots = rows.into_iter().map(CoverageRow::read).map(|row| row.map(Slot::of)).collect::<Result<Vec<_>, _>>()?;
    let mut ids = Vec::with_capacity(facts.len());
    for told in facts {
        let same_start =
            |known: &Coverage| known.child == told.child && known.payer == told.payer && known.effective_from == told.effective_from;
        let is_told =
            |known: &Coverage| facts.iter().any(|f| f.child == known.child && f.payer == known.payer && f.member_id == known.member_id);
        let known = slots
            .iter()
            .position(|slot| same_start(&slot.wanted) && slot.wanted.member_id == told.member_id)
            .or_else(|| slots.iter().position(|s| same_start(&s.wanted) && s.wanted.rank == told.rank && !is_told(&s.wanted)));
        ids.push(lay_over(tx, &mut slots, known, told)?);
    }
    write(tx, (practice, actor, now), &slots).await?;
    Ok(ids)
}

async fn upsert<K, T>(
    tx: &mut Tx,
    scope: (PracticeId, Actor, Millis),
    stored: Vec<Slot<K, T>>,
    facts: &[T],
    key: impl Fn(&T) -> String,
) -> Result<Vec<K>, DbError>
where
    K: Copy + From<i64> + Into<i64>,
    T: Row,
{
    let mut slots = stored;
    let mut places: BTreeMap<String, usize> = slots.iter().enumerate().map(|(place, slot)| (key(&slot.wanted), place)).collect();
    let mut ids = Vec::with_capacity(facts.len());
    for told in facts {
        let known = places.get(&key(told)).copied();
        ids.push(lay_over(tx, &mut slots, known, told)?);
        if known.is_none() {
            places.insert(key(told), slots.len() - 1);
        }
    }
    write(tx, scope, &slots).await?;
    Ok(ids)
}

/// Lays facts over the slot that knows the record, or over a new one; gives its key.
fn lay_over<K: Copy + From<i64>, T: Told>(tx: &Tx, slots: &mut Vec<Slot<K, T>>, known: Option<usize>, told: &T) -> Result<K, DbError> {
    if let Some(slot) = known.map(|place| &mut slots[place]) {
        slot.wanted = told.over(&slot.wanted);
        return Ok(slot.id);
    }
    let id = tx.new_key()?;
    slots.push(Slot { id, stored: None, wanted: told.clone() });
    Ok(id)
}

/// Writes what is new and what changed, each with its event.
async fn write<K: Copy + Into<i64>, T: Row>(
    tx: &mut Tx,
    (practice, actor, at): (PracticeId, Actor, Millis),
    slots: &[Slot<K, T>],
) -> Result<(), DbError> {
    let mut rows = Vec::new();
    for slot in slots {
        let (event, detail) = match &slot.stored {
            None => (T::ADDED, None),
            Some(stored) => match slot.wanted.changed_fields(stored) {
                fields if fields.is_empty() => continue,
                fields => (T::CHANGED, Some(fields.join(", "))),
            },
        };
        let subject_id = slot.id.into();
        rows.push(slot.wanted.row(practice, subject_id));
        tx.record(Event { practice, at, actor, subject_kind: T::ROWS.table, subject_id, event, from: None, to: None, detail });
    }
    tx.insert_all(T::ROWS, &rows).await?;
    Ok(())
}

/// Children with their families and coverages.
#[derive(Clone, Debug, Default)]
pub struct Households {
    /// The children.
    pub children: BTreeMap<ChildId, Child>,
    /// Their families.
    pub families: BTreeMap<FamilyId, Family>,
    /// Their coverages, in the order of rank; active or not.
    pub coverages: BTreeMap<ChildId, Vec<Stored<CoverageId, Coverage>>>,
}

impl Households {
    /// Loads children with all that belongs to them, in three queries. Keys that the practice does not have are left out.
    pub async fn load(db: &mut impl Queries, practice: PracticeId, children: &[ChildId]) -> Result<Households, DbError> {
        let list = json(children.iter().map(|id| id.0));
        let rows: Vec<ChildRow> = db.all(&CHILDREN_BY_ID, args![practice, &list]).await?;
        let children: BTreeMap<ChildId, Child> =
            rows.into_iter().map(|row| row.read().map(|child| (child.id, child.facts))).collect::<Result<_, _>>()?;
        let rows: Vec<CoverageRow> = db.all(&COVERAGES_OF_CHILDREN, args![practice, list]).await?;
        let mut coverages: BTreeMap<ChildId, Vec<Stored<CoverageId, Coverage>>> = BTreeMap::new();
        for row in rows {
            let coverage = row.read()?;
            coverages.entry(coverage.child).or_default().push(coverage);
        }
        let families = families(db, practice, children.values().map(|child| child.family)).await?;
        Ok(Households { children, families, coverages })
    }

    /// A child's coverages, in the order of rank.
    #[must_use]
    pub fn coverages_of(&self, child: ChildId) -> &[Stored<CoverageId, Coverage>] {
        self.coverages.get(&child).map_or(&[], Vec::as_slice)
    }
}

/// Families by their keys.
pub async fn families(
    db: &mut impl Queries,
    practice: PracticeId,
    ids: impl IntoIterator<Item = FamilyId>,
) -> Result<BTreeMap<FamilyId, Family>, DbError> {
    let list = json(ids.into_iter().map(|id| id.0));
    let rows: Vec<FamilyRow> = db.all(&FAMILIES_BY_ID, args![practice, list]).await?;
    Ok(rows.into_iter().map(FamilyRow::read).map(|family| (family.id, family.facts)).collect())
}

/// The child that its source calls so.
pub async fn child_by_external_id(db: &mut impl Queries, practice: PracticeId, external_id: &str) -> Result<Option<ChildId>, DbError> {
    let rows: Vec<ChildRow> = db.all(&CHILDREN_BY_EXTERNAL_ID, args![practice, json([external_id].into_iter())]).await?;
    Ok(rows.first().map(|row| row.id))
}

/// The children of a family, the oldest first.
pub async fn children_of(db: &mut impl Queries, practice: PracticeId, family: FamilyId) -> Result<Vec<Stored<ChildId, Child>>, DbError> {
    let rows: Vec<ChildRow> = db.all(&CHILDREN_OF_FAMILY, args![practice, family, SIBLINGS_MAX]).await?;
    rows.into_iter().map(ChildRow::read).collect()
}

/// A list of keys as the JSON array that a statement takes.
fn json<T: Serialize>(keys: impl Iterator<Item = T>) -> String {
    let keys: Vec<T> = keys.collect();
    serde_json::to_string(&keys).unwrap_or_else(|_| "[]".to_owned())
}

impl Row for Family {
    const ROWS: &'static Bulk = &FAMILY_ROWS;
    const ADDED: &'static str = "family.added";
    const CHANGED: &'static str = "family.changed";
    fn row(&self, practice: PracticeId, id: i64) -> Args {
        let HomeAddress { street, city, state, zip } = self.address.reveal();
        args![
            practice,
            id,
            &self.external_id,
            &self.guarantor_last,
            &self.guarantor_first,
            self.guarantor_birth_date.as_ref(),
            self.phone.as_ref(),
            street,
            city,
            state,
            zip,
        ]
    }
}

impl Row for Child {
    const ROWS: &'static Bulk = &CHILD_ROWS;
    const ADDED: &'static str = "child.added";
    const CHANGED: &'static str = "child.changed";
    fn row(&self, practice: PracticeId, id: i64) -> Args {
        let HomeAddress { street, city, state, zip } = self.address.reveal();
        args![
            practice,
            id,
            self.family,
            &self.external_id,
            &self.last_name,
            &self.first_name,
            &self.birth_date,
            self.sex.word(),
            street,
            city,
            state,
            zip,
        ]
    }
}

impl Row for Coverage {
    const ROWS: &'static Bulk = &COVERAGE_ROWS;
    const ADDED: &'static str = "coverage.added";
    const CHANGED: &'static str = "coverage.changed";
    fn row(&self, practice: PracticeId, id: i64) -> Args {
        let subscriber = self.subscriber.as_ref();
        args![
            practice,
            id,
            self.child,
            self.payer,
            self.rank,
            &self.member_id,
            self.member_id_scope.word(),
            self.relationship.code(),
            self.group_number.as_ref(),
            subscriber.map(|s| &s.last_name),
            subscriber.map(|s| &s.first_name),
            subscriber.and_then(|s| s.birth_date.as_ref()),
            subscriber.map(|s| s.sex.word()),
            subscriber.and_then(|s| s.relation).map(|relation| relation.word()),
            self.effective_from,
            self.effective_to,
        ]
    }
}

#[derive(sqlx::FromRow)]
struct FamilyRow {
    id: FamilyId,
    external_id: Phi<String>,
    guarantor_last: Phi<String>,
    guarantor_first: Phi<String>,
    guarantor_birth_date: Option<Phi<jiff::civil::Date>>,
    phone: Option<Phi<String>>,
    address: String,
    city: String,
    state: String,
    zip: String,
}

impl FamilyRow {
    fn read(self) -> Stored<FamilyId, Family> {
        let facts = Family {
            external_id: self.external_id,
            guarantor_last: self.guarantor_last,
            guarantor_first: self.guarantor_first,
            guarantor_birth_date: self.guarantor_birth_date,
            phone: self.phone,
            address: Phi::new(HomeAddress { street: self.address, city: self.city, state: self.state, zip: self.zip }),
        };
        Stored { id: self.id, facts }
    }
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    id: ChildId,
    family_id: FamilyId,
    external_id: Phi<String>,
    last_name: Phi<String>,
    first_name: Phi<String>,
    birth_date: Phi<jiff::civil::Date>,
    sex: String,
    address: String,
    city: String,
    state: String,
    zip: String,
}

impl ChildRow {
    fn read(self) -> Result<Stored<ChildId, Child>, DbError> {
        let facts = Child {
            external_id: self.external_id,
            family: self.family_id,
            last_name: self.last_name,
            first_name: self.first_name,
            birth_date: self.birth_date,
            sex: self.sex.parse().map_err(|_| DbError::Corrupt("child"))?,
            address: Phi::new(HomeAddress { street: self.address, city: self.city, state: self.state, zip: self.zip }),
        };
        Ok(Stored { id: self.id, facts })
    }
}

#[derive(sqlx::FromRow)]
struct CoverageRow {
    id: CoverageId,
    child_id: ChildId,
    payer_id: PayerId,
    coverage_rank: i64,
    member_id: Phi<String>,
    member_id_scope: String,
    relationship: String,
    group_number: Option<Phi<String>>,
    subscriber_last: Option<Phi<String>>,
    subscriber_first: Option<Phi<String>>,
    subscriber_birth_date: Option<Phi<jiff::civil::Date>>,
    subscriber_sex: Option<String>,
    holder_relation: Option<String>,
    effective_from: Day,
    effective_to: Option<Day>,
}

impl CoverageRow {
    fn read(self) -> Result<Stored<CoverageId, Coverage>, DbError> {
        const CORRUPT: DbError = DbError::Corrupt("coverage");
        let subscriber = match (self.subscriber_last, self.subscriber_first, self.subscriber_sex) {
            (Some(last_name), Some(first_name), Some(sex)) => {
                let sex = sex.parse().map_err(|_| CORRUPT)?;
                let relation = self.holder_relation.map(|word| word.parse()).transpose().map_err(|_| CORRUPT)?;
                Some(Subscriber { last_name, first_name, birth_date: self.subscriber_birth_date, sex, relation })
            }
            _ => None,
        };
        let facts = Coverage {
            child: self.child_id,
            payer: self.payer_id,
            rank: u8::try_from(self.coverage_rank).map_err(|_| CORRUPT)?,
            member_id: self.member_id,
            member_id_scope: self.member_id_scope.parse().map_err(|_| CORRUPT)?,
            relationship: crate::reference::subscriber::Relationship::from_code(&self.relationship).ok_or(CORRUPT)?,
            group_number: self.group_number,
            subscriber,
            effective_from: self.effective_from.0,
            effective_to: self.effective_to.map(|day| day.0),
        };
        Ok(Stored { id: self.id, facts })
    }
}

//! The practice in the database: set-up applied, and loaded whole.

use jiff::tz::TimeZone;

use super::api_key::ApiKey;
use super::difference::{Change, Difference, PayerRule, Record, Step, StoredSetup, fee_steps};
use super::lookup::PracticeSetup;
use super::model::{Fee, Location, Payer, Practice, Provider, Stored, Submitter};
use super::rows::{FeeRow, LocationRow, PayerRow, PracticeRow, ProviderRow, RuleRow, SubmitterRow, Written};
use super::rules::{DatedRule, Setting};
use super::setup::SetupFile;
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{ApiKeyId, LocationId, PayerId, PracticeId, ProviderId, SubmitterId};
use crate::{args, statements};

/// Practices that one database lists: a billing service has hundreds.
const PRACTICES_MAX: u32 = 10_000;

/// Sites, professionals, payers or their rules of one practice: the largest groups have a few thousand.
const RECORDS_MAX: u32 = 100_000;

/// Fees of one practice: forty schedules of ten thousand codes.
const FEES_MAX: u32 = 400_000;

statements! {
    PRACTICES = "SELECT id, code, name, npi, tax_id_kind, tax_id, taxonomy, address, city, state, zip, phone, contact, time_zone
        FROM practice ORDER BY code LIMIT $1";
    PRACTICE_BY_ID = "SELECT id, code, name, npi, tax_id_kind, tax_id, taxonomy, address, city, state, zip, phone, contact, time_zone
        FROM practice WHERE id = $1";
    PRACTICE_BY_CODE = "SELECT id, code, name, npi, tax_id_kind, tax_id, taxonomy, address, city, state, zip, phone, contact, time_zone
        FROM practice WHERE code = $1";
    ZONE = "SELECT time_zone FROM practice WHERE id = $1";
    LOCATIONS = "SELECT id, code, name, place_of_service, npi, clia, clia_certificate, address, city, state, zip
        FROM location WHERE practice_id = $1 ORDER BY code LIMIT $2";
    PROVIDERS = "SELECT id, code, last_name, first_name, npi, taxonomy FROM provider WHERE practice_id = $1 ORDER BY code LIMIT $2";
    PAYERS = "SELECT p.id, p.code, p.name, p.class, p.filing_indicator, p.payer_number, p.era_payer_id, s.code AS submitter_code
        FROM payer p LEFT JOIN submitter s ON s.id = p.submitter_id WHERE p.practice_id = $1 ORDER BY p.code LIMIT $2";
    PAYER_RULES = "SELECT payer_id, rule_key, effective_from, effective_to, value
        FROM payer_rule WHERE practice_id = $1 ORDER BY payer_id, rule_key, effective_from LIMIT $2";
    FEES = "SELECT schedule, effective_from, procedure_code, modifier, cents
        FROM fee WHERE practice_id = $1 ORDER BY schedule, effective_from, procedure_code, modifier LIMIT $2";
    SUBMITTERS_OF_PRACTICE = "SELECT id, code, name, contact, phone, sender_qualifier, sender_id, receiver_qualifier, receiver_id,
        receiver_name, usage, connection FROM submitter WHERE id IN (SELECT submitter_id FROM payer WHERE practice_id = $1)
        ORDER BY code LIMIT $2";
    SUBMITTER_BY_ID = "SELECT id, code, name, contact, phone, sender_qualifier, sender_id, receiver_qualifier, receiver_id, receiver_name,
        usage, connection FROM submitter WHERE id = $1";
    SUBMITTER_BY_CODE = "SELECT id, code, name, contact, phone, sender_qualifier, sender_id, receiver_qualifier, receiver_id, receiver_name,
        usage, connection FROM submitter WHERE code = $1";
    PUT_PRACTICE = "INSERT INTO practice (id, code, name, npi, tax_id_kind, tax_id, taxonomy, address, city, state, zip, phone,
        contact, time_zone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, npi = excluded.npi, tax_id_kind = excluded.tax_id_kind,
        tax_id = excluded.tax_id, taxonomy = excluded.taxonomy, address = excluded.address, city = excluded.city, state = excluded.state,
        zip = excluded.zip, phone = excluded.phone, contact = excluded.contact, time_zone = excluded.time_zone";
    PUT_LOCATION = "INSERT INTO location (practice_id, id, code, name, place_of_service, npi, clia, clia_certificate, address, city, state,
        zip) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (practice_id, id) DO UPDATE SET name = excluded.name, place_of_service = excluded.place_of_service, npi = excluded.npi,
        clia = excluded.clia, clia_certificate = excluded.clia_certificate, address = excluded.address, city = excluded.city, state = excluded.state, zip = excluded.zip";
    PUT_PROVIDER = "INSERT INTO provider (practice_id, id, code, last_name, first_name, npi, taxonomy) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (practice_id, id) DO UPDATE SET last_name = excluded.last_name, first_name = excluded.first_name, npi = excluded.npi,
        taxonomy = excluded.taxonomy";
    PUT_SUBMITTER = "INSERT INTO submitter (id, code, name, contact, phone, sender_qualifier, sender_id, receiver_qualifier, receiver_id,
        receiver_name, usage, connection) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, contact = excluded.contact, phone = excluded.phone,
        sender_qualifier = excluded.sender_qualifier, sender_id = excluded.sender_id, receiver_qualifier = excluded.receiver_qualifier,
        receiver_id = excluded.receiver_id, receiver_name = excluded.receiver_name, usage = excluded.usage,
        connection = excluded.connection";
    PUT_PAYER = "INSERT INTO payer (practice_id, id, code, name, class, filing_indicator, payer_number, era_payer_id, submitter_id)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, (SELECT id FROM submitter WHERE code = $9) WHERE true
        ON CONFLICT (practice_id, id) DO UPDATE SET name = excluded.name, class = excluded.class,
        filing_indicator = excluded.filing_indicator, payer_number = excluded.payer_number, era_payer_id = excluded.era_payer_id,
        submitter_id = excluded.submitter_id";
    PUT_PAYER_RULE = "INSERT INTO payer_rule (practice_id, payer_id, rule_key, effective_from, effective_to, value)
        VALUES ($1, (SELECT id FROM payer WHERE practice_id = $1 AND code = $2), $3, $4, $5, $6)
        ON CONFLICT (practice_id, payer_id, rule_key, effective_from)
        DO UPDATE SET effective_to = excluded.effective_to, value = excluded.value";
    INSERT_API_KEY = "INSERT INTO api_key (id, practice_id, label, token_sha256, state, created_ms) VALUES ($1, $2, $3, $4, 'active', $5)";
    ACTIVE_API_KEY = "SELECT id, practice_id FROM api_key WHERE token_sha256 = $1 AND state = 'active'";
    REVOKE_API_KEY = "UPDATE api_key SET state = 'revoked' WHERE practice_id = $1 AND id = $2 AND state = 'active'";
    API_KEYS = "SELECT id, label, state, created_ms FROM api_key WHERE practice_id = $1 ORDER BY created_ms, id LIMIT $2";
}

static FEE_ROWS: Bulk = Bulk {
    table: "fee",
    columns: &[
        ("practice_id", Column::Int),
        ("schedule", Column::Text),
        ("effective_from", Column::Text),
        ("procedure_code", Column::Text),
        ("modifier", Column::Text),
        ("cents", Column::Int),
    ],
    on_conflict: "ON CONFLICT (practice_id, schedule, effective_from, procedure_code, modifier) DO UPDATE SET cents = excluded.cents",
};

/// What set-up did.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The practice that was set up.
    pub practice: PracticeId,
    /// How every record stands.
    pub changes: Vec<Change>,
}

/// Brings the database to what a file says, with an event for each record that is added or changed (one for all fees of a schedule and
/// day). The same file again writes nothing.
pub async fn apply(tx: &mut Tx, file: &SetupFile, actor: Actor, now: Millis) -> Result<Applied, DbError> {
    let stored = stored_setup(tx, file).await?;
    let difference = Difference::between(file, &stored);
    let practice = match &difference.practice {
        Step::Add(_) => tx.new_key()?,
        Step::Change { id, .. } | Step::Keep { id, .. } => *id,
    };
    let mut writer = Writer { tx, practice, actor, now };
    match &difference.practice {
        Step::Add(facts) => writer.write(practice, facts, Practice::ADDED, None).await?,
        Step::Change { id, facts, fields } => writer.write(*id, facts, Practice::CHANGED, Some(fields.join(", "))).await?,
        Step::Keep { .. } => {}
    }
    writer.put(&difference.locations).await?;
    writer.put(&difference.providers).await?;
    writer.put(&difference.submitters).await?;
    writer.put(&difference.payers).await?;
    writer.put_rules(&difference.payer_rules).await?;
    writer.put_fees(&difference.fees).await?;
    Ok(Applied { practice, changes: difference.changes() })
}

/// Brings a practice's prices to what a fee file says, with one event; gives how many were added and how many changed. Prices that the file
/// does not name stay.
pub async fn apply_fees(tx: &mut Tx, practice: PracticeId, wanted: &[Fee], actor: Actor, now: Millis) -> Result<(usize, usize), DbError> {
    let steps = fee_steps(wanted, fees(tx, practice).await?);
    let added = steps.iter().filter(|step| matches!(step, Step::Add(_))).count();
    let changed = steps.iter().filter(|step| matches!(step, Step::Change { .. })).count();
    Writer { tx, practice, actor, now }.put_fees(&steps).await?;
    Ok((added, changed))
}

/// What a file says and what is stored, compared without writing anything.
pub async fn difference(db: &mut impl Queries, file: &SetupFile) -> Result<Difference, DbError> {
    Ok(Difference::between(file, &stored_setup(db, file).await?))
}

async fn stored_setup(db: &mut impl Queries, file: &SetupFile) -> Result<StoredSetup, DbError> {
    let mut stored = StoredSetup { practice: practice_by_code(db, file.practice.code.as_str()).await?, ..StoredSetup::default() };
    for submitter in &file.submitters {
        let row: Option<SubmitterRow> = db.optional(&SUBMITTER_BY_CODE, args![submitter.code.as_str()]).await?;
        stored.submitters.extend(row.map(SubmitterRow::read).transpose()?);
    }
    if let Some(practice) = stored.practice.as_ref().map(|practice| practice.id) {
        stored.locations = locations(db, practice).await?;
        stored.providers = providers(db, practice).await?;
        stored.payers = payers(db, practice).await?;
        stored.fees = fees(db, practice).await?;
    }
    Ok(stored)
}

impl PracticeSetup {
    /// Loads everything about a practice, in seven queries.
    pub async fn load(db: &mut impl Queries, practice: PracticeId) -> Result<PracticeSetup, DbError> {
        let row: PracticeRow = db.one(&PRACTICE_BY_ID, args![practice]).await?;
        let submitters: Vec<SubmitterRow> = db.all(&SUBMITTERS_OF_PRACTICE, args![practice, RECORDS_MAX]).await?;
        Ok(PracticeSetup {
            practice: row.read()?,
            locations: locations(db, practice).await?,
            providers: providers(db, practice).await?,
            payers: payers(db, practice).await?,
            submitters: submitters.into_iter().map(SubmitterRow::read).collect::<Result<_, _>>()?,
            fees: fees(db, practice).await?.into_iter().collect(),
        })
    }
}

/// Every practice, by code.
pub async fn practices(db: &mut impl Queries) -> Result<Vec<Stored<PracticeId, Practice>>, DbError> {
    let rows: Vec<PracticeRow> = db.all(&PRACTICES, args![PRACTICES_MAX]).await?;
    rows.into_iter().map(PracticeRow::read).collect()
}

/// The practice with a code.
pub async fn practice_by_code(db: &mut impl Queries, code: &str) -> Result<Option<Stored<PracticeId, Practice>>, DbError> {
    let row: Option<PracticeRow> = db.optional(&PRACTICE_BY_CODE, args![code]).await?;
    row.map(PracticeRow::read).transpose()
}

/// The time zone of a practice, which decides the day and the month of what happens there.
pub async fn zone(db: &mut impl Queries, practice: PracticeId) -> Result<TimeZone, DbError> {
    let (name,): (String,) = db.one(&ZONE, args![practice]).await?;
    TimeZone::get(&name).map_err(|_| DbError::Corrupt("time zone"))
}

/// The practice that is meant where none is named: the only one. None where there is none, or several.
pub async fn the_only_practice(db: &mut impl Queries) -> Result<Option<Stored<PracticeId, Practice>>, DbError> {
    let rows: Vec<PracticeRow> = db.all(&PRACTICES, args![2_u32]).await?;
    match <[PracticeRow; 1]>::try_from(rows) {
        Ok([row]) => row.read().map(Some),
        Err(_) => Ok(None),
    }
}

/// One submitter.
pub async fn submitter(db: &mut impl Queries, id: SubmitterId) -> Result<Option<Stored<SubmitterId, Submitter>>, DbError> {
    let row: Option<SubmitterRow> = db.optional(&SUBMITTER_BY_ID, args![id]).await?;
    row.map(SubmitterRow::read).transpose()
}

async fn locations(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<Stored<LocationId, Location>>, DbError> {
    let rows: Vec<LocationRow> = db.all(&LOCATIONS, args![practice, RECORDS_MAX]).await?;
    rows.into_iter().map(LocationRow::read).collect()
}

async fn providers(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<Stored<ProviderId, Provider>>, DbError> {
    let rows: Vec<ProviderRow> = db.all(&PROVIDERS, args![practice, RECORDS_MAX]).await?;
    rows.into_iter().map(ProviderRow::read).collect()
}

/// The payers of a practice with their rules, by code.
pub async fn payers(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<Stored<PayerId, Payer>>, DbError> {
    let rows: Vec<PayerRow> = db.all(&PAYERS, args![practice, RECORDS_MAX]).await?;
    let mut payers = rows.into_iter().map(PayerRow::read).collect::<Result<Vec<_>, _>>()?;
    let rules: Vec<RuleRow> = db.all(&PAYER_RULES, args![practice, RECORDS_MAX]).await?;
    for row in rules {
        if let Some(payer) = payers.iter_mut().find(|payer| payer.id == row.payer_id) {
            let setting = Setting::parse(&row.rule_key, &row.value).map_err(|_| DbError::Corrupt("payer_rule"))?;
            payer.facts.rules.push(DatedRule { from: row.effective_from.0, to: row.effective_to.map(|day| day.0), setting });
        }
    }
    Ok(payers)
}

async fn fees(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<Fee>, DbError> {
    let rows: Vec<FeeRow> = db.all(&FEES, args![practice, FEES_MAX]).await?;
    rows.into_iter().map(FeeRow::read).collect()
}

pub(super) async fn insert_api_key(
    tx: &mut Tx,
    practice: PracticeId,
    id: ApiKeyId,
    label: &str,
    fingerprint: &str,
    now: Millis,
) -> Result<(), DbError> {
    tx.execute_one(&INSERT_API_KEY, args![id, practice, label, fingerprint, now]).await
}

pub(super) async fn active_api_key(db: &mut impl Queries, fingerprint: &str) -> Result<Option<(ApiKeyId, PracticeId)>, DbError> {
    db.optional(&ACTIVE_API_KEY, args![fingerprint]).await
}

pub(super) async fn revoke_api_key(tx: &mut Tx, practice: PracticeId, id: ApiKeyId) -> Result<bool, DbError> {
    Ok(tx.execute(&REVOKE_API_KEY, args![practice, id]).await? == 1)
}

pub(super) async fn api_keys(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<ApiKey>, DbError> {
    let rows: Vec<(ApiKeyId, String, String, Millis)> = db.all(&API_KEYS, args![practice, RECORDS_MAX]).await?;
    let key = |(id, label, state, created): (ApiKeyId, String, String, Millis)| ApiKey { id, label, active: state == "active", created };
    Ok(rows.into_iter().map(key).collect())
}

struct Writer<'t> {
    tx: &'t mut Tx,
    practice: PracticeId,
    actor: Actor,
    now: Millis,
}

impl Writer<'_> {
    async fn put<T: Written>(&mut self, steps: &[Step<T::Id, T>]) -> Result<(), DbError> {
        for step in steps {
            match step {
                Step::Add(facts) => {
                    let id = self.tx.new_key()?;
                    self.write(id, facts, T::ADDED, None).await?;
                }
                Step::Change { id, facts, fields } => self.write(*id, facts, T::CHANGED, Some(fields.join(", "))).await?,
                Step::Keep { .. } => {}
            }
        }
        Ok(())
    }

    async fn write<T: Written>(&mut self, id: T::Id, facts: &T, event: &'static str, detail: Option<String>) -> Result<(), DbError> {
        self.tx.execute_one(T::PUT, facts.values(self.practice, id)).await?;
        self.record(T::KIND, id.into(), event, detail);
        Ok(())
    }

    /// Rules have no key of their own: their events stand at the practice.
    async fn put_rules(&mut self, steps: &[Step<(), PayerRule>]) -> Result<(), DbError> {
        for step in steps {
            let (PayerRule { payer, rule }, event) = match step {
                Step::Add(facts) => (facts, "payer_rule.added"),
                Step::Change { facts, .. } => (facts, "payer_rule.changed"),
                Step::Keep { .. } => continue,
            };
            let (key, value) = (rule.setting.key(), rule.setting.value());
            let values = args![self.practice, payer.as_str(), key, rule.from, rule.to, &value];
            self.tx.execute_one(&PUT_PAYER_RULE, values).await?;
            let to = rule.to.map(|to| format!(" to {to}")).unwrap_or_default();
            self.record(Practice::KIND, self.practice.0, event, Some(format!("{payer} {key} = {value} from {}{to}", rule.from)));
        }
        Ok(())
    }

    /// One event for all fees of a schedule and first day.
    async fn put_fees(&mut self, steps: &[Step<(), Fee>]) -> Result<(), DbError> {
        let mut rows = Vec::new();
        let mut counts = std::collections::BTreeMap::<String, [usize; 2]>::new();
        for step in steps {
            let (fee, which) = match step {
                Step::Add(fee) => (fee, 0),
                Step::Change { facts, .. } => (facts, 1),
                Step::Keep { .. } => continue,
            };
            counts.entry(format!("{} from {}", fee.schedule, fee.effective_from)).or_default()[which] += 1;
            let modifier = fee.modifier.as_ref().map_or("", |modifier| modifier.as_str());
            rows.push(args![self.practice, fee.schedule.as_str(), fee.effective_from, fee.procedure.as_str(), modifier, fee.amount]);
        }
        self.tx.insert_all(&FEE_ROWS, &rows).await?;
        for (schedule, [added, changed]) in counts {
            let detail = format!("{schedule}: {added} added, {changed} changed");
            self.record(Practice::KIND, self.practice.0, "fee_schedule.changed", Some(detail));
        }
        Ok(())
    }

    fn record(&mut self, subject_kind: &'static str, subject_id: i64, event: &'static str, detail: Option<String>) {
        let (practice, at, actor) = (self.practice, self.now, self.actor);
        self.tx.record(Event { practice, at, actor, subject_kind, subject_id, event, from: None, to: None, detail });
    }
}

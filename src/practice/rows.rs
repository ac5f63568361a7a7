//! Rows of the practice's tables: records to the values of their row, and rows back to records. A text in a row is read by the type that
//! wrote it; one that can't be read was not written by us.

use std::str::FromStr;

use jiff::tz::TimeZone;

use super::difference::Record;
use super::model::{Address, Fee, Location, Payer, Practice, Provider, Stored, Submitter};
use super::shape::{TaxId, TaxIdKind};
use super::store::{PUT_LOCATION, PUT_PAYER, PUT_PRACTICE, PUT_PROVIDER, PUT_SUBMITTER};
use crate::args;
use crate::platform::database::{Args, Day, DbError, Statement};
use crate::platform::ids::{LocationId, Npi, PayerId, PracticeId, ProviderId, SubmitterId};
use crate::platform::money::Money;

/// A record that set-up writes one by one: its statement, the values of a row, and the events that it leaves.
pub(super) trait Written: Record {
    type Id: Copy + From<i64> + Into<i64>;
    const PUT: &'static Statement;
    const ADDED: &'static str;
    const CHANGED: &'static str;
    fn values(&self, practice: PracticeId, id: Self::Id) -> Args;
}

impl Written for Practice {
    type Id = PracticeId;
    const PUT: &'static Statement = &PUT_PRACTICE;
    const ADDED: &'static str = "practice.added";
    const CHANGED: &'static str = "practice.changed";
    fn values(&self, _: PracticeId, id: PracticeId) -> Args {
        let Address { street, city, state, zip } = &self.address;
        let tax_id = &self.tax_id;
        let time_zone = self.time_zone.iana_name().unwrap_or("UTC");
        args![
            id,
            self.code.as_str(),
            self.name.as_str(),
            self.npi,
            tax_id.kind.word(),
            &tax_id.digits,
            self.taxonomy.as_str(),
            street.as_str(),
            city.as_str(),
            state.as_str(),
            zip.as_str(),
            self.phone.as_str(),
            self.contact.as_str(),
            time_zone,
        ]
    }
}

impl Written for Location {
    type Id = LocationId;
    const PUT: &'static Statement = &PUT_LOCATION;
    const ADDED: &'static str = "location.added";
    const CHANGED: &'static str = "location.changed";
    fn values(&self, practice: PracticeId, id: LocationId) -> Args {
        let Address { street, city, state, zip } = &self.address;
        args![
            practice,
            id,
            self.code.as_str(),
            self.name.as_str(),
            self.place_of_service.as_str(),
            self.npi,
            self.clia.as_ref().map(|clia| clia.as_str()),
            self.clia_certificate.map(|kind| kind.word()),
            street.as_str(),
            city.as_str(),
            state.as_str(),
            zip.as_str(),
        ]
    }
}

impl Written for Provider {
    type Id = ProviderId;
    const PUT: &'static Statement = &PUT_PROVIDER;
    const ADDED: &'static str = "provider.added";
    const CHANGED: &'static str = "provider.changed";
    fn values(&self, practice: PracticeId, id: ProviderId) -> Args {
        let Provider { code, last_name, first_name, npi, taxonomy } = self;
        args![practice, id, code.as_str(), last_name.as_str(), first_name.as_str(), *npi, taxonomy.as_str()]
    }
}

impl Written for Submitter {
    type Id = SubmitterId;
    const PUT: &'static Statement = &PUT_SUBMITTER;
    const ADDED: &'static str = "submitter.added";
    const CHANGED: &'static str = "submitter.changed";
    fn values(&self, _: PracticeId, id: SubmitterId) -> Args {
        args![
            id,
            self.code.as_str(),
            self.name.as_str(),
            self.contact.as_str(),
            self.phone.as_str(),
            self.sender_qualifier.as_str(),
            self.sender_id.as_str(),
            self.receiver_qualifier.as_str(),
            self.receiver_id.as_str(),
            self.receiver_name.as_str(),
            self.usage.word(),
            self.connection.to_string(),
        ]
    }
}

impl Written for Payer {
    type Id = PayerId;
    const PUT: &'static Statement = &PUT_PAYER;
    const ADDED: &'static str = "payer.added";
    const CHANGED: &'static str = "payer.changed";
    fn values(&self, practice: PracticeId, id: PayerId) -> Args {
        args![
            practice,
            id,
            self.code.as_str(),
            self.name.as_str(),
            self.class.word(),
            self.filing_indicator.as_str(),
            self.payer_number.as_str(),
            self.era_payer_id.as_str(),
            self.submitter.as_ref().map(|code| code.as_str()),
        ]
    }
}

/// A stored text as the type that wrote it.
fn read<T: FromStr>(table: &'static str, text: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Corrupt(table))
}

fn read_address(table: &'static str, [street, city, state, zip]: [&str; 4]) -> Result<Address, DbError> {
    Ok(Address { street: read(table, street)?, city: read(table, city)?, state: read(table, state)?, zip: read(table, zip)? })
}

#[derive(sqlx::FromRow)]
pub(super) struct PracticeRow {
    id: PracticeId,
    code: String,
    name: String,
    npi: Npi,
    tax_id_kind: String,
    tax_id: String,
    taxonomy: String,
    address: String,
    city: String,
    state: String,
    zip: String,
    phone: String,
    contact: String,
    time_zone: String,
}

impl PracticeRow {
    pub fn read(self) -> Result<Stored<PracticeId, Practice>, DbError> {
        const TABLE: &str = "practice";
        let kind: TaxIdKind = read(TABLE, &self.tax_id_kind)?;
        let facts = Practice {
            code: read(TABLE, &self.code)?,
            name: read(TABLE, &self.name)?,
            npi: self.npi,
            tax_id: TaxId::parse(kind, &self.tax_id).map_err(|_| DbError::Corrupt(TABLE))?,
            taxonomy: read(TABLE, &self.taxonomy)?,
            address: read_address(TABLE, [&self.address, &self.city, &self.state, &self.zip])?,
            phone: read(TABLE, &self.phone)?,
            contact: read(TABLE, &self.contact)?,
            time_zone: TimeZone::get(&self.time_zone).map_err(|_| DbError::Corrupt(TABLE))?,
        };
        Ok(Stored { id: self.id, facts })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct LocationRow {
    id: LocationId,
    code: String,
    name: String,
    place_of_service: String,
    npi: Option<Npi>,
    clia: Option<String>,
    clia_certificate: Option<String>,
    address: String,
    city: String,
    state: String,
    zip: String,
}

impl LocationRow {
    pub fn read(self) -> Result<Stored<LocationId, Location>, DbError> {
        const TABLE: &str = "location";
        let facts = Location {
            code: read(TABLE, &self.code)?,
            name: read(TABLE, &self.name)?,
            place_of_service: read(TABLE, &self.place_of_service)?,
            npi: self.npi,
            clia: self.clia.map(|clia| read(TABLE, &clia)).transpose()?,
            clia_certificate: self.clia_certificate.map(|kind| read(TABLE, &kind)).transpose()?,
            address: read_address(TABLE, [&self.address, &self.city, &self.state, &self.zip])?,
        };
        Ok(Stored { id: self.id, facts })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct ProviderRow {
    id: ProviderId,
    code: String,
    last_name: String,
    first_name: String,
    npi: Npi,
    taxonomy: String,
}

impl ProviderRow {
    pub fn read(self) -> Result<Stored<ProviderId, Provider>, DbError> {
        const TABLE: &str = "provider";
        let facts = Provider {
            code: read(TABLE, &self.code)?,
            last_name: read(TABLE, &self.last_name)?,
            first_name: read(TABLE, &self.first_name)?,
            npi: self.npi,
            taxonomy: read(TABLE, &self.taxonomy)?,
        };
        Ok(Stored { id: self.id, facts })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct SubmitterRow {
    id: SubmitterId,
    code: String,
    name: String,
    contact: String,
    phone: String,
    sender_qualifier: String,
    sender_id: String,
    receiver_qualifier: String,
    receiver_id: String,
    receiver_name: String,
    usage: String,
    connection: String,
}

impl SubmitterRow {
    pub fn read(self) -> Result<Stored<SubmitterId, Submitter>, DbError> {
        const TABLE: &str = "submitter";
        let facts = Submitter {
            code: read(TABLE, &self.code)?,
            name: read(TABLE, &self.name)?,
            contact: read(TABLE, &self.contact)?,
            phone: read(TABLE, &self.phone)?,
            sender_qualifier: read(TABLE, &self.sender_qualifier)?,
            sender_id: read(TABLE, &self.sender_id)?,
            receiver_qualifier: read(TABLE, &self.receiver_qualifier)?,
            receiver_id: read(TABLE, &self.receiver_id)?,
            receiver_name: read(TABLE, &self.receiver_name)?,
            usage: read(TABLE, &self.usage)?,
            connection: read(TABLE, &self.connection)?,
        };
        Ok(Stored { id: self.id, facts })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct PayerRow {
    id: PayerId,
    code: String,
    name: String,
    class: String,
    filing_indicator: String,
    payer_number: String,
    era_payer_id: String,
    submitter_code: Option<String>,
}

impl PayerRow {
    /// The payer without its rules.
    pub fn read(self) -> Result<Stored<PayerId, Payer>, DbError> {
        const TABLE: &str = "payer";
        let facts = Payer {
            code: read(TABLE, &self.code)?,
            name: read(TABLE, &self.name)?,
            class: read(TABLE, &self.class)?,
            filing_indicator: read(TABLE, &self.filing_indicator)?,
            payer_number: read(TABLE, &self.payer_number)?,
            era_payer_id: read(TABLE, &self.era_payer_id)?,
            submitter: self.submitter_code.map(|code| read(TABLE, &code)).transpose()?,
            rules: Vec::new(),
        };
        Ok(Stored { id: self.id, facts })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct RuleRow {
    pub payer_id: PayerId,
    pub rule_key: String,
    pub effective_from: Day,
    pub effective_to: Option<Day>,
    pub value: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct FeeRow {
    schedule: String,
    effective_from: Day,
    procedure_code: String,
    modifier: String,
    cents: Money,
}

impl FeeRow {
    pub fn read(self) -> Result<Fee, DbError> {
        const TABLE: &str = "fee";
        Ok(Fee {
            schedule: read(TABLE, &self.schedule)?,
            effective_from: self.effective_from.0,
            procedure: read(TABLE, &self.procedure_code)?,
            modifier: if self.modifier.is_empty() { None } else { Some(read(TABLE, &self.modifier)?) },
            amount: self.cents,
        })
    }
}

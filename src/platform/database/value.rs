//! Values: what goes into a statement and how our own types come out of a column.
//!
//! Money is integer cents, dates are ISO text, instants are epoch milliseconds, keys are 63-bit integers, on both engines.

use std::str::FromStr;

use jiff::civil::Date;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, Database, Decode, Postgres, Sqlite, Type};

use crate::platform::clock::{Day, Millis};
use crate::platform::ids::*;
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// One value bound to a statement. The `None`s are typed: PostgreSQL wants to know what kind of nothing it gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// BIGINT.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// BLOB / BYTEA.
    Bytes(Option<Vec<u8>>),
}

/// The values of one statement, in the order of `$1`, `$2`, …
pub type Args = Vec<Arg>;

/// Collects values into [`Args`]: `args![practice_id, cents, "text"]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::platform::database::Arg::from($value)),*] };
}

macro_rules! from_int {
    ($($type:ty => $value:ident $int:expr;)*) => {$(
        impl From<$type> for Arg {
            fn from($value: $type) -> Arg {
                Arg::Int(Some($int))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Arg {
                Arg::Int(value.map(|$value| $int))
            }
        }
    )*};
}

from_int! {
    i64 => v v;
    i32 => v i64::from(v);
    u32 => v i64::from(v);
    u16 => v i64::from(v);
    u8 => v i64::from(v);
    Money => v v.cents();
    Millis => v v.0;
}

macro_rules! from_text {
    ($($type:ty => $value:ident $text:expr;)*) => {$(
        impl From<$type> for Arg {
            fn from($value: $type) -> Arg {
                Arg::Text(Some($text))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Arg {
                Arg::Text(value.map(|$value| $text))
            }
        }
    )*};
}

from_text! {
    String => v v;
    &String => v v.clone();
    &str => v v.to_owned();
    Phi<String> => v v.into_inner();
    &Phi<String> => v v.reveal().clone();
    Date => v v.to_string();
    Day => v v.0.to_string();
    &Phi<Date> => v v.reveal().to_string();
    Npi => v v.to_string();
}

impl From<Vec<u8>> for Arg {
    fn from(value: Vec<u8>) -> Arg {
        Arg::Bytes(Some(value))
    }
}

impl From<&[u8]> for Arg {
    fn from(value: &[u8]) -> Arg {
        Arg::Bytes(Some(value.to_vec()))
    }
}

pub(super) fn bind_sqlite(args: &[Arg]) -> Result<SqliteArguments, BoxDynError> {
    let mut bound = SqliteArguments::default();
    for arg in args {
        match arg {
            Arg::Int(v) => bound.add(*v)?,
            Arg::Text(v) => bound.add(v.clone())?,
            Arg::Bytes(v) => bound.add(v.clone())?,
        }
    }
    Ok(bound)
}

pub(super) fn bind_postgres(args: &[Arg]) -> Result<PgArguments, BoxDynError> {
    let mut bound = PgArguments::default();
    for arg in args {
        match arg {
            Arg::Int(v) => bound.add(*v)?,
            Arg::Text(v) => bound.add(v.clone())?,
            Arg::Bytes(v) => bound.add(v.clone())?,
        }
    }
    Ok(bound)
}

/// Makes a type of ours readable from the column type that carries it, on both engines.
macro_rules! column {
    ($($type:ty as $carrier:ty, $from:expr;)*) => {$(
        impl<DB: Database> Type<DB> for $type
        where
            $carrier: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$carrier as Type<DB>>::type_info()
            }
            fn compatible(info: &DB::TypeInfo) -> bool {
                <$carrier as Type<DB>>::compatible(info)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $type
        where
            $carrier: Decode<'r, DB>,
        {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let raw = <$carrier as Decode<'r, DB>>::decode(value)?;
                let decode: fn($carrier) -> Result<$type, BoxDynError> = $from;
                decode(raw)
            }
        }
    )*};
}

column! {
    Money as i64, |v| Ok(Money::from_cents(v));
    Millis as i64, |v| Ok(Millis(v));
    Day as String, |v| Ok(Day(Date::from_str(&v)?));
    Phi<String> as String, |v| Ok(Phi::new(v));
    Phi<Date> as String, |v| Ok(Phi::new(Date::from_str(&v)?));
    Npi as String, |v| Ok(v.parse::<Npi>()?);
}

macro_rules! key_columns {
    ($($name:ident)*) => {
        from_int! { $($name => v v.0;)* }
        column! { $($name as i64, |v| Ok($name(v));)* }
    };
}

key_columns! {
    PracticeId LocationId ProviderId PayerId SubmitterId FamilyId ChildId CoverageId EncounterId ChargeLineId ClaimId BatchId
    InterchangeId InboundFileId RemittanceId RemittanceClaimId JournalId WorkItemId UserId ApiKeyId JobId
}

/// A row that both engines can give: `#[derive(sqlx::FromRow)]` is enough.
pub trait Row:
    for<'r> sqlx::FromRow<'r, <Sqlite as Database>::Row> + for<'r> sqlx::FromRow<'r, <Postgres as Database>::Row> + Send + Unpin
{
}

impl<T> Row for T where
    T: for<'r> sqlx::FromRow<'r, <Sqlite as Database>::Row> + for<'r> sqlx::FromRow<'r, <Postgres as Database>::Row> + Send + Unpin
{
}

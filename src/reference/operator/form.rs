//! What each kind of file looks like: the columns that are looked for, by the words with which their headings begin. The files of CMS
//! are taken as they come; a licensed list is a table with the headings that stand here.

use super::Kind;

/// A column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it tells.
    pub field: Field,
    /// How its heading begins, in lower case with single spaces; any of these.
    pub headings: &'static [&'static str],
    /// Whether the file is refused without it.
    pub needed: bool,
    /// What its cells look like.
    pub says: &'static str,
}

/// What a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The code; of a pair the one that is paid.
    Code,
    /// Of a pair the code that is not paid.
    Column2,
    /// The text.
    Text,
    /// First day.
    From,
    /// Last day.
    To,
    /// Modifier indicator of a pair.
    Indicator,
    /// Limit of units.
    Units,
    /// Adjudication indicator of a limit.
    Adjudication,
}

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table of cells, separated by commas or tabs, with a line of headings; lines above that are passed over.
    Table(&'static [Column]),
    /// The order file of ICD-10-CM: fixed columns, one line a code. 7 to 13 the code, 15 whether it may be billed, from 78 its label.
    OrderFile,
}

const DATES: &str = "a day as 20260101, 2026-01-01 or 1/1/2026; empty or * is none";

const fn column(field: Field, needed: bool, headings: &'static [&'static str], says: &'static str) -> Column {
    Column { field, headings, needed, says }
}

const PROCEDURES: &[Column] = &[
    column(Field::Code, true, &["code", "cpt", "hcpc"], "the code"),
    column(Field::Text, false, &["label", "short desc", "long desc", "description"], "its text"),
    column(Field::From, false, &["from", "effective", "add dt", "act eff dt"], DATES),
    column(Field::To, false, &["to", "term dt", "end", "deletion"], DATES),
];

const TEXTS: &[Column] = &[
    column(Field::Code, true, &["code"], "the code"),
    column(Field::Text, true, &["text", "description", "display name", "label"], "its text"),
    column(Field::From, false, &["from", "start", "effective"], DATES),
    column(Field::To, false, &["to", "stop", "end", "deactivation"], DATES),
];

const PAIRS: &[Column] = &[
    column(Field::Code, true, &["column 1", "column1"], "the code that is paid"),
    column(Field::Column2, true, &["column 2", "column2"], "the code that is not paid beside it"),
    column(Field::From, true, &["effective"], "first day of the pair"),
    column(Field::To, true, &["deletion"], DATES),
    column(Field::Indicator, true, &["modifier"], "0 no modifier helps, 1 a modifier helps, 9 not applicable"),
];

const LIMITS: &[Column] = &[
    column(Field::Code, true, &["hcpcs", "cpt", "code"], "the code"),
    column(Field::Units, true, &["practitioner services mue", "mue value", "units"], "the most units"),
];

const LIMITS_BY_INDICATOR: &[Column] = &[
    LIMITS[0],
    LIMITS[1],
    column(Field::Adjudication, true, &["mue adjudication", "mai"], "begins with 1 for a line, 2 or 3 for a date of service"),
];

impl Kind {
    /// How files of the kind are laid out.
    #[must_use]
    pub fn form(self) -> Form {
        match self {
            Kind::Cpt | Kind::Hcpcs => Form::Table(PROCEDURES),
            Kind::Icd10cm => Form::OrderFile,
            Kind::Carc | Kind::Rarc | Kind::Taxonomy => Form::Table(TEXTS),
            Kind::PtpMedicaid | Kind::PtpMedicare => Form::Table(PAIRS),
            Kind::MueMedicaid => Form::Table(LIMITS),
            Kind::MueMedicare => Form::Table(LIMITS_BY_INDICATOR),
        }
    }
}

//! Who bills, and whom: the records of a practice's set-up. The records hold facts only; what is stored has its key beside it
//! ([`Stored`]), so that what a file says and what the database holds are compared as equals.

use std::ops::Deref;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::pediatrics::clia::Certificate;
use crate::platform::ids::Npi;
use crate::platform::money::Money;
use crate::practice::rules::{DatedRule, PayerRules};
use crate::practice::shape::{
    Clia, Code, Connection, FilingIndicator, InterchangeId, Name, PayerNumber, Phone, Qualifier, State, Street, TaxId, Taxonomy, Zip9,
};
use crate::practice::word::words;
use crate::reference::{Modifier, PlaceOfService, ProcedureCode};

/// A record with its key in the database. Its facts are reached directly: `provider.npi`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<K, T> {
    /// Key in the database.
    pub id: K,
    /// What is stored.
    pub facts: T,
}

impl<K, T> Deref for Stored<K, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.facts
    }
}

/// A postal address of the practice: a street, never a box, with ZIP+4 (N3, N4 of loops 2010AA and 2310C).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Street line.
    pub street: Street,
    /// City.
    pub city: Name,
    /// State or territory, two letters.
    pub state: State,
    /// ZIP+4, nine digits.
    pub zip: Zip9,
}

/// The legal entity that bills (loop 2010AA).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// Our short name of it.
    pub code: Code,
    /// Legal name as enrolled with payers.
    pub name: Name,
    /// Billing NPI.
    pub npi: Npi,
    /// EIN or SSN.
    pub tax_id: TaxId,
    /// Billing taxonomy (PRV*BI).
    pub taxonomy: Taxonomy,
    /// Billing address.
    pub address: Address,
    /// Telephone of the billing office.
    pub phone: Phone,
    /// Who answers there.
    pub contact: Name,
    /// Whose calendar days the practice lives by.
    pub time_zone: TimeZone,
}

/// A site where children are seen (loop 2310C when it is not the billing address).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Our short name of it.
    pub code: Code,
    /// Its name.
    pub name: Name,
    /// Its CMS place of service: 11 for an office.
    pub place_of_service: PlaceOfService,
    /// Its own NPI, where it has one.
    pub npi: Option<Npi>,
    /// Certificate of its laboratory (REF*X4).
    pub clia: Option<Clia>,
    /// What the certificate allows; none: nobody said.
    pub clia_certificate: Option<CliaCertificate>,
    /// Where it is.
    pub address: Address,
}

/// A physician or other professional who renders services (loop 2310B). Names of professionals are public in the NPI registry and so are
/// no `Phi`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Our short name of the person.
    pub code: Code,
    /// Family name.
    pub last_name: Name,
    /// Given name.
    pub first_name: Name,
    /// Individual NPI.
    pub npi: Npi,
    /// Taxonomy (PRV*PE).
    pub taxonomy: Taxonomy,
}

words! {
    /// What the CLIA certificate of a laboratory allows (domain.md PED-63).
    CliaCertificate {
        /// Waived tests alone.
        Waiver = "waiver",
        /// Waived tests, and microscopy by the provider.
        Microscopy = "microscopy",
        /// Compliance, accreditation or registration: also tests that are not waived.
        Full = "full",
    }

    /// What kind of payer pays; decides the defaults of its rules.
    PayerClass {
        /// A commercial plan, insured or self-funded.
        Commercial = "commercial",
        /// The state's Medicaid program itself.
        MedicaidFfs = "medicaid_ffs",
        /// A managed-care plan of Medicaid.
        MedicaidMco = "medicaid_mco",
        /// A separate Children's Health Insurance Program; an expansion of Medicaid is `medicaid_ffs` or `medicaid_mco`.
        Chip = "chip",
        /// TRICARE.
        Tricare = "tricare",
        /// Workers' compensation, auto and other liability, other programs.
        Other = "other",
        /// The family itself: no claim is made.
        SelfPay = "self_pay",
    }

    /// Whether a submitter's interchanges are real (ISA15).
    Usage {
        /// Nothing is adjudicated.
        Test = "T",
        /// Real claims.
        Production = "P",
    }
}

impl Location {
    /// What may be tested here; none without a certificate. Where nobody said which it has, one of microscopy: it wants QW on the same
    /// tests as one of waiver, and allows more.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        self.clia.as_ref()?;
        Some(match self.clia_certificate {
            Some(CliaCertificate::Waiver) => Certificate::Waiver,
            Some(CliaCertificate::Microscopy) | None => Certificate::Microscopy,
            Some(CliaCertificate::Full) => Certificate::Full,
        })
    }
}

impl PayerClass {
    /// Whether it is Medicaid: last payer (PED-31), paid in full (PED-32), NCCI by law (PED-06).
    #[must_use]
    pub fn is_medicaid(self) -> bool {
        matches!(self, PayerClass::MedicaidFfs | PayerClass::MedicaidMco)
    }

    /// Whether claims are made to it at all.
    #[must_use]
    pub fn takes_claims(self) -> bool {
        self != PayerClass::SelfPay
    }
}

/// A payer as this practice knows it (loop 2010BB), with the ways in which it differs from its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Our short name of it.
    pub code: Code,
    /// Its name.
    pub name: Name,
    /// What kind it is.
    pub class: PayerClass,
    /// Claim filing indicator (SBR09).
    pub filing_indicator: FilingIndicator,
    /// Its id as the clearinghouse of its route assigns it (2010BB NM109).
    pub payer_number: PayerNumber,
    /// Its id on remittances (835 TRN03, or REF*2U of N1*PR).
    pub era_payer_id: PayerNumber,
    /// The submitter that carries its claims; none: its claims go by other means.
    pub submitter: Option<Code>,
    /// Its own rules, in the order of key and first day.
    pub rules: Vec<DatedRule>,
}

impl Payer {
    /// The rules for a date of service: the payer's own where one covers the date, else those of its class.
    #[must_use]
    pub fn rules_on(&self, on: Date) -> PayerRules {
        PayerRules::resolve(&self.rules, self.class, on)
    }
}

/// A connection to a trading partner: who sends interchanges as whom, to whom, and how they travel. Global: practices may share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitter {
    /// Our short name of it.
    pub code: Code,
    /// Name of the submitter (1000A NM103).
    pub name: Name,
    /// Who answers questions about the files (PER02).
    pub contact: Name,
    /// Telephone (PER04).
    pub phone: Phone,
    /// ISA05.
    pub sender_qualifier: Qualifier,
    /// ISA06, GS02, 1000A NM109.
    pub sender_id: InterchangeId,
    /// ISA07.
    pub receiver_qualifier: Qualifier,
    /// ISA08, GS03, 1000B NM109.
    pub receiver_id: InterchangeId,
    /// Name of the receiver (1000B NM103).
    pub receiver_name: Name,
    /// ISA15.
    pub usage: Usage,
    /// How interchanges travel.
    pub connection: Connection,
}

/// The charge for one procedure from a day on, until the same schedule has a later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// Name of the schedule; charges are set by [`STANDARD_SCHEDULE`].
    pub schedule: Code,
    /// First day of service it is for.
    pub effective_from: Date,
    /// What is done.
    pub procedure: ProcedureCode,
    /// With which modifier, where that changes the price: `90707` with `SL` is free stock.
    pub modifier: Option<Modifier>,
    /// The charge for one unit; never negative.
    pub amount: Money,
}

/// The schedule that sets the practice's charges.
pub const STANDARD_SCHEDULE: &str = "standard";

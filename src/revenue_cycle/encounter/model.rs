//! What arrives: a visit as another system describes it, before it is matched to our records. Facts as sent, codes as types, and a
//! list of what could not be understood. A draft is never a guess: what is missing is `None` and has an [`IntakeIssue`].

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use crate::platform::ids::Npi;
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::reference::vaccine::{Funding, Route, VfcEligibility};
use crate::reference::{Cvx, Icd10, Modifier, Ndc, PlaceOfService, ProcedureCode};

/// One visit of one child as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncounterDraft {
    /// Which system calls the visit what: the key by which the same visit, sent twice, is one visit.
    pub external: ExternalKey,
    /// Who was seen.
    pub child: ChildFacts,
    /// The adult who answers for the child, where the source says so.
    pub guardian: Option<GuardianFacts>,
    /// The child's coverages as the source has them, in its order of precedence.
    pub coverages: Vec<CoverageFacts>,
    /// Date of service, as written in the timestamp's own offset.
    pub service_date: Option<Date>,
    /// Where it happened.
    pub place_of_service: PlaceOfService,
    /// The site of the practice or the hospital, as the source names it.
    pub location: Option<LocationFacts>,
    /// Admission to the hospital: required on newborn rounding in place of service 21 (domain.md 1.5, DTP*435).
    pub admission_date: Option<Date>,
    /// Discharge from the hospital, when known (DTP*096).
    pub discharge_date: Option<Date>,
    /// Who rendered the services.
    pub rendering: Option<PractitionerFacts>,
    /// Diagnoses, the principal one first, none twice.
    pub diagnoses: Vec<Icd10>,
    /// What was done.
    pub lines: Vec<LineDraft>,
    /// What an EPSDT screening led to (domain.md 1.5, CRC*ZZ); empty: nobody asked.
    pub epsdt_referrals: Vec<EpsdtReferral>,
    /// The payer's prior authorization number (REF*G1).
    pub authorization: Option<Phi<String>>,
    /// What was asked at check-in.
    #[serde(default)]
    pub answers: Answers,
    /// Set when an office practice does not bill this visit at all.
    pub not_billable: Option<NotBillable>,
    /// All that could not be understood.
    pub issues: Vec<IntakeIssue>,
}

/// What to do with a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing stands in the way of a claim but the matching to our records.
    Billable,
    /// Kept as a record; no charge.
    NotBillable(NotBillable),
    /// A person must look at the issues first.
    Held,
}

impl EncounterDraft {
    /// A draft with nothing in it yet: an office visit that says only what it is called.
    #[must_use]
    pub fn new(external: ExternalKey) -> EncounterDraft {
        EncounterDraft {
            external,
            child: ChildFacts::default(),
            guardian: None,
            coverages: Vec::new(),
            service_date: None,
            place_of_service: PlaceOfService::OFFICE,
            location: None,
            admission_date: None,
            discharge_date: None,
            rendering: None,
            diagnoses: Vec::new(),
            lines: Vec::new(),
            epsdt_referrals: Vec::new(),
            authorization: None,
            answers: Answers::default(),
            not_billable: None,
            issues: Vec::new(),
        }
    }

    /// Not billable wins over held: nobody needs to repair what is not billed.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.not_billable {
            Some(why) => Verdict::NotBillable(why),
            None if self.issues.iter().any(|issue| issue.reason.severity() == Severity::Holds) => Verdict::Held,
            None => Verdict::Billable,
        }
    }

    /// Notes an issue; `place` says where, without PHI: a path such as `Immunization/12` or `lines[2].code`.
    pub fn note(&mut self, reason: IntakeReason, place: impl Into<String>) {
        self.issues.push(IntakeIssue { reason, place: place.into() });
    }
}

/// The name of a visit in the system it came from. Both parts are case-sensitive and compared as bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExternalKey {
    /// The sending system, as configured for the feed: `"fhir"`, `"csv"`, `"emr-north"`.
    pub source: String,
    /// Its identifier of the visit.
    pub id: String,
}

/// What the source says about the child.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildFacts {
    /// The source's identifier of the child.
    pub external_id: Option<Phi<String>>,
    /// Medical record number.
    pub mrn: Option<Phi<String>>,
    /// Family name.
    pub family_name: Option<Phi<String>>,
    /// Given names, separated by spaces.
    pub given_names: Option<Phi<String>>,
    /// Date of birth.
    pub birth_date: Option<Phi<Date>>,
    /// Administrative sex.
    pub sex: Sex,
    /// Home address.
    pub address: Option<Phi<Address>>,
    /// Telephone, as sent.
    pub phone: Option<Phi<String>>,
}

/// Administrative sex as DMG03 has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sex {
    /// F
    #[serde(rename = "F")]
    Female,
    /// M
    #[serde(rename = "M")]
    Male,
    /// U
    #[default]
    #[serde(rename = "U")]
    Unknown,
}

/// A postal address. Always held as `Phi<Address>` when it is a person's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street lines.
    pub lines: Vec<String>,
    /// City.
    pub city: String,
    /// Two-letter state, or what was sent if no state is called so.
    pub state: String,
    /// ZIP code of five or nine digits without hyphen, as sent otherwise.
    pub zip: String,
}

/// What the source says about the adult who answers for the child.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianFacts {
    /// The source's identifier of the adult: children with the same guardian share a family account.
    pub external_id: Option<Phi<String>>,
    /// Family name.
    pub family_name: Option<Phi<String>>,
    /// Given names, separated by spaces.
    pub given_names: Option<Phi<String>>,
    /// What this adult is to the child, as sent: `mother`, `father`, `MTH`.
    pub relationship: Option<String>,
    /// Date of birth.
    pub birth_date: Option<Phi<Date>>,
    /// Telephone, as sent.
    pub phone: Option<Phi<String>>,
    /// E-mail address.
    pub email: Option<Phi<String>>,
    /// Address, when it is not the child's.
    pub address: Option<Phi<Address>>,
}

/// What the source says about one coverage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageFacts {
    /// The source's identifier of the payer: the payer id on the card, or its own.
    pub payer_id: Option<String>,
    /// The payer's name as sent.
    pub payer_name: Option<String>,
    /// Plan name as sent.
    pub plan_name: Option<String>,
    /// Member id as on the card.
    pub member_id: Option<Phi<String>>,
    /// Group or policy number.
    pub group_number: Option<Phi<String>>,
    /// The policy holder, when it is not the child.
    pub subscriber: Option<GuardianFacts>,
    /// First day of the coverage.
    pub valid_from: Option<Date>,
    /// Last day of the coverage.
    pub valid_to: Option<Date>,
}

/// The site where the visit took place, as the source names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationFacts {
    /// The source's identifier.
    pub external_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// Who rendered the services, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PractitionerFacts {
    /// The source's identifier.
    pub external_id: Option<String>,
    /// Full name.
    pub name: Option<Phi<String>>,
    /// The NPI as sent: synthetic and old systems send numbers whose check digit is wrong.
    pub npi_as_sent: Option<String>,
}

impl PractitionerFacts {
    /// The NPI, when what was sent is one.
    #[must_use]
    pub fn npi(&self) -> Option<Npi> {
        self.npi_as_sent.as_deref()?.trim().parse().ok()
    }
}

/// One line of charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDraft {
    /// What was done.
    pub code: ProcedureCode,
    /// Its modifiers, in order.
    pub modifiers: Vec<Modifier>,
    /// How often; at least 1.
    pub units: u32,
    /// The charge for all units; without one the practice's fee schedule sets it.
    pub charge: Option<Money>,
    /// Which diagnoses it is for: positions in [`EncounterDraft::diagnoses`], from 1, the main reason first, one to four.
    pub pointers: Vec<u8>,
    /// The drug given.
    pub ndc: Option<NdcQuantity>,
    /// For a vaccine or antibody product: the dose given.
    pub dose: Option<DoseFacts>,
}

impl LineDraft {
    /// One unit of a service, without modifiers or charge.
    #[must_use]
    pub fn new(code: ProcedureCode, pointers: Vec<u8>) -> LineDraft {
        LineDraft { code, modifiers: Vec::new(), units: 1, charge: None, pointers, ndc: None, dose: None }
    }
}

/// The drug of a line and how much of it (X12 loop 2410: LIN03, CTP04, CTP05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NdcQuantity {
    /// Which drug.
    pub ndc: Ndc,
    /// How much: a positive decimal text of at most three places, `0.5`.
    pub quantity: String,
    /// `F2`, `GR`, `ME`, `ML` or `UN`.
    pub unit: String,
}

/// A dose of a vaccine or antibody. Administration lines are computed from the doses of a visit and the payer's style
/// (`pediatrics::immunization_administration`), so that a claim to another payer can be coded anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseFacts {
    /// Which vaccine.
    pub cvx: Cvx,
    /// Lot number (REF*BT where a state asks for it).
    pub lot: Option<String>,
    /// How it was given.
    pub route: Route,
    /// Whether a physician or other qualified professional counselled the family about this vaccine on that day; none: nobody said, and
    /// then it is billed as if not (PED-10).
    #[serde(default)]
    pub counselled: Option<bool>,
    /// Whose stock it came from.
    pub funding: Funding,
    /// The child's eligibility for the Vaccines for Children program at this dose, where recorded.
    pub eligibility: Option<VfcEligibility>,
}

impl DoseFacts {
    /// Whether counselling is documented: 90460 needs it (PED-10).
    #[must_use]
    pub fn is_counselled(&self) -> bool {
        self.counselled == Some(true)
    }
}

/// What an EPSDT screening led to (CRC03..05). That nothing was referred is an answer too: without any the claim says nothing of referrals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EpsdtReferral {
    /// Offered, the family declined.
    #[serde(rename = "AV")]
    AvailableNotUsed,
    /// Already under treatment.
    #[serde(rename = "S2")]
    UnderTreatment,
    /// New services were asked for.
    #[serde(rename = "ST")]
    NewServices,
    /// Nothing was referred; stands alone.
    #[serde(rename = "NU")]
    None,
}

impl EpsdtReferral {
    /// The code of CRC03.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            EpsdtReferral::AvailableNotUsed => "AV",
            EpsdtReferral::UnderTreatment => "S2",
            EpsdtReferral::NewServices => "ST",
            EpsdtReferral::None => "NU",
        }
    }
}

impl std::str::FromStr for EpsdtReferral {
    type Err = ();

    fn from_str(code: &str) -> Result<EpsdtReferral, ()> {
        use EpsdtReferral::{AvailableNotUsed, NewServices, None, UnderTreatment};
        [AvailableNotUsed, UnderTreatment, NewServices, None].into_iter().find(|known| known.code() == code).ok_or(())
    }
}

/// Why an office practice does not bill a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotBillable {
    /// Planned, cancelled or entered in error: nothing happened.
    NotFinished,
    /// A hospital stay that the hospital and its physicians bill.
    Inpatient,
    /// A visit to an emergency department.
    Emergency,
    /// An urgent-care visit elsewhere.
    UrgentCare,
    /// A phone call, letter or other act without the patient.
    NotFaceToFace,
    /// Registration, a form, a refill: no professional service.
    Administrative,
    /// A dental or other service outside a pediatric practice's professional claims.
    OtherService,
}

impl NotBillable {
    /// A few words for the screens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            NotBillable::NotFinished => "not a finished visit",
            NotBillable::Inpatient => "hospital stay, billed by the hospital",
            NotBillable::Emergency => "emergency department, billed elsewhere",
            NotBillable::UrgentCare => "urgent care, billed elsewhere",
            NotBillable::NotFaceToFace => "the patient was not seen",
            NotBillable::Administrative => "administrative, no professional service",
            NotBillable::OtherService => "not a service of a pediatric practice",
        }
    }
}

/// One thing that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeIssue {
    /// What it is.
    pub reason: IntakeReason,
    /// Where it is: a path in the source and the code concerned; no PHI.
    pub place: String,
}

impl IntakeIssue {
    /// One sentence for a biller; no PHI.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{} ({})", self.reason.label(), self.place)
    }
}

/// Whether an issue keeps a visit from being billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A person must decide before anything is billed.
    Holds,
    /// Worth knowing; the visit goes on.
    Informs,
}

/// Declares the reasons: each with its severity and its sentence, so that none can be without.
macro_rules! intake_reasons {
    ($($name:ident $severity:ident $label:literal)*) => {
        /// What can be wrong with what arrived.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum IntakeReason {
            $(#[doc = $label] $name,)*
        }

        impl IntakeReason {
            /// Every reason, for the reference of billers.
            pub const ALL: &'static [IntakeReason] = &[$(IntakeReason::$name),*];

            /// Whether it keeps the visit from being billed.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(IntakeReason::$name => Severity::$severity,)*
                }
            }

            /// What is wrong, in a few words.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self {
                    $(IntakeReason::$name => $label,)*
                }
            }
        }
    };
}

intake_reasons! {
    ExternalIdMissing       Holds   "the visit has no identifier: sent twice, it would be two visits"
    PatientMissing          Holds   "the visit names no patient that was sent with it"
    PatientNameMissing      Holds   "the patient has no name"
    BirthDateMissing        Holds   "the patient has no birth date"
    BirthDateAfterService   Holds   "the patient was born after the date of service"
    ServiceDateMissing      Holds   "the visit has no date of service"
    PractitionerMissing     Holds   "nobody is named as having rendered the service"
    NpiInvalid              Informs "the practitioner's NPI is not one: match by name or identifier"
    EncounterTypeUnknown    Holds   "the kind of visit is not one that the mapping knows"
    DiagnosisUnmapped       Holds   "a condition has no ICD-10-CM code in the mapping"
    DiagnosisMissing        Holds   "no diagnosis for the problem treated"
    DiagnosesTooMany        Holds   "more than 12 diagnoses"
    Icd10NotBillable        Holds   "the ICD-10-CM code is a category: more characters are needed"
    Icd10Unknown            Holds   "the ICD-10-CM code is not in the code table of the date of service"
    Icd10OutsideTable       Informs "the date of service lies outside the code table's year: the ICD-10-CM code was not checked"
    VaccineUnknown          Holds   "the vaccine code is not one that the table knows"
    VaccineUnspecific       Holds   "the vaccine code fits several billable products"
    DoseWithoutVisit        Holds   "a dose was given, but no visit of that day was sent"
    AdministrationUnknown   Holds   "no rule tells how this product is administered"
    CounsellingAssumed      Informs "counselling on the vaccines is not documented: taken as given at the physician's visit"
    LevelAssumed            Informs "the source does not tell the level of the problem visit: the feed's default was taken"
    VaccineIncomplete       Informs "a recorded dose was not given, or given elsewhere: not charged"
    ProcedureUnmapped       Informs "a recorded procedure has no charge in the mapping"
    AgeOutsidePreventive    Holds   "no preventive visit code for the patient's age"
    LinesTooMany            Holds   "more than 50 charge lines"
    LinesMissing            Holds   "nothing to charge"
    CoverageMissing         Informs "no coverage was sent with the visit"
    MemberIdMissing         Informs "the coverage has no member id"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> EncounterDraft {
        EncounterDraft::new(ExternalKey { source: "test".to_owned(), id: "1".to_owned() })
    }

    #[test]
    fn an_issue_that_informs_does_not_hold_the_visit() {
        let mut draft = draft();
        draft.note(IntakeReason::NpiInvalid, "Practitioner/1");
        assert_eq!(draft.verdict(), Verdict::Billable);
        draft.note(IntakeReason::VaccineUnknown, "Immunization/1");
        assert_eq!(draft.verdict(), Verdict::Held);
    }

    #[test]
    fn a_visit_that_is_not_billed_is_not_held() {
        let mut draft = draft();
        draft.note(IntakeReason::DiagnosisMissing, "Encounter/1");
        draft.not_billable = Some(NotBillable::Emergency);
        assert_eq!(draft.verdict(), Verdict::NotBillable(NotBillable::Emergency));
    }

    #[test]
    fn a_drafts_debug_form_shows_no_person() {
        let mut draft = draft();
        draft.child.family_name = Some("Rivera".into());
        draft.child.birth_date = Some(Phi::new(jiff::civil::date(2022, 5, 1)));
        draft.child.address = Some(Phi::new(Address { city: "Springfield".to_owned(), ..Address::default() }));
        let shown = format!("{draft:?}");
        assert!(!shown.contains("Rivera") && !shown.contains("2022") && !shown.contains("Springfield"), "{shown}");
    }

    #[test]
    fn a_draft_survives_the_trip_through_json() {
        let mut draft = draft();
        draft.service_date = Some(jiff::civil::date(2026, 11, 16));
        draft.diagnoses.push("Z00.129".parse().unwrap());
        draft.lines.push(LineDraft::new("99392".parse().unwrap(), vec![1]));
        draft.note(IntakeReason::CoverageMissing, "Encounter/1");
        let text = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<EncounterDraft>(&text).unwrap(), draft);
    }
}

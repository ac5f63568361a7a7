//! The catalog: every payer rule with its type, its default by class of payer, its source and its sentence, by topic.

use super::lists::{CodeList, ModifierList, NpiList, ScreenList, ServiceTypes, UnitList};
use super::value::RuleValue;
use super::words::{
    AdministrationLines, Anniversary, AntibodyUnits, AudioModifier, CliaRule, FluorideCode, MemberIdScope, NcciSet, NdcRequired,
    NewPlusNew, PreventiveInterval, PreventiveTpl, RepeatedScreening, ReplacementScope, ResendAfterNumber, SlOnAdministration, Supervision,
    TelehealthModifier, VfcStyle, WellPlusSick,
};
use super::{RuleError, RuleSpec};
use crate::platform::money::Money;
use crate::practice::member_id::MemberIdPattern;
use crate::practice::model::PayerClass;
use crate::practice::shape::{Code, PayerNumber};
use crate::reference::ProcedureCode;

/// Declares the rules: variant, key, type, default by class, source, sentence. From these come the catalog, the setting that a row
/// holds and the resolved rules, so that none can be without any of them. `kept` stands at a rule that nothing acts on yet: a setting of it
/// is stored and told, and the reference says that it changes nothing.
macro_rules! payer_rules {
    ($($topic:literal { $($variant:ident $key:ident: $type:ty = $default:expr, $source:literal, $says:literal $(, $kept:ident)?;)* })*) => {
        /// Every rule, topic by topic.
        pub const CATALOG: &[RuleSpec] = &[$($(RuleSpec {
            topic: $topic,
            key: stringify!($key),
            says: $says,
            source: $source,
            is_read: payer_rules!(@read $($kept)?),
            form: <$type>::form,
            default: |class| PayerRules::of_class(class).$key.write(),
        },)*)*];

        /// One rule's key with its value.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Setting {
            $($(#[doc = $says] $variant($type),)*)*
        }

        impl Setting {
            /// From the texts of a row or of a set-up file.
            pub fn parse(key: &str, value: &str) -> Result<Setting, RuleError> {
                match key {
                    $($(stringify!($key) => <$type>::read(value)
                        .map(Setting::$variant)
                        .ok_or_else(|| RuleError::BadValue { key: stringify!($key), wanted: <$type>::form() }),)*)*
                    _ => Err(RuleError::UnknownKey),
                }
            }

            /// The rule's key.
            #[must_use]
            pub fn key(&self) -> &'static str {
                match self {
                    $($(Setting::$variant(_) => stringify!($key),)*)*
                }
            }

            /// The value as it is stored.
            #[must_use]
            pub fn value(&self) -> String {
                match self {
                    $($(Setting::$variant(value) => value.write(),)*)*
                }
            }
        }

        /// The rules of one payer on one date.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct PayerRules {
            $($(#[doc = $says] #[doc = concat!("(", $source, ")")] pub $key: $type,)*)*
        }

        impl PayerRules {
            /// What holds for a class of payers.
            #[must_use]
            pub fn of_class(class: PayerClass) -> PayerRules {
                $($(let $key: fn(PayerClass) -> $type = $default;)*)*
                PayerRules { $($($key: $key(class),)*)* }
            }

            pub(super) fn set(&mut self, setting: &Setting) {
                match setting {
                    $($(Setting::$variant(value) => self.$key = value.clone(),)*)*
                }
            }
        }
    };
    (@read) => { true };
    (@read kept) => { false };
}

/// A public program for children of low income: Medicaid in any form, or CHIP.
fn public(class: PayerClass) -> bool {
    class.is_medicaid() || class == PayerClass::Chip
}

/// Lead in the blood: the one test that Medicaid demands of every child at set ages (domain.md 4.7).
const LEAD: ProcedureCode = ProcedureCode::literal("83655");

payer_rules! {
    "Deadlines" {
        InitialDays initial_days: u16 = |class| if class.is_medicaid() || class == PayerClass::Tricare { 365 } else { 90 },
            "domain.md PED-69", "Days from the date of service within which an original claim must reach the payer.";
        SecondaryDays secondary_days_from_primary: u16 = |_| 90,
            "domain.md PED-69", "Days from the primary payer's remittance within which a secondary claim must reach the payer.";
        CorrectedDays corrected_days: u16 = |_| 180,
            "domain.md PED-69", "Days from the remittance within which a replacement claim must reach the payer.";
        AppealDays appeal_days: u16 = |_| 60,
            "domain.md PED-69", "Days from the remittance within which an appeal must reach the payer.";
        ExpectedDays expected_days: u16 = |_| 21,
            "domain.md 3.4", "Days after acceptance in which an answer is expected; later a person asks the payer.", kept;
    }
    "Whom the claim names" {
        MemberIdPattern member_id_pattern: MemberIdPattern = |_| MemberIdPattern::ANY,
            "domain.md E009", "What the payer's member ids look like.";
        MemberIdScope member_id_scope: MemberIdScope = |class| if public(class) { MemberIdScope::Person } else { MemberIdScope::Family },
            "domain.md 1.4", "Whether a member id names the child alone or the policy holder's family.";
        NotEnrolled not_enrolled: NpiList = |_| NpiList::NONE,
            "domain.md E071", "NPIs of professionals whom the payer has not enrolled; a row with dates for each stretch of time.";
        BillingTaxonomy billing_taxonomy: bool = public,
            "domain.md 1.3", "Whether the billing provider's taxonomy is sent (PRV*BI).";
        RenderingTaxonomy rendering_taxonomy: bool = |_| true,
            "domain.md 1.6", "Whether the rendering provider's taxonomy is sent (PRV*PE).";
        Supervision supervision: Supervision = |_| Supervision::OwnNpi,
            "domain.md 1.6", "Whether the claim of a professional who works under a physician names the supervisor too (2310D).", kept;
        OrderingProvider ordering_provider: bool = |_| false,
            "domain.md 1.6", "Whether laboratory lines name who ordered the test (2420E).", kept;
        PregnancyIndicator pregnancy_indicator: bool = |_| false,
            "domain.md 1.4", "Whether the claim of a pregnant adolescent says so (PAT09).", kept;
        EligibilityServiceTypes eligibility_service_types: ServiceTypes = |_| ServiceTypes::plan(),
            "domain.md 3.3", "Service types that the payer answers when asked about eligibility (EQ01).", kept;
    }
    "Newborns" {
        NewbornOnMother newborn_on_mother: bool = |class| !public(class),
            "domain.md 1.4", "Whether a newborn without an own id is billed under the parent's coverage; otherwise the claim waits for the id.";
        NewbornWindowDays newborn_window_days: u16 = |_| 30,
            "domain.md 1.4", "Days from birth in which a newborn counts under the parent's coverage and must be enrolled.";
        NewbornPlaceholderName newborn_placeholder_name: bool = |_| false,
            "domain.md 1.4", "Whether a newborn without a name may be billed as BABY BOY or BABY GIRL.";
    }
    "Visits" {
        NewPlusNew new_plus_new: NewPlusNew = |_| NewPlusNew::Allow,
            "domain.md PED-05", "Whether a well visit and a problem visit on one day may both be coded as new.";
        WellPlusSick well_plus_sick: WellPlusSick = |_| WellPlusSick::Pay,
            "domain.md PED-05", "What the payer does with a problem visit on the day of a well visit.";
        RecognisesSubspecialties recognises_subspecialties: bool = |_| true,
            "domain.md PED-02", "Whether a patient seen by another subspecialty of the group only is still new.";
        NewPatientAnniversary new_patient_anniversary: Anniversary = |_| Anniversary::Established,
            "domain.md PED-02", "What a patient is on the very day three years after the last visit.";
        PreventiveInterval preventive_interval: PreventiveInterval = |_| PreventiveInterval::Schedule,
            "domain.md E032", "How often a well visit is paid from the third birthday on.";
        AdultDiagnosisFromYears adult_diagnosis_from_years: u8 = |_| 18,
            "domain.md PED-03", "Age in years from which a well visit carries the adult's diagnosis (Z00.0x) in place of the child's (Z00.12x).";
        AfterHoursPayable after_hours_payable: bool = |_| true,
            "domain.md PED-66", "Whether 99050 and 99051 are paid beside a visit outside office hours.";
        Accepts98000 accepts_98000: bool = |_| false,
            "domain.md PED-65", "Whether telehealth visits are coded by 98000 to 98015 in place of office codes.";
        TelehealthModifier telehealth_modifier: TelehealthModifier = |_| TelehealthModifier::NinetyFive,
            "domain.md PED-65", "The modifier of a visit by audio and video.";
        AudioModifier audio_modifier: AudioModifier = |_| AudioModifier::NinetyThree,
            "domain.md PED-65", "The modifier of a visit by audio alone.";
        TelehealthWellVisits telehealth_well_visits: bool = |_| false,
            "domain.md PED-65", "Whether a well visit may be held by telehealth.";
    }
    "Vaccines" {
        VfcStyle vfc_style: VfcStyle = |_| VfcStyle::A,
            "domain.md PED-22", "How vaccines from public stock are billed.";
        SlOnAdministration sl_on_administration: SlOnAdministration = |_| SlOnAdministration::ByStyle,
            "domain.md PED-22", "Whether SL stands on the administration of public stock too.";
        AdministrationLines administration_lines: AdministrationLines = |_| AdministrationLines::Units,
            "domain.md PED-11", "Whether vaccine administration is one line a code with units or one line a vaccine.";
        AntibodyUnits antibody_units: AntibodyUnits = |_| AntibodyUnits::PerDose,
            "domain.md PED-14", "What the units of 96380 and 96381 count.";
        CounsellingOnlyPayable counselling_only_payable: bool = |_| true,
            "domain.md PED-16", "Whether counselling about a vaccine that was not given is paid (90482 to 90484).";
        NdcRequired ndc_required: NdcRequired = |class| if public(class) { NdcRequired::Drugs } else { NdcRequired::None },
            "domain.md 1.7", "Which lines need a National Drug Code.";
        BatchNumberRequired batch_number_required: bool = |_| false,
            "domain.md 1.7", "Whether vaccine lines carry the lot number (REF*BT), as some states want.";
        ZeroChargeAllowed zero_charge_allowed: bool = public,
            "domain.md PED-21", "Whether a line may be charged at zero; where not, public stock goes at one cent.";
        VfcFeeCap vfc_fee_cap: Option<Money> = |_| None,
            "domain.md PED-21", "The region's most for administering a dose of public stock to a child without Medicaid.";
    }
    "EPSDT and screenings" {
        Epsdt epsdt: bool = |class| class.is_medicaid(),
            "domain.md PED-30", "Whether well visits carry the EPSDT referral and mark (CRC*ZZ, SV111).";
        EpsdtCodes epsdt_codes: CodeList = |_| CodeList::NONE,
            "domain.md 1.5", "Codes besides preventive visits that are EPSDT screenings of this payer.";
        EpsdtCompleteCode epsdt_complete_code: bool = |_| false,
            "domain.md PED-30", "Whether a complete EPSDT visit is billed with S0302 beside.";
        RequiredScreens required_screens: ScreenList = |class| if class.is_medicaid() { ScreenList::one(LEAD, &[12, 24]) } else { ScreenList::NONE },
            "domain.md E073", "Tests that the payer wants to see at a well visit by age in months; Medicaid wants lead at 12 and 24 months.";
        RepeatedScreening repeated_screening: RepeatedScreening = |_| RepeatedScreening::Units,
            "domain.md 4.7", "How a second screening by the same code on one day is written: a second unit, or a second line with 59.";
        MaternalScreeningOnChild maternal_screening_on_child: bool = |_| true,
            "domain.md 4.7", "Whether the mother's depression screening (96161) is billed on the child's claim.";
        FluorideCode fluoride_code: FluorideCode = |_| FluorideCode::Medical,
            "domain.md 4.7", "The code of fluoride varnish.";
    }
    "Codes, modifiers and units" {
        Ncci ncci: NcciSet = |class| match class {
                PayerClass::SelfPay => NcciSet::None,
                _ if public(class) => NcciSet::Medicaid,
                _ => NcciSet::Medicare,
            },
            "domain.md PED-06", "Which set of correct coding edits the payer follows; with any, modifier 25 goes on a visit with vaccine administration.";
        Clia clia: CliaRule = |class| if class.takes_claims() { CliaRule::NumberAndQw } else { CliaRule::None },
            "domain.md PED-63", "What tests in the practice's own laboratory carry: the certificate's number (REF*X4), and QW where waived.";
        ModifiersRequired modifiers_required: ModifierList = |_| ModifierList::NONE,
            "domain.md E050", "Modifiers that the payer wants on codes, by age: EP on well visits, 33 on preventive tests, TH in prenatal care.";
        ModifiersForbidden modifiers_forbidden: ModifierList = |_| ModifierList::NONE,
            "domain.md E050", "Modifiers that the payer refuses on codes, by age.";
        UnitLimits unit_limits: UnitList = |_| UnitList::NONE,
            "domain.md PED-68", "The most units of a code on one day by the payer's own policy; loaded MUE tables hold beside it.";
        AuthorizationRequired authorization_required: CodeList = |_| CodeList::NONE,
            "domain.md E067", "Codes that need the payer's prior authorization (REF*G1).";
        ReferralRequired referral_required: CodeList = |_| CodeList::NONE,
            "domain.md E067", "Codes that need a referral's number (REF*9F).";
        ContractSchedule contract_schedule: Option<Code> = |_| None,
            "domain.md E070", "The practice's fee schedule that holds what this payer's contract allows.";
    }
    "Corrections" {
        ReplacementScope replacement_scope: ReplacementScope = |_| ReplacementScope::WholeClaim,
            "domain.md 1.5", "Whether a replacement holds the whole corrected claim or the corrected line alone.";
        ResendAfter1k resend_after_1k: ResendAfterNumber = |_| ResendAfterNumber::Same,
            "domain.md 1.5", "The frequency of a claim that is sent again after the payer rejected it with a number of its own (277CA REF*1K).", kept;
    }
    "Other coverage and the family's share" {
        CoordinatesBenefits coordinates_benefits: bool = |_| true,
            "domain.md PED-40", "Whether the plan has rules for coordination of benefits; one without them pays first.";
        PreventiveTpl preventive_tpl: PreventiveTpl = |_| PreventiveTpl::PayAndChase,
            "domain.md PED-31", "What Medicaid does with preventive care of a child who has other coverage.";
        Crossover crossover: bool = |_| false,
            "domain.md 2.8", "Whether the payer forwards its claims to the next payer itself, so that none is sent to that one.";
        TplCarrierCode tpl_carrier_code: Option<PayerNumber> = |_| None,
            "domain.md 1.8", "The number by which Medicaid knows this payer as other coverage (REF*2U).", kept;
        SendPatientPaid send_patient_paid: bool = |_| false,
            "domain.md 1.5", "Whether what the family paid is sent (AMT*F5); at some payers it lowers the payment.", kept;
        PatientShareBillable patient_share_billable: bool = |class| !public(class),
            "domain.md PED-32", "Whether the family may be billed the share that the payer leaves to it; some CHIP plans have copays, Medicaid's go to a person first.";
    }
}

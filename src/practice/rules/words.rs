//! The payer rules that choose one of a few ways: each way with its word in the practice file. Ways that decide about a child's claim are
//! those of the pediatric rules, with their words.

pub use crate::pediatrics::immunization_administration::{AntibodyUnits, LineStyle as AdministrationLines};
pub use crate::pediatrics::medicaid::PreventiveChoice as PreventiveTpl;
pub use crate::pediatrics::preventive::Anniversary;
pub use crate::pediatrics::screening::Instruments as RepeatedScreening;
pub use crate::pediatrics::telehealth::{AudioMark as AudioModifier, VideoMark as TelehealthModifier};
pub use crate::pediatrics::vfc::style::{SlOnAdministration, Style as VfcStyle};
pub use crate::pediatrics::visit_frequency::Interval as PreventiveInterval;
pub use crate::pediatrics::visits::{NewPlusNew, WellPlusSick};
use crate::practice::word::{words, words_of};
use crate::reference::ProcedureCode;

words_of! {
    VfcStyle { A = "a", B = "b", C = "c", D = "d", E = "e", F = "f", }
    SlOnAdministration { ByStyle = "by_style", Always = "always", Never = "never", }
    AdministrationLines { Units = "with_units", PerVaccine = "per_vaccine", }
    AntibodyUnits { PerDose = "per_dose", PerProductUnit = "per_product_unit", }
    NewPlusNew { Allow = "allow", SecondEstablished = "second_established", }
    WellPlusSick { Pay = "pay", Deny = "deny", Reduce50 = "reduce50", }
    Anniversary { Established = "established", New = "new", }
    PreventiveInterval { Schedule = "schedule", CalendarYear = "calendar_year", TwelveMonths = "full_year", }
    TelehealthModifier { Nothing = "none", NinetyFive = "95", Gt = "gt", }
    AudioModifier { Nothing = "none", NinetyThree = "93", Fq = "fq", NotPaid = "not_paid", }
    RepeatedScreening { Units = "units", Lines = "second_line", }
    PreventiveTpl { PayAndChase = "pay_and_chase", CostAvoid = "cost_avoid_90", }
}

words! {
    /// Which lines need a National Drug Code (domain.md 1.7).
    NdcRequired {
        /// None.
        None = "none",
        /// Drugs that are administered; vaccines need none.
        Drugs = "drugs",
        /// Drugs and vaccines.
        DrugsAndVaccines = "drugs_and_vaccines",
    }

    /// Which set of correct coding edits a payer follows, if any (domain.md PED-06, PED-68, E056).
    NcciSet {
        /// None.
        None = "none",
        /// The Medicaid edits.
        Medicaid = "medicaid",
        /// The Medicare practitioner edits, which commercial plans adopt.
        Medicare = "medicare",
    }

    /// What tests in the practice's own laboratory must carry (domain.md PED-63).
    CliaRule {
        /// Nothing.
        None = "none",
        /// The certificate's number (REF*X4).
        Number = "number",
        /// The number, and QW on waived tests.
        NumberAndQw = "number_and_qw",
    }

    /// The code of fluoride varnish (domain.md 4.7).
    FluorideCode {
        /// 99188.
        Medical = "99188",
        /// D1206.
        Dental = "d1206",
    }

    /// What a replacement claim holds (domain.md 1.5, E059).
    ReplacementScope {
        /// The complete corrected claim.
        WholeClaim = "whole_claim",
        /// The one line that is corrected.
        SingleLine = "single_line",
    }

    /// How a claim goes again that a payer rejected with a number of its own (277CA REF*1K; domain.md 1.5).
    ResendAfterNumber {
        /// With the frequency that it had: it never reached adjudication.
        Same = "1",
        /// As a replacement: this payer holds it as entered.
        Replacement = "7",
    }

    /// Under whom a professional bills who works with a physician (domain.md 1.6).
    Supervision {
        /// As rendering provider alone.
        OwnNpi = "own_npi",
        /// With the supervising physician beside (2310D).
        SupervisorNamed = "supervisor_named",
    }

    /// Whom a member id names (domain.md 1.4): it decides whether the child is the subscriber.
    MemberIdScope {
        /// The child alone.
        Person = "person",
        /// The policy holder, and the child as somebody's dependent.
        Family = "family",
    }

}

impl NcciSet {
    /// Whether correct coding edits hold at all: modifier 25 goes on a visit with vaccine administration.
    #[must_use]
    pub fn is_followed(self) -> bool {
        self != NcciSet::None
    }
}

impl FluorideCode {
    /// The procedure code.
    #[must_use]
    pub fn code(self) -> ProcedureCode {
        match self {
            FluorideCode::Medical => const { ProcedureCode::literal("99188") },
            FluorideCode::Dental => const { ProcedureCode::literal("D1206") },
        }
    }
}

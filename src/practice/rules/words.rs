//! The payer rules that choose one of a few ways: each way with its word in the practice file.

use crate::practice::word::words;
use crate::reference::{Modifier, ProcedureCode};

words! {
    /// How vaccines from public stock are billed (domain.md PED-22).
    VfcStyle {
        /// Product with SL at zero, 90460 with SL; 90461 is not payable.
        ProductAndFirstComponent = "a",
        /// Product with SL at zero, administration by 90471 to 90474.
        ProductAndPlainAdministration = "b",
        /// The product line carries the administration fee; no administration line.
        ProductCarriesFee = "c",
        /// The product line carries the administration; no administration line.
        ProductIncludesAdministration = "d",
        /// Product at zero, EP on 90471 to 90474; 90460 is not accepted.
        EpsdtAdministration = "e",
        /// Administration only, no product line.
        AdministrationOnly = "f",
    }

    /// Whether SL, the mark of public stock, stands on administration lines too (domain.md PED-22).
    SlOnAdministration {
        /// As the payer's style has it: in style a only.
        ByStyle = "by_style",
        /// On every administration of public stock.
        Always = "always",
        /// On product lines alone.
        Never = "never",
    }

    /// How lines of vaccine administration are written (domain.md PED-11).
    AdministrationLines {
        /// One line a code, with units.
        WithUnits = "with_units",
        /// One line a vaccine.
        PerVaccine = "per_vaccine",
    }

    /// What the units of 96380 and 96381 count (domain.md PED-14).
    AntibodyUnits {
        /// Doses: one, even of two syringes.
        PerDose = "per_dose",
        /// Units of the product: two for 200 mg in two syringes.
        PerProductUnit = "per_product_unit",
    }

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

    /// Whether two new-patient codes may stand on one day (domain.md PED-05).
    NewPlusNew {
        /// Like with like: both new.
        Allow = "allow",
        /// The problem visit is coded as established.
        SecondEstablished = "second_established",
    }

    /// What a payer does with a problem visit on the day of a well visit (domain.md PED-05).
    WellPlusSick {
        /// Pays both.
        Pay = "pay",
        /// Denies the problem visit.
        Deny = "deny",
        /// Pays half of the problem visit.
        Reduce50 = "reduce50",
    }

    /// What a patient is who was last seen exactly three years ago (domain.md PED-02).
    Anniversary {
        /// Still established on that day, new from the next.
        Established = "established",
        /// New on that day.
        New = "new",
    }

    /// How often a well visit is paid from the third birthday on; before it the visits of infancy follow each other by months
    /// (domain.md E032, 4.7).
    PreventiveInterval {
        /// As often as the schedule of visits says.
        Schedule = "schedule",
        /// Once in a calendar year.
        CalendarYear = "calendar_year",
        /// A whole year after the one before.
        FullYear = "full_year",
    }

    /// The mark of a visit by audio and video (domain.md PED-65).
    TelehealthModifier {
        /// None: the place of service says it.
        None = "none",
        /// 95.
        Synchronous = "95",
        /// GT, the older one.
        Older = "gt",
    }

    /// The mark of a visit by audio alone (domain.md PED-65).
    AudioModifier {
        /// None: the place of service says it.
        None = "none",
        /// 93.
        AudioOnly = "93",
        /// FQ.
        Medicare = "fq",
    }

    /// How a second screening by the same code on one day is written (domain.md 4.7, PED-61).
    RepeatedScreening {
        /// As a second unit.
        Units = "units",
        /// As a second line with 59.
        SecondLine = "second_line",
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

    /// What Medicaid does with preventive care of a child who has other coverage (domain.md PED-31).
    PreventiveTpl {
        /// Pays at once and recovers from the other payer itself.
        PayAndChase = "pay_and_chase",
        /// Wants the other payer billed first, and pays 90 days later whatever came.
        CostAvoid90 = "cost_avoid_90",
    }
}

impl NcciSet {
    /// Whether correct coding edits hold at all: modifier 25 goes on a visit with vaccine administration.
    #[must_use]
    pub fn is_followed(self) -> bool {
        self != NcciSet::None
    }
}

impl TelehealthModifier {
    /// The modifier, where there is one.
    #[must_use]
    pub fn modifier(self) -> Option<Modifier> {
        match self {
            TelehealthModifier::None => None,
            TelehealthModifier::Synchronous => Modifier::parse("95").ok(),
            TelehealthModifier::Older => Modifier::parse("GT").ok(),
        }
    }
}

impl AudioModifier {
    /// The modifier, where there is one.
    #[must_use]
    pub fn modifier(self) -> Option<Modifier> {
        match self {
            AudioModifier::None => None,
            AudioModifier::AudioOnly => Modifier::parse("93").ok(),
            AudioModifier::Medicare => Modifier::parse("FQ").ok(),
        }
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

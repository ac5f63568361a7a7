//! What one payer wants and one site may do, as far as it decides about lines.

use crate::pediatrics::clia::Certificate;
use crate::pediatrics::screening::Instruments;
use crate::pediatrics::vaccine_lines::Terms as VaccineTerms;
use crate::pediatrics::visits::{NewPlusNew, WellPlusSick};
use crate::pediatrics::{after_hours, epsdt, preventive, telehealth};

/// What a payer wants, and what the site may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Codes and styles of vaccines.
    pub vaccines: VaccineTerms,
    /// Whether it follows NCCI (PED-06).
    pub ncci: bool,
    /// Two new-patient codes on one day.
    pub new_plus_new: NewPlusNew,
    /// Sick beside well.
    pub well_plus_sick: WellPlusSick,
    /// From which age well visits take the adult diagnosis.
    pub adult_from_years: u16,
    /// EPSDT.
    pub epsdt: epsdt::Terms,
    /// Telehealth.
    pub telehealth: telehealth::Terms,
    /// After hours.
    pub after_hours: after_hours::Terms,
    /// Several questionnaires of one code.
    pub instruments: Instruments,
    /// Whether it pays counselling on vaccines that were not given.
    pub counselling_only: bool,
    /// Whether screenings that may be preventive or not carry 33.
    pub marks_preventive: bool,
    /// Whether fluoride varnish is billed by the dental code.
    pub dental_fluoride: bool,
    /// Whether the mother's depression screening goes on the child's claim.
    pub mother_on_child: bool,
    /// The site's CLIA certificate; `None`: not known.
    pub certificate: Option<Certificate>,
}

impl Choices {
    /// A commercial plan without wishes of its own, at a site with a certificate of waiver.
    pub const COMMERCIAL: Choices = Choices {
        vaccines: VaccineTerms::USUAL,
        ncci: true,
        new_plus_new: NewPlusNew::Allow,
        well_plus_sick: WellPlusSick::Pay,
        adult_from_years: preventive::ADULT_FROM_YEARS,
        epsdt: epsdt::Terms::NONE,
        telehealth: telehealth::Terms {
            video: telehealth::VideoMark::NinetyFive,
            audio: telehealth::AudioMark::NinetyThree,
            own_codes: false,
            well_visits: false,
        },
        after_hours: after_hours::Terms { outside_hours: false, posted_evenings: false },
        instruments: Instruments::Units,
        counselling_only: true,
        marks_preventive: false,
        dental_fluoride: false,
        mother_on_child: true,
        certificate: Some(Certificate::Waiver),
    };

    /// Medicaid with EPSDT and public stock in style A.
    pub const MEDICAID: Choices = Choices {
        epsdt: epsdt::Terms { program: true, ep: epsdt::EpOn::Nothing, s0302: false },
        counselling_only: false,
        ..Choices::COMMERCIAL
    };
}

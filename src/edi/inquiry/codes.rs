//! Codes that stand at several levels. Those of a single transaction are beside its model.

use crate::edi::codes;

codes! {
    /// NM101: who someone is in the exchange, or to the benefit.
    Role {
        /// A payer.
        Payer = "PR",
        /// The payer that pays first.
        PrimaryPayer = "PRP",
        /// The payer that pays second.
        SecondaryPayer = "SEP",
        /// The payer that pays third.
        TertiaryPayer = "TTP",
        /// A payer of an earlier time.
        PriorCarrier = "P4",
        /// Who sponsors the plan.
        PlanSponsor = "P5",
        /// An employer.
        Employer = "36",
        /// Who administers the plan for another.
        Administrator = "2B",
        /// A plan that manages the child's care for the payer.
        ManagedCareOrganization = "Y2",
        /// An organization that reviews use of services.
        UtilizationManagement = "X3",
        /// A vendor of the payer, such as a pharmacy benefit manager.
        Vendor = "VN",
        /// A gateway that answers for payers.
        Gateway = "GP",
        /// Who sends an inquiry for the provider.
        Submitter = "41",
        /// A provider.
        Provider = "1P",
        /// The primary care provider.
        PrimaryCareProvider = "P3",
        /// A facility.
        Facility = "FA",
        /// A hospital.
        Hospital = "80",
        /// The subscriber, or someone else who is insured.
        Insured = "IL",
        /// A dependent, in 270 and 271.
        Dependent = "03",
        /// A patient who is a dependent, in 276 and 277.
        Patient = "QC",
        /// A legal representative.
        LegalRepresentative = "LR",
    }

    /// TRN01: whose number a trace is.
    TraceKind {
        /// The sender's own number for this transaction.
        Current = "1",
        /// The number that the other side gave: it comes back as it was sent.
        Referenced = "2",
    }

    /// DTP01: what a date or a range of dates says.
    DateKind {
        /// The plan: a range, or the day it is asked for.
        Plan = "291",
        /// The benefit.
        Benefit = "292",
        /// Eligibility.
        Eligibility = "307",
        /// The plan begins.
        PlanBegin = "346",
        /// The plan ends.
        PlanEnd = "347",
        /// The benefit begins.
        BenefitBegin = "348",
        /// The benefit ends.
        BenefitEnd = "349",
        /// Eligibility begins.
        EligibilityBegin = "356",
        /// Eligibility ends.
        EligibilityEnd = "357",
        /// The policy takes effect.
        PolicyEffective = "539",
        /// The policy expires.
        PolicyExpiration = "540",
        /// A period begins.
        PeriodStart = "193",
        /// A period ends.
        PeriodEnd = "194",
        /// Enrolled.
        Enrollment = "382",
        /// Added to the plan.
        Added = "318",
        /// The membership card was issued.
        Issue = "102",
        /// Coordination of benefits with another payer.
        CoordinationOfBenefits = "290",
        /// With the present primary care provider.
        PrimaryCareProvider = "295",
        /// Date of service.
        Service = "472",
        /// Death.
        Death = "442",
        /// The payer's record was last changed.
        LastUpdate = "636",
        /// The status is as of this date.
        Status = "771",
    }
}

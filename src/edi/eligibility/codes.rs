//! The code lists of 270 and 271 that our logic asks about or a practice reads. Codes outside a list are carried as they came.

use crate::edi::codes;

codes! {
    /// EQ01 and EB03: the kind of service that is asked about (domain.md 3.3).
    ServiceType {
        /// Medical care.
        MedicalCare = "1",
        /// Surgery.
        Surgery = "2",
        /// Diagnostic imaging.
        DiagnosticImaging = "4",
        /// Laboratory.
        Laboratory = "5",
        /// The plan as a whole.
        PlanCoverage = "30",
        /// Chiropractic.
        Chiropractic = "33",
        /// Dental care.
        Dental = "35",
        /// Hospital.
        Hospital = "47",
        /// Hospital, inpatient.
        HospitalInpatient = "48",
        /// Hospital, outpatient.
        HospitalOutpatient = "50",
        /// Newborn care.
        NewbornCare = "65",
        /// Well-baby care.
        WellBabyCare = "68",
        /// Immunizations.
        Immunizations = "80",
        /// Routine physical examination.
        RoutinePhysical = "81",
        /// Emergency services.
        Emergency = "86",
        /// Pharmacy.
        Pharmacy = "88",
        /// A professional's visit in the office.
        OfficeVisit = "98",
        /// A professional's visit to an inpatient.
        InpatientVisit = "99",
        /// Speech therapy.
        SpeechTherapy = "AF",
        /// Vision.
        Vision = "AL",
        /// Pediatric care.
        Pediatric = "BH",
        /// An office visit of a sick patient.
        SickVisit = "BY",
        /// An office visit of a well patient.
        WellVisit = "BZ",
        /// Mental health.
        MentalHealth = "MH",
        /// Urgent care.
        UrgentCare = "UC",
    }

    /// EB01: what a benefit line says (domain.md 3.3).
    Information {
        /// Active.
        Active = "1",
        /// Active; the provider bears the full risk.
        ActiveFullRisk = "2",
        /// Active; services are paid by capitation.
        ActiveCapitated = "3",
        /// Active; the primary care provider is paid by capitation.
        ActivePrimaryCareCapitated = "4",
        /// Active while an investigation is pending.
        ActivePendingInvestigation = "5",
        /// Inactive.
        Inactive = "6",
        /// Inactive until eligibility is updated.
        InactivePendingUpdate = "7",
        /// Inactive while an investigation is pending.
        InactivePendingInvestigation = "8",
        /// The patient's share in per cent.
        Coinsurance = "A",
        /// The patient's fixed amount.
        Copay = "B",
        /// What the patient pays before the plan does.
        Deductible = "C",
        /// On what the coverage rests.
        CoverageBasis = "CB",
        /// A description of the benefit.
        Description = "D",
        /// Exclusions.
        Exclusions = "E",
        /// Limitations.
        Limitations = "F",
        /// The most that the patient pays in a period.
        OutOfPocket = "G",
        /// Without a limit.
        Unlimited = "H",
        /// Not covered.
        NonCovered = "I",
        /// Who provides primary care.
        PrimaryCareProvider = "L",
        /// Who manages the child's care.
        ManagedCareCoordinator = "MC",
        /// Services are restricted to a provider.
        RestrictedToProvider = "N",
        /// A disclaimer.
        Disclaimer = "P",
        /// Another payer may pay: a lead for coordination of benefits.
        OtherPayer = "R",
        /// Whom to ask.
        Contact = "U",
        /// Could not be processed.
        CannotProcess = "V",
        /// Where else to look for data.
        OtherSource = "W",
        /// A facility.
        Facility = "X",
        /// Spend-down.
        SpendDown = "Y",
    }

    /// EQ03 and EB02: who is covered.
    CoverageLevel {
        /// The child alone.
        Individual = "IND",
        /// The family.
        Family = "FAM",
        /// The children.
        ChildrenOnly = "CHD",
        /// The dependents.
        DependentsOnly = "DEP",
        /// The employee and the children.
        EmployeeAndChildren = "ECH",
        /// The employee.
        Employee = "EMP",
        /// The employee and the spouse.
        EmployeeAndSpouse = "ESP",
        /// The spouse and the children.
        SpouseAndChildren = "SPC",
        /// The spouse.
        Spouse = "SPO",
    }

    /// EB04: the kind of insurance.
    InsuranceType {
        /// Medicaid.
        Medicaid = "MC",
        /// Commercial.
        Commercial = "C1",
        /// Health maintenance organization.
        Hmo = "HM",
        /// Preferred provider organization.
        Ppo = "PR",
        /// Point of service.
        PointOfService = "PS",
        /// Exclusive provider organization.
        Epo = "EP",
        /// Indemnity.
        Indemnity = "IN",
        /// Group policy.
        Group = "GP",
        /// Individual policy.
        Individual = "IP",
        /// Automobile insurance.
        Auto = "AP",
        /// Workers' compensation.
        WorkersCompensation = "WC",
        /// Supplemental policy.
        Supplemental = "SP",
        /// Other.
        OtherKind = "OT",
    }

    /// EB06: the period of an amount or quantity.
    TimePeriod {
        /// A day.
        Day = "7",
        /// Lifetime: the whole.
        Lifetime = "32",
        /// Lifetime: what remains.
        LifetimeRemaining = "33",
        /// A service year.
        ServiceYear = "22",
        /// A calendar year.
        CalendarYear = "23",
        /// The year so far: what was used.
        YearToDate = "24",
        /// The contract's period.
        Contract = "25",
        /// An episode.
        Episode = "26",
        /// A visit.
        Visit = "27",
        /// What remains.
        Remaining = "29",
        /// Exceeded.
        Exceeded = "30",
        /// Not exceeded.
        NotExceeded = "31",
        /// A month.
        Month = "34",
        /// A week.
        Week = "35",
        /// An admission.
        Admission = "36",
    }

    /// EB09 and HSD01: what a quantity counts.
    QuantityKind {
        /// Days.
        Days = "DY",
        /// Hours.
        Hours = "HS",
        /// Months.
        Months = "MN",
        /// Visits.
        Visits = "VS",
        /// Units.
        Units = "FL",
        /// At least.
        Minimum = "M2",
        /// At most.
        Maximum = "99",
    }

    /// EB11 (is an authorization needed?) and EB12 (is it in the plan's network?).
    Answer {
        /// Yes.
        Yes = "Y",
        /// No.
        No = "N",
        /// Not known.
        Unknown = "U",
        /// The same whether or not: EB12 only.
        NotApplicable = "W",
    }

    /// INS02: what the person is to the subscriber.
    Relation {
        /// The subscriber.
        SelfSubscriber = "18",
        /// Spouse.
        Spouse = "01",
        /// Child.
        Child = "19",
        /// Other adult.
        OtherAdult = "34",
        /// Other relationship.
        OtherRelationship = "G8",
        /// Not known.
        Unknown = "21",
    }
}

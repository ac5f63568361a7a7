//! The code lists of the 837P that our logic asks about. Codes outside a list are carried as they came.

use crate::edi::codes;

codes! {
    /// BHT02.
    BatchPurpose {
        /// Sent for the first time.
        Original = "00",
        /// Sent again because the first transmission was lost.
        Reissue = "18",
    }

    /// BHT06.
    ClaimUse {
        /// Payment is asked for.
        Chargeable = "CH",
        /// Encounter reporting: no payment is asked for.
        Reporting = "RP",
    }

    /// SBR01: the place in the order of benefits of the payer named beside it.
    Responsibility {
        /// First payer.
        Primary = "P",
        /// Second payer.
        Secondary = "S",
        /// Third payer.
        Tertiary = "T",
        /// Fourth payer.
        Fourth = "A",
        /// Fifth payer.
        Fifth = "B",
        /// Sixth payer.
        Sixth = "C",
        /// Seventh payer.
        Seventh = "D",
        /// Eighth payer.
        Eighth = "E",
        /// Ninth payer.
        Ninth = "F",
        /// Tenth payer.
        Tenth = "G",
        /// Eleventh payer.
        Eleventh = "H",
        /// Order not known.
        Unknown = "U",
    }

    /// SBR02 and PAT01: what the patient is to the subscriber. Step, foster and adopted children are children; there is no code for
    /// grandchildren (domain.md 0).
    Relationship {
        /// The patient is the subscriber.
        SelfSubscriber = "18",
        /// Spouse.
        Spouse = "01",
        /// Child.
        Child = "19",
        /// Employee.
        Employee = "20",
        /// Not known.
        Unknown = "21",
        /// Organ donor.
        OrganDonor = "39",
        /// Cadaver donor.
        CadaverDonor = "40",
        /// Life partner.
        LifePartner = "53",
        /// Any other relationship.
        OtherRelationship = "G8",
    }

    /// DMG03.
    Sex {
        /// Female.
        Female = "F",
        /// Male.
        Male = "M",
        /// Not known or neither.
        Unknown = "U",
    }

    /// CLM05-3 (domain.md 1.5): professional claims know three.
    Frequency {
        /// A claim that the payer has not adjudicated before.
        Original = "1",
        /// Replaces an adjudicated claim entirely; needs the payer's number of it.
        Replacement = "7",
        /// Takes an adjudicated claim back; needs the payer's number of it.
        Void = "8",
    }

    /// CLM07.
    AcceptAssignment {
        /// Assigned.
        Assigned = "A",
        /// Assigned for laboratory services only.
        LabOnly = "B",
        /// Not assigned.
        NotAssigned = "C",
    }

    /// CLM08 and OI03: whether the payer may pay the practice directly.
    BenefitsAssignment {
        /// The practice is paid.
        Yes = "Y",
        /// The subscriber is paid.
        No = "N",
        /// Not applicable.
        NotApplicable = "W",
    }

    /// CLM09 and OI06.
    ReleaseOfInformation {
        /// A signed statement is on file.
        Yes = "Y",
        /// Informed consent, where no signature is required.
        InformedConsent = "I",
    }

    /// NM101 of a professional in loops 2310, 2330 and 2420.
    ProviderRole {
        /// Referring.
        Referring = "DN",
        /// Primary care.
        PrimaryCare = "P3",
        /// Rendering.
        Rendering = "82",
        /// Where the service happened, when not at the billing provider's address.
        Facility = "77",
        /// Supervising.
        Supervising = "DQ",
        /// Ordering (lines only).
        Ordering = "DK",
        /// From whom the service was purchased (lines only).
        Purchased = "QB",
        /// Billing (other payers only).
        Billing = "85",
    }

    /// DTP01 of loop 2300.
    ClaimDateKind {
        /// Onset of the illness.
        Onset = "431",
        /// First treatment.
        InitialTreatment = "454",
        /// Last seen.
        LastSeen = "304",
        /// Accident.
        Accident = "439",
        /// Last menstrual period.
        LastMenstrualPeriod = "484",
        /// Admission to a hospital (RFI 2130).
        Admission = "435",
        /// Discharge from a hospital (RFI 2130).
        Discharge = "096",
        /// Care taken over from another provider.
        AssumedCare = "090",
        /// Care handed to another provider.
        RelinquishedCare = "091",
    }

    /// DTP01 of loop 2400, besides the date of service.
    LineDateKind {
        /// The prescription.
        Prescription = "471",
        /// Last seen.
        LastSeen = "304",
        /// First treatment.
        InitialTreatment = "454",
        /// Shipped.
        Shipped = "011",
    }

    /// REF01: what a reference number refers to.
    ReferenceKind {
        /// Prior authorization.
        PriorAuthorization = "G1",
        /// Referral.
        Referral = "9F",
        /// The payer's number of the claim that this one replaces or voids, or of the claim that a prior payer adjudicated.
        PayerClaimNumber = "F8",
        /// CLIA number of the laboratory.
        Clia = "X4",
        /// CLIA number of the laboratory to which the work was sent.
        ReferringClia = "F4",
        /// Medical record number.
        MedicalRecord = "EA",
        /// A clearinghouse's trace number.
        ClearinghouseTrace = "D9",
        /// Why no service authorization was obtained.
        AuthorizationException = "4N",
        /// Demonstration project.
        Demonstration = "P4",
        /// Our number of a service line; remittances return it.
        LineControl = "6R",
        /// Immunization batch (lot) number.
        ImmunizationBatch = "BT",
        /// Employer identification number.
        Ein = "EI",
        /// Social security number.
        Ssn = "SY",
        /// A payer's number of a provider.
        PayerAssignedProvider = "G2",
        /// A payer's number of a location.
        Location = "LU",
        /// State licence.
        StateLicense = "0B",
        /// A payer's second identifier.
        SecondaryPayer = "2U",
        /// Claim office of a payer.
        ClaimOffice = "FY",
        /// NAIC company code.
        Naic = "NF",
        /// Property and casualty claim.
        PropertyCasualty = "Y4",
        /// Prescription.
        Prescription = "XZ",
    }

    /// PWK02: how an attachment travels.
    AttachmentKind {
        /// Kept at the practice, available on request.
        OnRequest = "AA",
        /// By mail.
        Mail = "BM",
        /// Electronically, in another transaction.
        Electronic = "EL",
        /// By e-mail.
        Email = "EM",
        /// By file transfer.
        FileTransfer = "FT",
        /// By fax.
        Fax = "FX",
    }

    /// SV103: what SV104 counts.
    ChargeUnit {
        /// Units.
        Units = "UN",
        /// Minutes (anesthesia only).
        Minutes = "MJ",
    }

    /// CTP05-1: what the quantity of a drug counts.
    NdcUnit {
        /// International units.
        InternationalUnit = "F2",
        /// Grams.
        Gram = "GR",
        /// Milligrams.
        Milligram = "ME",
        /// Millilitres.
        Milliliter = "ML",
        /// Units.
        Unit = "UN",
    }
}

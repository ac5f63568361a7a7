//! Every kind of fault that validation reports: its code, how bad it is, at which level it is found, and what to do about it.

use crate::edi::Severity;

/// A kind of fault.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable code: `X12-SE01`.
    pub code: &'static str,
    /// How bad it is. Errors make a 999 reject the transaction set; warnings are said and the set is taken.
    pub severity: Severity,
    /// Where it is looked for.
    pub level: Level,
    /// What to do about it, one sentence.
    pub advice: &'static str,
    /// What a 999 calls it.
    pub ack: Ack,
}

/// The SNIP type of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 1: X12 syntax. Envelopes, counts, control numbers, characters, lengths.
    Syntax,
    /// 2: what the guide asks for. Loops, segments, elements, codes.
    Guide,
    /// 3: sums that must hold.
    Balance,
    /// 4: what one segment makes another need.
    Situation,
}

/// Where in a 999 a fault stands, and its code there (domain.md 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ack {
    /// IK403, in an IK4 below the IK3 of the segment.
    Element(&'static str),
    /// IK304, in an IK3.
    Segment(&'static str),
    /// IK502: the set as a whole.
    Set(&'static str),
    /// AK905: the group as a whole.
    Group(&'static str),
    /// A 999 has no word for it; it is a matter of the interchange (TA1) or a sum that only people can put right.
    None,
}

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $level:ident $ack:expr, $advice:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $advice)]
            pub const $name: &Rule = &Rule { code: $code, severity: Severity::$severity, level: Level::$level, ack: $ack, advice: $advice };
        )*

        /// All rules, in the order of this catalog.
        pub const CATALOG: &[&Rule] = &[$($name),*];
    };
}

use Ack::{Element, Group, Segment, Set};

rules! {
    // The interchange and the groups in it.
    TRAILING_TEXT "X12-TRAILING" Error Syntax Ack::None, "Ask the sender what follows the last interchange; it was not read.";
    UNTERMINATED "X12-UNTERMINATED" Warning Syntax Ack::None, "Check with the sender that the file was not cut off at its end.";
    STRAY "X12-STRAY" Error Syntax Ack::None, "Remove what stands outside of transaction sets, or put the envelope around it.";
    ISA_ELEMENT "X12-ISA" Error Syntax Ack::None, "Correct the ISA segment: every element has a fixed width and form.";
    ISA_VERSION "X12-ISA12" Warning Syntax Ack::None, "Ask the partner to send version 00501; another version is not checked beyond its envelopes.";
    IEA_MISSING "X12-IEA" Error Syntax Ack::None, "Ask for the file again: it ends before its interchange does, or interchanges stand within each other.";
    IEA_COUNT "X12-IEA01" Error Syntax Ack::None, "Correct IEA01 to the number of groups, or ask for what was lost.";
    IEA_NUMBER "X12-IEA02" Error Syntax Ack::None, "Make IEA02 the number in ISA13.";
    TA1_MISPLACED "X12-TA1" Error Syntax Ack::None, "Move the TA1 before the first group.";
    GS_ELEMENT "X12-GS" Error Syntax Group("6"), "Correct the element of the GS segment.";
    GS_KIND "X12-GS01" Error Guide Group("1"), "Put transaction sets of one kind into a group, and say the kind in GS01.";
    GS_MISSING "X12-GS-MISSING" Error Syntax Ack::None, "Put a GS segment before the transaction sets.";
    GE_MISSING "X12-GE" Error Syntax Group("3"), "End the group by a GE segment.";
    GE_COUNT "X12-GE01" Error Syntax Group("5"), "Correct GE01 to the number of transaction sets, or ask for what was lost.";
    GE_NUMBER "X12-GE02" Error Syntax Group("4"), "Make GE02 the number in GS06.";
    NO_SETS "X12-GE-EMPTY" Error Syntax Group("5"), "Leave out a group that holds no transaction set.";

    // The transaction set as a whole.
    ST_MISSING "X12-ST" Error Syntax Ack::None, "Begin the transaction set by an ST segment; without it, its segments were not checked.";
    ST_KIND "X12-ST01" Error Guide Set("6"), "Make ST01 the kind of transaction set that the guide in GS08 describes.";
    ST_NUMBER_TWICE "X12-ST02" Error Syntax Set("23"), "Give every transaction set of a group its own number.";
    ST_GUIDE "X12-ST03" Error Guide Set("I6"), "Make ST03 the guide in GS08.";
    GUIDE_UNKNOWN "X12-GUIDE" Warning Guide Set("I6"), "Ask for the supported version of this transaction set: this one was not checked beyond its envelope.";
    SE_MISSING "X12-SE" Error Syntax Set("2"), "End the transaction set by an SE segment.";
    SE_COUNT "X12-SE01" Error Syntax Set("4"), "Correct SE01 to the number of segments, ST and SE included, or ask for what was lost.";
    SE_NUMBER "X12-SE02" Error Syntax Set("3"), "Make SE02 the number in ST02.";
    MORE "X12-MORE" Error Syntax Ack::None, "Correct what is listed and validate again: the set has more faults than are listed.";

    // Segments and loops.
    SEGMENT_UNKNOWN "X12-SEGMENT-UNKNOWN" Error Syntax Segment("1"), "Remove the segment: X12 has none of this name, as far as this product knows.";
    SEGMENT_NOT_IN_SET "X12-SEGMENT-NOT-IN-SET" Error Syntax Segment("6"), "Remove the segment: this kind of transaction set has none of this name.";
    SEGMENT_UNEXPECTED "X12-SEGMENT-UNEXPECTED" Error Guide Segment("2"), "Remove the segment, or put the loop around it that it belongs to.";
    SEGMENT_ORDER "X12-SEGMENT-ORDER" Error Guide Segment("7"), "Move the segment to its place in the loop.";
    SEGMENT_MISSING "X12-SEGMENT-MISSING" Error Guide Segment("3"), "Add the segment.";
    SEGMENT_TOO_MANY "X12-SEGMENT-TOO-MANY" Error Guide Segment("5"), "Keep as many of these segments as the guide allows.";
    LOOP_MISSING "X12-LOOP-MISSING" Error Guide Segment("I7"), "Add the loop.";
    LOOP_TOO_MANY "X12-LOOP-TOO-MANY" Error Guide Segment("4"), "Keep as many of these loops as the guide allows, or split the transaction set.";
    SEGMENT_EMPTY "X12-SEGMENT-EMPTY" Error Syntax Segment("8"), "Leave out a segment that says nothing.";
    HL_NUMBER "X12-HL01" Error Guide Element("I12"), "Number the HL segments 1, 2, 3 through the transaction set.";
    HL_PARENT "X12-HL02" Error Guide Element("I12"), "Make HL02 the number of the level that this one belongs to.";
    HL_CHILD "X12-HL04" Error Guide Element("I12"), "Make HL04 1 when a level stands below this one, else 0.";

    // Elements.
    ELEMENT_MISSING "X12-ELEMENT-MISSING" Error Guide Element("1"), "Fill the element.";
    ELEMENT_NOT_USED "X12-ELEMENT-NOT-USED" Error Guide Element("I10"), "Leave the element out: the guide does not use it here.";
    ELEMENTS_TOO_MANY "X12-ELEMENTS-TOO-MANY" Error Syntax Element("3"), "Remove the elements past the last one that the segment has; a separator in the data may be the cause.";
    COMPONENTS_TOO_MANY "X12-COMPONENTS-TOO-MANY" Error Syntax Element("13"), "Remove the components past the last one; a separator in the data may be the cause.";
    REPEATS_TOO_MANY "X12-REPEATS" Error Syntax Element("12"), "Repeat the element no more often than the guide allows; a separator in the data may be the cause.";
    CODE_UNKNOWN "X12-CODE" Error Guide Element("7"), "Use one of the codes that the guide lists for this element.";
    CODE_NOT_HERE "X12-CODE-NOT-HERE" Error Guide Element("I6"), "Use one of the codes that the guide lists for this element; this one belongs elsewhere.";
    TOO_SHORT "X12-SHORT" Error Syntax Element("4"), "Send the whole value.";
    TOO_LONG "X12-LONG" Error Syntax Element("5"), "Shorten the value, or find out why it is longer than X12 allows.";
    NOT_A_NUMBER "X12-NUMBER" Error Syntax Element("6"), "Write the number with digits, at most one sign and, where decimals are allowed, one point.";
    NOT_A_DATE "X12-DATE" Error Syntax Element("8"), "Write a day of the calendar in the form that the segment says.";
    NOT_A_TIME "X12-TIME" Error Syntax Element("9"), "Write a time as HHMM, or with seconds as HHMMSS.";
    PERIOD_BACKWARDS "X12-PERIOD" Error Guide Element("8"), "Put the first day of the period first.";
    CONTROL_CHARACTER "X12-CONTROL-CHARACTER" Error Syntax Element("6"), "Remove characters that can't be printed.";
    FOREIGN_CHARACTER "X12-CHARACTER" Warning Syntax Element("6"), "Write names without accents, unless the partner agreed to take them.";
    SPACES "X12-SPACES" Warning Syntax Element("6"), "Remove the blanks around the value.";
    TRAILING_SEPARATOR "X12-TRAILING-SEPARATOR" Warning Syntax Ack::None, "Leave out separators after the last value of a segment or composite.";
    CONDITION "X12-CONDITION" Error Syntax Element("2"), "Fill the elements that belong together, or leave all of them out.";
    EXCLUSIVE "X12-EXCLUSIVE" Error Syntax Element("10"), "Keep one of the elements that forbid each other.";
    MONEY "X12-MONEY" Error Guide Element("I12"), "Write amounts with at most two decimals and at most ten digits.";
    NPI "X12-NPI" Warning Guide Element("I12"), "Correct the NPI: ten digits, the last of them a check digit.";
    DIGITS "X12-DIGITS" Error Guide Element("I12"), "Write the number with exactly as many digits as the guide asks for, nothing between them.";
    NDC "X12-NDC" Error Guide Element("I12"), "Write the NDC with eleven digits, nothing between them.";
    DIAGNOSIS_POINT "X12-DIAGNOSIS" Error Guide Element("I12"), "Write diagnoses without the point.";
    TAXONOMY "X12-TAXONOMY" Warning Guide Element("I12"), "Write the taxonomy code with ten characters, the last of them X.";
    PHONE "X12-PHONE" Warning Guide Element("I12"), "Write telephone and fax numbers with ten digits, nothing between them.";

    // Sums.
    CLAIM_CHARGE "X12-CLM02" Error Balance Ack::None, "Make the charge of the claim the sum of its lines.";
    COB_LINE "X12-COB-LINE" Error Balance Ack::None, "Make what the other payer paid and adjusted on the line add up to its charge.";
    COB_CLAIM "X12-COB-CLAIM" Error Balance Ack::None, "Make what the other payer paid and adjusted add up to the charge of the claim.";
    COB_PAYER "X12-COB-PAYER" Error Balance Ack::None, "Make the payer of the line adjudication one of the other payers of the claim.";
    ERA_LINE "X12-ERA-LINE" Error Balance Ack::None, "Ask the payer: charge less adjustments of the line is not its payment.";
    ERA_CHARGE "X12-ERA-CHARGE" Error Balance Ack::None, "Ask the payer: the charges of the lines don't add up to the charge of the claim.";
    ERA_CLAIM "X12-ERA-CLAIM" Error Balance Ack::None, "Ask the payer: charge less adjustments of the claim is not its payment.";
    ERA_PATIENT "X12-ERA-PATIENT" Warning Balance Ack::None, "Don't rely on the patient responsibility of the claim: it is not what the adjustments say.";
    ERA_TOTAL "X12-ERA-TOTAL" Error Balance Ack::None, "Ask the payer: claim payments less provider adjustments are not the amount paid.";
    ERA_NEGATIVE "X12-ERA-NEGATIVE" Error Balance Ack::None, "Ask the payer: a payment is never negative; what is owed is carried forward.";

    // What one segment makes another need.
    ORIGINAL_NUMBER "X12-F8" Error Situation Segment("I6"), "Give the payer's number of the claim that is replaced or voided (REF*F8).";
    SELF "X12-SELF" Error Situation Element("I9"), "Send SBR02 18 when the subscriber is the patient, and nothing when a patient level follows.";
    POINTER "X12-POINTER" Error Situation Element("I12"), "Point to diagnoses that the claim has.";
    DIAGNOSIS_TWICE "X12-DIAGNOSIS-TWICE" Error Situation Element("I12"), "Name each diagnosis once.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::guide::code_meaning;

    #[test]
    fn codes_are_unique_and_advice_is_a_sentence() {
        for (at, rule) in CATALOG.iter().enumerate() {
            assert!(rule.code.starts_with("X12-") && CATALOG[..at].iter().all(|other| other.code != rule.code), "{}", rule.code);
            assert!(rule.advice.ends_with('.') && rule.advice.starts_with(char::is_uppercase), "{}", rule.code);
        }
    }

    #[test]
    fn what_a_999_calls_a_fault_is_a_code_that_it_has() {
        for rule in CATALOG {
            let (element, code) = match rule.ack {
                Element(code) => ("621", code),
                Segment(code) => ("620", code),
                Set(code) => ("618", code),
                Group(code) => ("716", code),
                Ack::None => continue,
            };
            assert!(code_meaning(element, code).is_some(), "{}", rule.code);
        }
    }
}

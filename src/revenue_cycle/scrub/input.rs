//! What the edits look at: one claim and the facts around it, all loaded before.

use jiff::civil::Date;

use crate::practice::member_id::MemberIdPattern;

use crate::revenue_cycle::claim::model::ClaimContent;

/// One claim to be scrubbed. Rules are pure: they see nothing else.
#[derive(Clone, Copy, Debug)]
pub struct ScrubInput<'a> {
    /// The claim.
    pub content: &'a ClaimContent,
    /// Today in the practice's time zone.
    pub today: Date,
    /// What the payer asks for.
    pub payer: PayerFacts<'a>,
}

/// The payer rules that the edits ask about, resolved for the date of service.
#[derive(Clone, Copy, Debug)]
pub struct PayerFacts<'a> {
    /// The payer's name, for messages.
    pub name: &'a str,
    /// Whether claims to it have a connection to leave by.
    pub has_route: bool,
    /// The form of its member ids.
    pub member_id_pattern: &'a MemberIdPattern,
    /// Whether it adjudicates on the billing taxonomy.
    pub needs_billing_taxonomy: bool,
    /// Whether it takes a line of $0.00 (VFC products).
    pub takes_zero_charge: bool,
}

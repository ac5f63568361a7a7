//! Words for codes: what a biller reads where the records hold a code. What has no word here is shown as its code, never left out.

use crate::pediatrics::timely_filing::TimeLeft;
use crate::platform::money::Money;
use crate::reference::carc;
use crate::revenue_cycle::claim::ClaimState;

/// How a state looks: what it asks of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do: it goes on by itself.
    Waits,
    /// A person must act.
    Acts,
    /// It went well.
    Good,
    /// It is over.
    Over,
}

impl Tone {
    /// Its class in the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Waits => "waits",
            Tone::Acts => "acts",
            Tone::Good => "good",
            Tone::Over => "over",
        }
    }
}

/// A claim's state in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateWords {
    /// In one or two words.
    pub label: &'static str,
    /// What it asks of the reader.
    pub tone: Tone,
    /// What it means and what comes next.
    pub meaning: &'static str,
}

impl StateWords {
    /// The words for a state.
    #[must_use]
    pub fn of(state: ClaimState) -> StateWords {
        use ClaimState as S;
        use Tone::{Acts, Good, Over, Waits};
        let (label, tone, meaning) = match state {
            S::Draft => ("Draft", Waits, "Built; the edits have not looked at it yet."),
            S::ScrubFailed => {
                ("Blocked", Acts, "The edits found errors: mend what the findings name and scrub again. Nothing is sent before.")
            }
            S::Held => ("Held", Acts, "Warnings keep it back: mend their cause, or override each with a reason."),
            S::Ready => ("Ready", Waits, "It goes out with the next batch."),
            S::Batched => ("Batched", Waits, "It stands in a file that is about to be sent."),
            S::Transmitted => ("Sent", Waits, "The clearinghouse has it; its answer is awaited."),
            S::SubmissionUnknown => {
                ("Sending unclear", Acts, "Sending was interrupted and the clearinghouse could not be asked: ask it before sending again.")
            }
            S::Accepted999 => ("File accepted", Waits, "The clearinghouse can read the file; its word on this claim is awaited."),
            S::RejectedSyntax => ("File rejected", Acts, "The clearinghouse can't read this claim: mend what it names and send it again."),
            S::AckReceived => ("Received", Waits, "It arrived; nobody has accepted it yet."),
            S::AcceptedClearinghouse => ("At clearinghouse", Waits, "The clearinghouse accepted it and passes it on to the payer."),
            S::AcceptedPayer => ("In adjudication", Waits, "The payer took it in and will answer with a remittance."),
            S::RejectedClaim => ("Rejected", Acts, "It was refused before anybody decided on it: mend the cause and send it again."),
            S::Paid => ("Paid", Good, "The payer decided and denied no line."),
            S::PartiallyPaid => ("Partly paid", Acts, "The payer denied at least one line: correct, appeal or write off."),
            S::ZeroPaidPatient => ("Family owes", Over, "The payer decided to pay nothing; what is left is the family's."),
            S::Denied => ("Denied", Acts, "The payer refuses to pay: the remittance says why. Correct, appeal or write off."),
            S::AdjudicationReversed => ("Reversed", Acts, "The payer took its decision back and has sent no other: ask it."),
            S::Replaced => ("Replaced", Over, "A later version took its place."),
            S::Voided => ("Voided", Over, "We took it back."),
        };
        StateWords { label, tone, meaning }
    }

    /// The words for a state's code.
    #[must_use]
    pub fn of_code(code: &str) -> StateWords {
        let unknown = StateWords { label: "Unknown", tone: Tone::Acts, meaning: "This release does not know the state." };
        ClaimState::from_code(code).map_or(unknown, StateWords::of)
    }
}

/// What is left of the time for filing, in words and in its colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockWords {
    /// `12 days`, `today`, `3 days late`.
    pub label: String,
    /// Whether a person must act on it.
    pub tone: Tone,
}

impl ClockWords {
    /// The words for a claim's clock.
    #[must_use]
    pub fn of(left: TimeLeft) -> ClockWords {
        let days = |days: i32| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
        let (label, tone) = match left {
            TimeLeft::Enough { days: left } => (days(left), Tone::Waits),
            TimeLeft::Short { days: 0 } => ("today".to_owned(), Tone::Acts),
            TimeLeft::Short { days: left } => (days(left), Tone::Acts),
            TimeLeft::Past { days: late } => (format!("{} late", days(late)), Tone::Acts),
        };
        ClockWords { label, tone }
    }
}

/// An amount as people write it: `$1,234.50`, `−$12.00`.
#[must_use]
pub fn dollars(amount: Money) -> String {
    let text = amount.abs().to_string();
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    format!("{}${}.{cents}", if amount.is_negative() { "−" } else { "" }, grouped(whole))
}

/// A count as people write it: `12,345`.
#[must_use]
pub fn number(count: i64) -> String {
    grouped(&count.to_string())
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Kinds of entries (domain.md 5.2).
const ENTRIES: &[(&str, &str)] = &[
    ("CHARGE", "Charge"),
    ("CHARGE_VOID", "Charge taken back"),
    ("REMITTANCE", "Remittance"),
    ("DEPOSIT", "Deposit"),
    ("INS_PAYMENT", "Payer paid"),
    ("TAKEBACK", "Payer took back"),
    ("ADJ_CONTRACTUAL", "Contractual write-off"),
    ("ADJ_DENIAL_WRITEOFF", "Denial written off"),
    ("ADJ_OTHER", "Write-off"),
    ("TRANSFER", "Responsibility moved"),
    ("PAT_PAYMENT", "Family paid"),
    ("APPLY", "Family's money applied"),
    ("UNAPPLY", "Family's money freed"),
    ("NSF", "Payment returned by the bank"),
    ("REFUND_PATIENT", "Refund to the family"),
    ("REFUND_PAYER", "Refund to the payer"),
    ("REFUND_APPLY", "Refund met its line"),
    ("UNPOSTED_CASH", "Unposted cash"),
    ("PLB", "Provider adjustment"),
    ("PLB_APPLY", "Takeback met its line"),
    ("WITHHOLD", "Withheld"),
    ("BAD_DEBT_RECOVERY", "Bad debt recovered"),
];

/// Kinds of events.
const EVENTS: &[(&str, &str)] = &[
    ("claim.built", "Built from the visit"),
    ("claim.rebuilt", "Built anew from today's records"),
    ("claim.repaired", "Form put right"),
    ("claim.set_by_rule", "Set by the practice's own rules"),
    ("claim.overridden", "Warnings overridden"),
];

fn word(table: &[(&str, &'static str)], code: &str) -> String {
    table.iter().find(|(known, _)| *known == code).map_or(code, |(_, word)| word).to_owned()
}

/// What an entry is.
#[must_use]
pub fn entry(kind: &str) -> String {
    word(ENTRIES, kind)
}

/// What an event is.
#[must_use]
pub fn event(name: &str) -> String {
    word(EVENTS, name)
}

/// An account: `AR:INS1` is what the first payer owes.
#[must_use]
pub fn account(code: &str) -> String {
    let parts: Vec<&str> = code.split(':').collect();
    match parts.as_slice() {
        ["AR", "PATIENT"] => "Family owes".to_owned(),
        ["AR", payer] if payer.starts_with("INS") => format!("Payer {} owes", &payer[3..]),
        ["AR", payer, "DENIED"] if payer.starts_with("INS") => format!("Payer {}, denied", &payer[3..]),
        ["CONTRA", family] => format!("Given up: {}", plain(family)),
        _ => capitalized(plain(code)),
    }
}

/// A text as the beginning of a sentence.
#[must_use]
pub fn capitalized(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn plain(code: &str) -> String {
    code.replace('_', " ").to_lowercase()
}

/// The reason behind an entry with what it says: `CO-45`, and our label where it is an adjustment reason.
#[must_use]
pub fn adjustment(code: &str) -> String {
    match code.split_once('-').and_then(|(_, reason)| carc::label(reason)) {
        Some(label) => format!("{code}: {label}"),
        None => code.to_owned(),
    }
}

/// Who did something, from the text that events and journals keep.
#[must_use]
pub fn actor(text: &str) -> String {
    match text.split_once(':') {
        Some(("user", id)) => format!("user {id}"),
        Some(("key", id)) => format!("API key {id}"),
        Some(("job", id)) => format!("background job {id}"),
        Some(("command", name)) => format!("command {name}"),
        _ => text.to_owned(),
    }
}

/// The head of an error page.
#[must_use]
pub fn error_title(status: u16) -> &'static str {
    match status {
        400 => "This address is not understood",
        403 => "Not to be had here",
        404 => "Nothing is here",
        500.. => "Something went wrong here",
        _ => "This can't be done",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revenue_cycle::ledger::TransferKind;

    #[test]
    fn amounts_and_counts_are_grouped_by_thousands() {
        let told = |cents| dollars(Money::from_cents(cents));
        assert_eq!([told(0), told(99), told(-1_200), told(123_456_789)], ["$0.00", "$0.99", "−$12.00", "$1,234,567.89"]);
        assert_eq!([number(7), number(999), number(1_000), number(12_345_678)], ["7", "999", "1,000", "12,345,678"]);
    }

    #[test]
    fn a_clock_says_the_days_left_and_warns_from_fourteen_on() {
        let told = |left| (ClockWords::of(left).label, ClockWords::of(left).tone);
        let left = [TimeLeft::Enough { days: 15 }, TimeLeft::Short { days: 14 }, TimeLeft::Short { days: 1 }, TimeLeft::Short { days: 0 }];
        let expected = [("15 days", Tone::Waits), ("14 days", Tone::Acts), ("1 day", Tone::Acts), ("today", Tone::Acts)];
        assert_eq!(left.map(told), expected.map(|(label, tone)| (label.to_owned(), tone)));
        assert_eq!(told(TimeLeft::Past { days: 3 }), ("3 days late".to_owned(), Tone::Acts));
    }

    #[test]
    fn every_state_has_a_label_of_its_own_and_a_sentence() {
        let labels: std::collections::BTreeSet<_> = ClaimState::ALL.iter().map(|state| StateWords::of(*state).label).collect();
        assert_eq!(labels.len(), ClaimState::ALL.len());
        assert!(ClaimState::ALL.iter().all(|state| StateWords::of(*state).meaning.ends_with('.')));
        assert_eq!(StateWords::of_code("from a later release").label, "Unknown");
    }

    #[test]
    fn every_kind_of_entry_has_a_word_and_an_unknown_one_stays_its_code() {
        for kind in TransferKind::ALL {
            assert_ne!(entry(kind.code()), kind.code());
        }
        assert_eq!(entry("SOMETHING_NEW"), "SOMETHING_NEW");
    }

    #[test]
    fn accounts_say_who_owes() {
        for (code, word) in [
            ("AR:PATIENT", "Family owes"),
            ("AR:INS1", "Payer 1 owes"),
            ("AR:INS2:DENIED", "Payer 2, denied"),
            ("CONTRA:BAD_DEBT", "Given up: bad debt"),
            ("REMITTANCE_CLEARING", "Remittance clearing"),
            ("", ""),
        ] {
            assert_eq!(account(code), word);
        }
    }

    #[test]
    fn an_adjustment_reason_is_told_with_its_label() {
        assert!(adjustment("CO-45").starts_with("CO-45: "));
        assert_eq!(adjustment("OWN"), "OWN");
    }
}

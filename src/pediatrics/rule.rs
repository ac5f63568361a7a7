//! What is said about a rule besides its code: the reference for billers is generated from it.

use jiff::civil::Date;

/// One rule of pediatric billing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id in the rule book.
    pub id: &'static str,
    /// What it demands, in one sentence.
    pub says: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// First date of service for which it holds; `None`: as far back as claims go.
    pub from: Option<Date>,
    /// Last date of service for which it holds; `None`: until further notice.
    pub to: Option<Date>,
}

impl Rule {
    /// A rule without dates.
    #[must_use]
    pub const fn new(id: &'static str, source: &'static str, says: &'static str) -> Rule {
        Rule { id, says, source, from: None, to: None }
    }

    /// The same rule, for dates of service from this one on.
    #[must_use]
    pub const fn since(self, from: Date) -> Rule {
        Rule { from: Some(from), ..self }
    }

    /// Whether the rule holds on a date of service.
    #[must_use]
    pub fn holds_on(&self, service_date: Date) -> bool {
        self.from.is_none_or(|from| from <= service_date) && self.to.is_none_or(|to| service_date <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_dated_rule_holds_from_its_first_day() {
        let rule = Rule::new("X", "test", "says nothing").since(date(2013, 1, 1));
        assert!(rule.holds_on(date(2013, 1, 1)) && !rule.holds_on(date(2012, 12, 31)));
    }
}

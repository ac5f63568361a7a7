//! Which coverages speak on a date of service, and as what the child stands in them.

use jiff::civil::Date;

use crate::family::model::Coverage;
use crate::practice::rules::MemberIdScope;
use crate::reference::subscriber::Relationship;

impl Coverage {
    /// Whether it covers a date of service; first and last day count.
    #[must_use]
    pub fn is_active_on(&self, service_date: Date) -> bool {
        self.effective_from <= service_date && self.effective_to.is_none_or(|last| service_date <= last)
    }

    /// Whether the child is the subscriber of a claim (SBR02 18, no loop 2000C): the member id names the child alone, or the policy is
    /// the child's own. Else the child is a dependent. Age never decides it (domain.md 1.4).
    #[must_use]
    pub fn child_is_subscriber(&self) -> bool {
        self.member_id_scope == MemberIdScope::Person || self.relationship == Relationship::Itself
    }
}

/// The coverages that are active on a date of service, the primary one first. Of two with one rank the one that began later comes first:
/// a new plan that nobody ranked has taken the old one's place.
pub fn active_on<C: std::ops::Deref<Target = Coverage>>(coverages: &[C], service_date: Date) -> Vec<&C> {
    let mut active: Vec<&C> = coverages.iter().filter(|coverage| coverage.is_active_on(service_date)).collect();
    active.sort_by_key(|coverage| (coverage.rank, std::cmp::Reverse(coverage.effective_from)));
    active
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::{ChildId, CoverageId, PayerId};
    use crate::practice::model::Stored;
    use jiff::civil::date;

    fn coverage(id: i64, rank: u8, from: Date, to: Option<Date>) -> Stored<CoverageId, Coverage> {
        let facts = Coverage {
            child: ChildId(1),
            payer: PayerId(id),
            rank,
            member_id: "X1".into(),
            member_id_scope: MemberIdScope::Family,
            relationship: Relationship::Child,
            group_number: None,
            subscriber: None,
            effective_from: from,
            effective_to: to,
        };
        Stored { id: CoverageId(id), facts }
    }

    fn active_ids(coverages: &[Stored<CoverageId, Coverage>], on: Date) -> Vec<i64> {
        active_on(coverages, on).iter().map(|c| c.id.0).collect()
    }

    #[test]
    fn first_and_last_day_are_covered_and_the_days_around_them_are_not() {
        let year = [coverage(1, 1, date(2026, 1, 1), Some(date(2026, 12, 31)))];
        for (on, covered) in [(date(2025, 12, 31), false), (date(2026, 1, 1), true), (date(2026, 12, 31), true), (date(2027, 1, 1), false)]
        {
            assert_eq!(active_on(&year, on).len(), usize::from(covered), "{on}");
        }
    }

    #[test]
    fn coverages_come_in_the_order_of_their_rank_and_a_newer_plan_before_an_older_one() {
        let both = [
            coverage(1, 2, Coverage::SINCE_EVER, None),
            coverage(2, 1, date(2025, 1, 1), None),
            coverage(3, 1, date(2026, 7, 1), None),
            coverage(4, 3, date(2027, 1, 1), None),
        ];
        assert_eq!(active_ids(&both, date(2026, 6, 30)), [2, 1]);
        assert_eq!(active_ids(&both, date(2026, 7, 1)), [3, 2, 1]);
    }

    #[test]
    fn e010_a_member_id_of_the_childs_own_makes_the_child_the_subscriber() {
        let standing = |scope, relationship| {
            let facts = coverage(1, 1, Coverage::SINCE_EVER, None).facts;
            Coverage { member_id_scope: scope, relationship, ..facts }.child_is_subscriber()
        };
        assert!(standing(MemberIdScope::Person, Relationship::Child));
        assert!(standing(MemberIdScope::Family, Relationship::Itself));
        assert!(!standing(MemberIdScope::Family, Relationship::Child));
        assert!(!standing(MemberIdScope::Family, Relationship::Other));
    }
}

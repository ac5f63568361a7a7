//! Keyed draws: each depends on the seed and on what is drawn, never on what was drawn before. So a family is the same in any number
//! of families, and a visit the same in any range of days.

use std::fmt::Display;

use sha2::{Digest, Sha256};

/// A place in the tree of draws.
#[derive(Clone)]
pub(super) struct Draw(Sha256);

impl Draw {
    /// The root of a seed.
    pub fn new(seed: u64) -> Draw {
        Draw(Sha256::new().chain_update(seed.to_le_bytes()))
    }

    /// The place of a part: a family, a child, a day.
    pub fn of(&self, part: impl Display) -> Draw {
        Draw(self.0.clone().chain_update(part.to_string()).chain_update([0]))
    }

    /// A number below `bound`, which is above zero.
    pub fn below(&self, what: &str, bound: u32) -> u32 {
        let digest = self.0.clone().chain_update(what).finalize();
        let number = u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]);
        // The multiply-shift keeps what a remainder would skew.
        u32::try_from((u64::from(number) * u64::from(bound)) >> 32).unwrap_or_default()
    }

    /// Whether something happens that happens so many times in a thousand.
    pub fn chance(&self, what: &str, per_thousand: u32) -> bool {
        self.below(what, 1_000) < per_thousand
    }

    /// One of several; `items` is not empty.
    pub fn pick<T: Copy>(&self, what: &str, items: &[T]) -> T {
        items[usize::try_from(self.below(what, u32::try_from(items.len()).unwrap_or(u32::MAX))).unwrap_or_default()]
    }

    /// One of several by their weights; none when all weigh nothing.
    pub fn weighted<'a, T>(&self, what: &str, items: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let total: u32 = items.iter().map(&weight).sum();
        if total == 0 {
            return None;
        }
        let drawn = self.below(what, total);
        let mut up_to = 0;
        items.iter().find(|item| {
            up_to += weight(item);
            drawn < up_to
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_key_and_on_nothing_else() {
        let place = Draw::new(7).of("family").of(3);
        let first = place.below("children", 1_000_000);
        let _ = place.below("other", 10);
        assert_eq!(place.below("children", 1_000_000), first);
        assert_ne!(Draw::new(8).of("family").of(3).below("children", 1_000_000), first);
        assert_ne!(Draw::new(7).of("family").of(31).below("children", 1_000_000), first);
        assert_ne!(Draw::new(7).of("family3").below("children", 1_000_000), first);
    }

    #[test]
    fn draws_spread_as_their_shares_say() {
        let hits = (0..10_000).filter(|n| Draw::new(1).of(n).chance("x", 250)).count();
        assert!((2_300..2_700).contains(&hits), "{hits}");
        let items = [("a", 0), ("b", 3), ("c", 1)];
        let drawn: Vec<&str> = (0..1_000).filter_map(|n| Draw::new(1).of(n).weighted("x", &items, |i| i.1)).map(|i| i.0).collect();
        let count = |name: &str| drawn.iter().filter(|d| **d == name).count();
        assert_eq!((drawn.len(), count("a")), (1_000, 0));
        assert!((650..850).contains(&count("b")));
    }
}

//! Chance without order: every draw is a hash of what the service was, never of when or under which number it came.

use sha2::{Digest, Sha256};

/// What one service to one child is, as the payer sees it. The same service has the same key in any order, batch or restart, and under
/// any claim or control number; another seed gives another world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a list of texts; where one ends and the next begins counts.
    pub fn new<S: AsRef<[u8]>>(seed: u64, parts: impl IntoIterator<Item = S>) -> Key {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        for part in parts {
            let part = part.as_ref();
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Key(hash.finalize().into())
    }

    /// A number from 0 up to, not including, `bound` (at least 1), for the purpose that `label` names.
    #[must_use]
    pub fn below(&self, label: &str, bound: u64) -> u64 {
        let hash: [u8; 32] = Sha256::new().chain_update(self.0).chain_update(label).finalize().into();
        let number = hash.iter().take(8).fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        number % bound.max(1)
    }

    /// A number from `low` to `high`, both included.
    #[must_use]
    pub fn between(&self, label: &str, low: u32, high: u32) -> u32 {
        let width = u64::from(high.saturating_sub(low)) + 1;
        low.saturating_add(u32::try_from(self.below(label, width)).unwrap_or_default())
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&self, label: &str, list: &'a [T]) -> &'a T {
        let index = usize::try_from(self.below(label, list.len() as u64)).unwrap_or_default();
        &list[index]
    }

    /// Fifteen digits, for numbers that a payer gives out: a million of them collide with a chance of 1 in 2000.
    #[must_use]
    pub fn digits(&self, label: &str) -> String {
        format!("{:015}", self.below(label, 1_000_000_000_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_seed_parts_and_label_alone() {
        let key = Key::new(1, ["a", "bc"]);
        assert_eq!(key, Key::new(1, ["a", "bc"]));
        assert_eq!(key.below("x", 1000), Key::new(1, ["a", "bc"]).below("x", 1000));
        assert_ne!(key, Key::new(2, ["a", "bc"]));
        assert_ne!(key, Key::new(1, ["ab", "c"]));
        assert_ne!(key.digits("x"), key.digits("y"));
    }

    #[test]
    fn draws_stay_in_their_range_and_reach_both_ends() {
        let drawn: Vec<u32> = (0..200).map(|n| Key::new(n, ["a"]).between("lag", 7, 9)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&7), Some(&9)));
        assert_eq!(Key::new(1, ["a"]).between("lag", 5, 5), 5);
        assert_eq!(Key::new(1, ["a"]).below("x", 0), 0);
    }
}

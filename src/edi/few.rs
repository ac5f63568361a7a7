//! Lists that mostly hold one item or none: the dates, adjustments, references and amounts of a service line. A remittance of ten
//! thousand claims has half a million such lists, and an item that stands in its record needs no memory of its own.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A list whose only item stands in the list itself. Use it as a slice; make it with `collect()`, `into()` or [`Few::push`].
#[derive(Clone)]
pub struct Few<T>(Repr<T>);

#[derive(Clone)]
enum Repr<T> {
    None,
    One(T),
    More(Vec<T>),
}

impl<T> Few<T> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Few<T> {
        Few(Repr::None)
    }

    /// Appends an item.
    #[inline]
    pub fn push(&mut self, item: T) {
        match &mut self.0 {
            Repr::None => self.0 = Repr::One(item),
            Repr::More(items) => items.push(item),
            Repr::One(_) => self.push_second(item),
        }
    }

    #[cold]
    fn push_second(&mut self, item: T) {
        // Two, as of the practice's and the family's share, is the next most frequent length.
        let mut items = Vec::with_capacity(2);
        items.extend(std::mem::take(self));
        items.push(item);
        self.0 = Repr::More(items);
    }

    /// Removes all items.
    pub fn clear(&mut self) {
        self.0 = Repr::None;
    }
}

impl<T> Default for Few<T> {
    fn default() -> Few<T> {
        Few::new()
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Repr::None => &[],
            Repr::One(item) => std::slice::from_ref(item),
            Repr::More(items) => items,
        }
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Repr::None => &mut [],
            Repr::One(item) => std::slice::from_mut(item),
            Repr::More(items) => items,
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(items: Vec<T>) -> Few<T> {
        if items.len() > 1 { Few(Repr::More(items)) } else { items.into_iter().collect() }
    }
}

impl<T, const N: usize> From<[T; N]> for Few<T> {
    fn from(items: [T; N]) -> Few<T> {
        items.into_iter().collect()
    }
}

impl<T> From<Few<T>> for Vec<T> {
    fn from(few: Few<T>) -> Vec<T> {
        match few.0 {
            Repr::None => Vec::new(),
            Repr::One(item) => vec![item],
            Repr::More(items) => items,
        }
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Few<T> {
        let mut few = Few::new();
        few.extend(items);
        few
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = std::iter::Chain<std::option::IntoIter<T>, std::vec::IntoIter<T>>;
    fn into_iter(self) -> Self::IntoIter {
        let (one, more) = match self.0 {
            Repr::None => (None, Vec::new()),
            Repr::One(item) => (Some(item), Vec::new()),
            Repr::More(items) => (None, items),
        };
        one.into_iter().chain(more)
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Few<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;
    fn into_iter(self) -> std::slice::IterMut<'a, T> {
        self.iter_mut()
    }
}

impl<T: PartialEq<U>, U> PartialEq<Few<U>> for Few<T> {
    fn eq(&self, other: &Few<U>) -> bool {
        **self == **other
    }
}

impl<T: PartialEq<U>, U, const N: usize> PartialEq<[U; N]> for Few<T> {
    fn eq(&self, other: &[U; N]) -> bool {
        **self == *other
    }
}

impl<T: PartialEq<U>, U> PartialEq<Vec<U>> for Few<T> {
    fn eq(&self, other: &Vec<U>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Few<T> {}

impl<T: std::hash::Hash> std::hash::Hash for Few<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for Few<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Serialize> Serialize for Few<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Few<T>, D::Error> {
        Vec::deserialize(deserializer).map(Few::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_holds_its_items_in_order_however_many_they_are() {
        for count in 0..5_u32 {
            let expected: Vec<u32> = (0..count).collect();
            let mut few: Few<u32> = expected.iter().copied().collect();
            assert_eq!((few.len(), &*few), (expected.len(), &*expected));
            assert_eq!(few, Few::from(expected.clone()));
            assert_eq!(Vec::from(few.clone()), expected);
            assert!(few.clone().into_iter().eq(expected.clone()));
            few.iter_mut().for_each(|item| *item += 1);
            assert!(few.iter().eq(&(1..=count).collect::<Vec<_>>()));
            few.clear();
            assert!(few.is_empty());
        }
    }

    #[test]
    fn json_does_not_tell_it_from_a_vector() {
        for items in [vec![], vec![1], vec![1, 2, 3]] {
            let json = serde_json::to_string(&Few::from(items.clone())).unwrap();
            assert_eq!(json, serde_json::to_string(&items).unwrap());
            assert_eq!(serde_json::from_str::<Few<i32>>(&json).unwrap(), items);
        }
    }

    #[test]
    fn one_item_takes_no_more_room_than_a_vector_and_no_memory_elsewhere() {
        assert_eq!(size_of::<Few<[u64; 2]>>(), size_of::<Vec<u64>>());
    }
}

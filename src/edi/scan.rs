//! Where a segment ends and where its elements are separated, found in one look at each byte. Elements are a few bytes long: a search
//! that starts anew for each of them costs more than the looking, so eight bytes are compared at a time.

use memchr::memchr;

/// Separators are noted in one word, a bit for each byte: segments of the claims cycle are 25 bytes long on average.
pub(super) const NOTED: usize = 64;

/// A segment at the begin of some bytes.
pub(super) struct Scanned {
    /// Its length without terminator: all the bytes, when there is none.
    pub(super) length: usize,
    /// Where in its first [`NOTED`] bytes an element separator stands.
    pub(super) separators: u64,
}

/// Bytes compared at a time.
const WORD: usize = 8;

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Finds the terminator and the separators before it. Neither may be zero.
#[inline]
pub(super) fn scan(bytes: &[u8], element: u8, terminator: u8) -> Scanned {
    let (element, terminator_word) = (splat(element), splat(terminator));
    let mut separators = 0;
    let mut at = 0;
    while at < NOTED {
        let word = word(&bytes[at..]);
        let (ends, between) = (equal(word, terminator_word), equal(word, element));
        if ends != 0 {
            // What stands before the lowest bit set.
            let before = between & (ends ^ (ends - 1));
            return Scanned { length: at + ends.trailing_zeros() as usize / 8, separators: separators | gather(before) << at };
        }
        separators |= gather(between) << at;
        at += WORD;
        if at >= bytes.len() {
            return Scanned { length: bytes.len(), separators };
        }
    }
    Scanned { length: memchr(terminator, &bytes[at..]).map_or(bytes.len(), |more| at + more), separators }
}

/// The places of the terminators in some bytes, from `from` on.
pub(super) struct Terminators<'a> {
    words: std::slice::Iter<'a, [u8; WORD]>,
    /// What is left after whole words; none when it was looked at.
    rest: Option<&'a [u8]>,
    /// Where the next word is read.
    at: usize,
    terminator: u64,
    /// Those of the last word not yet given.
    found: u64,
}

impl<'a> Terminators<'a> {
    pub(super) fn new(bytes: &'a [u8], from: usize, terminator: u8) -> Terminators<'a> {
        let (words, rest) = bytes.get(from..).unwrap_or_default().as_chunks();
        Terminators { words: words.iter(), rest: Some(rest), at: from, terminator: splat(terminator), found: 0 }
    }
}

impl Iterator for Terminators<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            let word = match self.words.next() {
                Some(chunk) => u64::from_le_bytes(*chunk),
                None => word(self.rest.take()?),
            };
            self.found = equal(word, self.terminator);
            self.at += WORD;
        }
        let lowest = self.found.trailing_zeros() as usize / 8;
        self.found &= self.found - 1;
        Some(self.at - WORD + lowest)
    }
}

/// The first eight bytes; zeros for those that are not there.
#[inline]
fn word(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<WORD>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => {
            let mut chunk = [0; WORD];
            chunk[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(chunk)
        }
    }
}

/// Where an element separator stands in the first [`NOTED`] bytes of a segment whose end is known.
pub(super) fn separators(segment: &[u8], element: u8) -> u64 {
    segment.iter().take(NOTED).enumerate().fold(0, |noted, (at, &byte)| noted | u64::from(byte == element) << at)
}

const fn splat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; WORD])
}

/// The highest bit of each byte that is the same in both words. Exact: no carry crosses from one byte to the next.
#[inline]
const fn equal(a: u64, b: u64) -> u64 {
    let differ = a ^ b;
    !(((differ & !HIGH) + !HIGH) | differ) & HIGH
}

/// The highest bits of the eight bytes, as one byte.
#[inline]
const fn gather(bits: u64) -> u64 {
    // Each factor's bit moves one of the eight to its place in the top byte; no two of the products meet.
    (bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_segment_ends_before_its_terminator_or_with_the_bytes() {
        for (bytes, length, separators) in
            [(&b""[..], 0, 0), (b"~", 0, 0), (b"SE~", 2, 0), (b"LX*1~LX*2~", 4, 0b100), (b"SE*41*0001", 10, 0b100100), (b"LX*1", 4, 0b100)]
        {
            let found = scan(bytes, b'*', b'~');
            assert_eq!((found.length, found.separators), (length, separators), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn the_scan_finds_what_a_look_at_each_byte_finds(bytes in prop::collection::vec(prop::sample::select(b"*~A+\xaa\x00\x7f".to_vec()), 0..150), rare: bool) {
            let terminator = if rare { b'\x7f' } else { b'~' };
            let found = scan(&bytes, b'*', terminator);
            let length = bytes.iter().position(|&b| b == terminator).unwrap_or(bytes.len());
            let separators = (0..length.min(NOTED)).filter(|&i| bytes[i] == b'*').fold(0, |bits, i| bits | 1 << i);
            prop_assert_eq!((found.length, found.separators), (length, separators));
            prop_assert!(Terminators::new(&bytes, 3, terminator).eq((3..bytes.len()).filter(|&at| bytes[at] == terminator)));
            prop_assert_eq!(super::separators(&bytes[..length], b'*'), separators);
        }
    }
}

//! Bytes of elements become values.

use crate::edi::Segment;
use crate::edi::charset::decode;
use crate::edi::remittance_835::{Code, Procedure};
use crate::platform::phi::Phi;

/// The identifier of a segment, looked for no further than the three bytes it may have.
pub fn id<'a>(s: &Segment<'a>) -> &'a [u8] {
    let raw = s.raw();
    let start = &raw[..raw.len().min(4)];
    start.iter().position(|&byte| byte == s.delimiters().element).map_or(start, |end| &raw[..end])
}

/// SVC01 or SVC06; none when empty. Also tells whether every filled component has a place in it.
pub(crate) fn procedure(element: &[u8], component: u8) -> Option<(Procedure, bool)> {
    if element.is_empty() {
        return None;
    }
    let mut parts = element.split(|&byte| byte == component);
    let mut next = || parts.next().unwrap_or_default();
    let (qualifier, code_itself) = (code(next()), code(next()));
    let mut modifiers = Vec::new();
    for modifier in [next(), next(), next(), next()].into_iter().filter_map(opt_code) {
        push(&mut modifiers, modifier);
    }
    let description = opt(next());
    Some((Procedure { qualifier, code: code_itself, modifiers, description }, parts.all(<[u8]>::is_empty)))
}

pub fn text(bytes: &[u8]) -> String {
    decode(bytes).into_owned()
}

pub fn code(bytes: &[u8]) -> Code {
    Code::from(&*decode(bytes))
}

pub fn opt_code(bytes: &[u8]) -> Option<Code> {
    (!bytes.is_empty()).then(|| code(bytes))
}

/// Appends; a list gets room for one at first and for more when more come. Most lists of a claim hold one, and there are many.
pub fn push<T>(list: &mut Vec<T>, item: T) {
    if list.capacity() == 0 {
        list.reserve_exact(1);
    }
    list.push(item);
}

pub fn opt(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty()).then(|| text(bytes))
}

pub fn phi(bytes: &[u8]) -> Option<Phi<String>> {
    opt(bytes).map(Phi::new)
}

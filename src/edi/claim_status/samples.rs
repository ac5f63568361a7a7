//! The files of `edi-samples/276` and `edi-samples/277`, for the tests of this module.

use super::{StatusRequest, StatusResponse, read_276, read_277};
use crate::edi::claim_837p::samples::sets;

/// Declares the samples of a folder: a constant a file, and all of them.
macro_rules! samples {
    ($all:ident, $folder:literal, $($name:ident = $file:literal,)*) => {
        $(pub(super) const $name: &str = include_str!(concat!("../../../edi-samples/", $folder, "/", $file));)*
        pub(super) const $all: &[&str] = &[$($name),*];
    };
}

samples! {
    REQUESTS, "276",
    CLAIM_OF_A_SUBSCRIBER = "claim-of-a-subscriber.edi",
    LINE_OF_A_DEPENDENT = "line-of-a-dependent.edi",
}

samples! {
    RESPONSES, "277",
    PAID = "paid.edi",
    DENIED = "denied.edi",
    PENDING = "pending.edi",
    CLAIM_NOT_FOUND = "claim-not-found.edi",
    PROVIDER_NOT_KNOWN = "provider-not-known.edi",
    PAYER_UNAVAILABLE = "payer-unavailable.edi",
}

/// A 276 that must be read without findings.
pub(super) fn request(file: &str) -> StatusRequest {
    let (request, findings) = read_276(&sets(file.as_bytes())[0]);
    assert_eq!(findings, []);
    request
}

/// A 277 that must be read without findings.
pub(super) fn response(file: &str) -> StatusResponse {
    let (response, findings) = read_277(&sets(file.as_bytes())[0]);
    assert_eq!(findings, []);
    response
}

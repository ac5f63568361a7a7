//! The files of `edi-samples/276` and `edi-samples/277`, for the tests of this module.

use super::{StatusRequest, StatusResponse, read_276, read_277};
use crate::edi::inquiry::samples::{first, samples};

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
    let (request, findings) = read_276(&first(file));
    assert_eq!(findings, []);
    request
}

/// A 277 that must be read without findings.
pub(super) fn response(file: &str) -> StatusResponse {
    let (response, findings) = read_277(&first(file));
    assert_eq!(findings, []);
    response
}

//! The files of `edi-samples/276` and `edi-samples/277`, for the tests of this module.

use super::{
    REQUEST_FUNCTIONAL_ID, RESPONSE_FUNCTIONAL_ID, StatusRequest, StatusResponse, VERSION, read_276, read_277, write_276, write_277,
};
use crate::edi::inquiry::samples::{Transaction, samples};

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

/// A 276.
pub(super) const REQUEST: Transaction<StatusRequest> =
    Transaction { sample: PAID, functional_id: REQUEST_FUNCTIONAL_ID, version: VERSION, read: read_276, write: write_276 };

/// A 277.
pub(super) const RESPONSE: Transaction<StatusResponse> =
    Transaction { sample: PAID, functional_id: RESPONSE_FUNCTIONAL_ID, version: VERSION, read: read_277, write: write_277 };

/// A 276 that must be read without findings.
pub(super) fn request(file: &str) -> StatusRequest {
    REQUEST.of(file)
}

/// A 277 that must be read without findings.
pub(super) fn response(file: &str) -> StatusResponse {
    RESPONSE.of(file)
}

//! The files of `edi-samples/270` and `edi-samples/271`, for the tests of this module.

use super::{
    EligibilityRequest, EligibilityResponse, REQUEST_FUNCTIONAL_ID, RESPONSE_FUNCTIONAL_ID, VERSION, read_270, read_271, write_270,
    write_271,
};
use crate::edi::inquiry::samples::{Transaction, samples};

samples! {
    REQUESTS, "270",
    CHILD_AS_SUBSCRIBER = "child-as-subscriber.edi",
    CHILD_AS_DEPENDENT = "child-as-dependent.edi",
    TWINS = "twins.edi",
    PROCEDURE_AND_AUTHORIZATION = "procedure-and-authorization.edi",
}

samples! {
    RESPONSES, "271",
    ACTIVE = "active-copay-deductible.edi",
    INACTIVE = "inactive.edi",
    MEMBER_NOT_FOUND = "member-not-found.edi",
    NEWBORN_NOT_FOUND = "newborn-not-found.edi",
    OTHER_PAYERS = "other-payers.edi",
    MANAGED_CARE = "medicaid-managed-care.edi",
    PAYER_UNAVAILABLE = "payer-unavailable.edi",
    PROVIDER_NOT_KNOWN = "provider-not-known.edi",
}

/// A 270.
pub(super) const REQUEST: Transaction<EligibilityRequest> =
    Transaction { sample: ACTIVE, functional_id: REQUEST_FUNCTIONAL_ID, version: VERSION, read: read_270, write: write_270 };

/// A 271.
pub(super) const RESPONSE: Transaction<EligibilityResponse> =
    Transaction { sample: ACTIVE, functional_id: RESPONSE_FUNCTIONAL_ID, version: VERSION, read: read_271, write: write_271 };

/// A 270 that must be read without findings.
pub(super) fn request(file: &str) -> EligibilityRequest {
    REQUEST.of(file)
}

/// A 271 that must be read without findings.
pub(super) fn response(file: &str) -> EligibilityResponse {
    RESPONSE.of(file)
}

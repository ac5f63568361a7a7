//! pediclaim

/// The ground everything stands on.
pub mod platform;

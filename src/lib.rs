//! pediclaim

#![allow(missing_docs)]
pub mod app;
pub mod clearinghouse;
pub mod edi;
pub mod family;
pub mod pediatrics;
pub mod platform;
pub mod practice;
pub mod reference;
pub mod revenue_cycle;
pub mod command;
pub mod demo;

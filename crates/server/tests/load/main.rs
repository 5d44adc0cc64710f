//! Crowds: a thousand who come at once, and some who mean no good. Nobody else is harmed.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod floods;
mod site;
mod storms;

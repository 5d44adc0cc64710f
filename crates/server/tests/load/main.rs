//! Crowds: a thousand who come at once, and some who mean no good. Nobody else is harmed.

mod floods;
mod site;
mod storms;

//! Each construct of WBXML read and written, each fault noted, nothing fatal.

#[path = "../common/mod.rs"]
mod common;
mod reading;
mod writing;

//! The command line as its users meet it: exit codes, messages and files, of the built binary.
//!
//! Whether cases are judged rightly is not asked here; `conform` does that, case by case.

mod built_in;
mod decode;
mod encode;
mod hostile;
mod lifetime;
mod reports;
mod roles;
mod target;
mod tool;
mod usage;
mod windows;

//! What is tested, as data: the model of suites and profiles, their loader and their linter.

pub mod basis;
pub mod profile;
pub mod step;
pub mod suite;
pub mod yaml;

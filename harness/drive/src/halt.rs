//! Why a case run does not go on. Who stops it, and what becomes of the case, is decided elsewhere.

use crate::template;

/// Why a case run does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// An earlier answer, or the profile, lacks what the step needs.
    Stuck(String),
    /// The recorder has said why: nothing answers any more.
    Over,
}

impl From<String> for Halt {
    fn from(why: String) -> Self {
        Self::Stuck(why)
    }
}

impl From<template::BadTemplate> for Halt {
    fn from(why: template::BadTemplate) -> Self {
        Self::Stuck(why.to_string())
    }
}

//! What the agent sends: each verb and option, and the whole cycle, against a server that answers
//! from a script.
//!
//! The script knows no protocol, so that nothing here rests on a server that is right.

mod cycle;
mod downloads;
mod hostile;
mod memory;
mod polls;
mod reports;
mod script;
mod sending;

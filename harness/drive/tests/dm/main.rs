//! What the device sends: each verb and option against a server that answers from a script.
//!
//! The script knows no protocol, so that nothing here rests on a server that is right.

mod answers;
mod credentials;
mod options;
mod packages;
mod proofs;
mod script;
mod sending;

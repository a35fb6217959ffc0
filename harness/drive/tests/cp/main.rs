//! What the harness does where it is pushed to: by scripted servers over every carrier, whole and
//! broken, and as a push initiator.

mod floods;
mod pap;
mod peer;
mod routing;
mod script;
mod short;
mod submitting;

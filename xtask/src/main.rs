//! Seat.
fn main() {}

//! Recordings made by hand, and what judging them comes to.

mod monitors;
mod rules;
mod tape;

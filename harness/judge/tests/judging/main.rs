//! Recordings made by hand, and what judging them comes to.

mod answers;
mod cp;
mod evidence;
mod hostile;
mod monitors;
mod pull;
mod rules;
mod steps;
mod subjects;
mod tape;

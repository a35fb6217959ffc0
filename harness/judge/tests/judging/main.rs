//! Recordings made by hand, and what judging them comes to.

mod cp;
mod answers;
mod evidence;
mod hostile;
mod monitors;
mod pull;
mod rules;
mod steps;
mod subjects;
mod tape;

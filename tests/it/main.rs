//! Everything that needs more than one room.

mod trackers;

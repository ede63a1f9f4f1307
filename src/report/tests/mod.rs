//! What the room gives out, whole.

mod checked;
mod contract;
mod hostile;
mod looks;
mod page;
mod parsed;
mod properties;
mod rows;
mod sample;
mod told;
mod world;

//! Everything that goes out passes here: one TLS stack, bounded and repeated with care, credentials kept to their hosts.
//!
//! What holds for every request: no redirect is followed unseen, no body grows without bound, nothing waits for
//! ever, a credential never leaves its own origin, and what went wrong is said with the address it went wrong at.

mod allowance;
mod client;
mod fault;
mod gate;
mod limits;
mod outside;
mod pass;
mod reply;
mod traffic;

pub use client::{Call, Client, ClientError, Weight};
pub use fault::Fault;
pub use gate::{AT_ONCE, Gate, Gates, WHOLE};
pub use limits::Limits;
pub use outside::{Outside, Seen};
pub use pass::{Pass, PassError};
pub use reply::Reply;
pub use traffic::{Counts, Traffic};

//! Which tickets to ask for, in which order.

//! One whole pass, on one page.

//! Judging many alike things on every processor, where that is worth it.

use crate::domain::shares;

/// So many things a thread takes at a time.
const SHARE: usize = 64;
/// Fewer things are not worth a thread: those of a portion are not, of which several are judged at once already.
const FEW: usize = 500;

/// What `of` makes of each thing, in their order.
pub(super) fn each<T: Sync, R: Send>(things: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if things.len() <= FEW { things.iter().map(of).collect() } else { shares::each(things, SHARE, of) }
}

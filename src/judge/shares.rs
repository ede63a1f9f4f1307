//! Work on many alike things, on every processor.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// Fewer things are not worth a thread.
const SHARE: usize = 500;

/// What `of` makes of each thing, in their order.
pub(super) fn each<T: Sync, R: Send>(things: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if things.len() <= SHARE {
        return things.iter().map(of).collect();
    }
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let share = things.len().div_ceil(processors).max(SHARE);
    let of = &of;
    thread::scope(|scope| {
        // A share of them is for this thread.
        let mut shares = things.chunks(share);
        let own = shares.next().unwrap_or_default();
        let others: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(of).collect::<Vec<_>>())).collect();
        let mut made = Vec::with_capacity(things.len());
        made.extend(own.iter().map(of));
        for share in others {
            made.extend(share.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn what_is_made_of_each_comes_in_their_order() {
        for count in [0, 1, 499, 500, 501, 1_000, 1_001, 12_345] {
            let things: Vec<usize> = (0..count).collect();
            assert_eq!(each(&things, |thing| thing * 2), things.iter().map(|thing| thing * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    #[should_panic(expected = "of 1234")]
    fn who_panics_is_heard() {
        each(&(0..2_000).collect::<Vec<_>>(), |thing| assert!(*thing != 1234, "of {thing}"));
    }
}

//! Work on many alike things, on every processor.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `of` makes of each thing, in their order. A thread takes so many at a time as a `share` says, and whoever is ready
/// earlier takes the next: one thing may take as long as many others. Panics where `of` does.
pub fn each<T: Sync, R: Send>(things: &[T], share: usize, of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let nths = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        let shares = nths.map_while(|nth| Some((nth, things.chunks(share).nth(nth)?)));
        shares.map(|(nth, share)| (nth, share.iter().map(&of).collect::<Vec<_>>())).collect::<Vec<_>>()
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let mut made = thread::scope(|scope| {
        // This thread works as well.
        let others: Vec<_> = (1..processors.min(things.len().div_ceil(share))).map(|_| scope.spawn(work)).collect();
        let mut made = work();
        for other in others {
            made.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        made
    });
    made.sort_unstable_by_key(|(nth, _)| *nth);
    made.into_iter().flat_map(|(_, share)| share).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn what_is_made_of_each_comes_in_their_order() {
        for count in [0, 1, 2, 63, 64, 65, 128, 12_345] {
            let things: Vec<usize> = (0..count).collect();
            let expected: Vec<usize> = things.iter().map(|thing| thing * 2).collect();
            for share in [1, 64] {
                assert_eq!(each(&things, share, |thing| thing * 2), expected, "{count} things, {share} at a time");
            }
        }
    }

    #[test]
    #[should_panic(expected = "of 1234")]
    fn who_panics_is_heard() {
        each(&(0..2_000).collect::<Vec<_>>(), 64, |thing| assert!(*thing != 1234, "of {thing}"));
    }
}

//! Work on many alike things, on every processor.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// So many things a thread takes at a time: one may take as long as many others, and whoever is ready earlier takes more.
const SHARE: usize = 64;
/// Fewer things are not worth a thread: those of a portion are not, of which several are judged at once already.
const FEW: usize = 500;

/// What `of` makes of each thing, in their order.
pub(super) fn each<T: Sync, R: Send>(things: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if things.len() <= FEW {
        return things.iter().map(of).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let nths = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        let shares = nths.map_while(|nth| Some((nth, things.chunks(SHARE).nth(nth)?)));
        shares.map(|(nth, share)| (nth, share.iter().map(&of).collect::<Vec<_>>())).collect::<Vec<_>>()
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let mut made = thread::scope(|scope| {
        // This thread works as well.
        let others: Vec<_> = (1..processors.min(things.len().div_ceil(SHARE))).map(|_| scope.spawn(work)).collect();
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
        for count in [0, 1, 499, 500, 501, 576, 577, 12_345] {
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

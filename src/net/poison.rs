//! The poison guard (fault 33): which messages were being worked on when the process died, kept by those who outlive it.
//!
//! [`Memory`] lies in memory that the parent process and its worker share, never on disk, and holds hashes alone, keyed
//! anew by each parent. Each thread of the worker has one mark: the message it works on at this moment, so that at most
//! one innocent message for each other thread falls under suspicion. When the worker dies by a signal the parent turns
//! the marks into suspects ([`Memory::worker_died`]). A suspect that passes is forgotten, as is any after 25 hours.
//! No locks: a worker may die at any instruction.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::transit::{Guard, Identity};

/// What parent and worker share. All zero is how it begins.
#[derive(Debug)]
#[repr(C)]
pub struct Memory {
    /// Workers that died by a signal.
    deaths: AtomicU64,
    /// The last of those signals.
    signal: AtomicU32,
    /// Places of `suspects` in use: 0 spares everybody the search.
    suspected: AtomicU32,
    /// What each thread works on; 0: nothing.
    marks: [AtomicU64; THREADS],
    suspects: [Suspect; SUSPECTS],
}

#[derive(Debug)]
#[repr(C)]
struct Suspect {
    /// 0: free.
    hash: AtomicU64,
    /// Of the last death, unix time in seconds.
    since_seconds: AtomicU64,
    /// How much speaks against it; see [`weight`].
    weight: AtomicU64,
}

/// The worker's view: the memory, and the key of the hashes.
#[derive(Debug, Clone)]
pub struct Poison {
    memory: &'static Memory,
    key: RandomState,
}

/// The last death, for the worker that comes after it to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Death {
    /// Deaths since the parent began.
    count: u64,
    pub signal: u32,
    pub suspects: u32,
}

impl Death {
    pub fn count(self) -> u64 {
        self.count
    }
}

impl Memory {
    /// For the parent: what the worker was working on when this signal ended it is suspected from now on.
    pub fn worker_died(&self, signal: u32, now_seconds: u64) {
        self.signal.store(signal, Ordering::Relaxed);
        self.deaths.fetch_add(1, Ordering::Relaxed);
        for mark in &self.marks {
            let hash = mark.swap(0, Ordering::Relaxed);
            if hash != 0 {
                self.suspect(hash, weight(signal), now_seconds);
            }
        }
        let in_use = self.suspects.iter().filter(|suspect| suspect.hash.load(Ordering::Relaxed) != 0).count();
        self.suspected.store(u32::try_from(in_use).unwrap_or(u32::MAX), Ordering::Release);
    }

    fn suspect(&self, hash: u64, weight: u64, now_seconds: u64) {
        let known = self.suspects.iter().find(|suspect| suspect.hash.load(Ordering::Relaxed) == hash);
        // A free place has no time; else the oldest goes.
        let place = known.or_else(|| self.suspects.iter().min_by_key(|one| one.since_seconds.load(Ordering::Relaxed)));
        let Some(place) = place else { return };
        let before = if known.is_some() { place.weight.load(Ordering::Relaxed) } else { 0 };
        place.hash.store(hash, Ordering::Relaxed);
        place.weight.store(before.saturating_add(weight), Ordering::Relaxed);
        place.since_seconds.store(now_seconds.max(1), Ordering::Relaxed);
    }

    fn is_condemned(&self, hash: u64, now_seconds: u64) -> bool {
        self.suspected.load(Ordering::Acquire) > 0
            && self.suspects.iter().any(|suspect| {
                suspect.hash.load(Ordering::Relaxed) == hash
                    && suspect.weight.load(Ordering::Relaxed) >= ENOUGH
                    && now_seconds.saturating_sub(suspect.since_seconds.load(Ordering::Relaxed)) < REMEMBERED_SECONDS
            })
    }

    fn forget(&self, hash: u64) {
        for suspect in self.suspects.iter().filter(|suspect| suspect.hash.load(Ordering::Relaxed) == hash) {
            suspect.hash.store(0, Ordering::Relaxed);
            suspect.weight.store(0, Ordering::Relaxed);
            suspect.since_seconds.store(0, Ordering::Relaxed);
            self.suspected.fetch_sub(1, Ordering::Release);
        }
    }
}

impl Poison {
    pub fn new(memory: &'static Memory, key: RandomState) -> Poison {
        Poison { memory, key }
    }

    /// The death before this worker, if there was one.
    pub fn last_death(&self) -> Option<Death> {
        let count = self.memory.deaths.load(Ordering::Relaxed);
        let signal = self.memory.signal.load(Ordering::Relaxed);
        let suspects = self.memory.suspected.load(Ordering::Relaxed);
        (count > 0).then_some(Death { count, signal, suspects })
    }

    /// This thread works on the message that had this mark from now on; 0 for one that has none yet.
    pub fn begin_work(&self, mark: u64) {
        self.mark(mark);
    }

    /// This thread leaves its message alone for now. Gives its mark, for the next time.
    pub fn end_work(&self) -> u64 {
        self.of_thread().map_or(0, |mark| mark.swap(0, Ordering::Relaxed))
    }

    fn mark(&self, hash: u64) {
        if let Some(mark) = self.of_thread() {
            // Nothing that follows may be seen before it.
            mark.store(hash, Ordering::SeqCst);
        }
    }

    /// The mark of this thread; `None` where there are too many threads.
    fn of_thread(&self) -> Option<&AtomicU64> {
        let number = NUMBER.with(|number| match number.get() {
            Some(known) => known,
            None => {
                let new = NEXT.fetch_add(1, Ordering::Relaxed);
                number.set(Some(new));
                new
            }
        });
        self.memory.marks.get(number)
    }

    fn hash(&self, message: &Identity<'_>) -> u64 {
        // 0 says that there is none.
        self.key.hash_one(message).max(1)
    }
}

impl Guard for Poison {
    fn died_on(&self, message: &Identity<'_>) -> bool {
        let hash = self.hash(message);
        self.mark(hash);
        self.memory.is_condemned(hash, now_seconds())
    }

    fn passed(&self, message: &Identity<'_>) {
        self.memory.forget(self.hash(message));
    }
}

/// How much a death by this signal speaks against a message. A kill may come from anybody, or for want of memory that
/// others took: it takes two of them. Whatever else ends a process was done by the thread that had the mark.
fn weight(signal: u32) -> u64 {
    const SIGKILL: u32 = 9;
    if signal == SIGKILL { 1 } else { ENOUGH }
}

/// Unix time.
pub fn now_seconds() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

thread_local! {
    static NUMBER: Cell<Option<usize>> = const { Cell::new(None) };
}
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Threads that work on messages: one a core.
const THREADS: usize = 1024;
const SUSPECTS: usize = 1024;
const ENOUGH: u64 = 2;
/// Longer than Exchange Online tries.
const REMEMBERED_SECONDS: u64 = 25 * 3600;

#[cfg(test)]
mod tests {
    use super::*;

    fn poison() -> Poison {
        let suspect =
            || Suspect { hash: AtomicU64::new(0), since_seconds: AtomicU64::new(0), weight: AtomicU64::new(0) };
        let memory = Memory {
            deaths: AtomicU64::new(0),
            signal: AtomicU32::new(0),
            suspected: AtomicU32::new(0),
            marks: [const { AtomicU64::new(0) }; THREADS],
            suspects: std::array::from_fn(|_| suspect()),
        };
        Poison::new(Box::leak(Box::new(memory)), RandomState::new())
    }

    fn by_header<'a>(id: &'a [u8]) -> Identity<'a> {
        Identity::Header { sender: "ada@contoso.example", message_id: Some(id), date: None, from: None }
    }

    #[test]
    fn the_message_in_hand_at_a_crash_is_suspected_and_no_other() {
        let poison = poison();
        let (first, second) = (by_header(b"<1@contoso.example>"), by_header(b"<2@contoso.example>"));
        poison.begin_work(0);
        assert!(!poison.died_on(&first));
        let mark = poison.end_work();
        poison.begin_work(0);
        assert!(!poison.died_on(&Identity::Envelope { sender: "ada@contoso.example", octets: Some(7) }));
        assert!(!poison.died_on(&second));
        assert_eq!(poison.last_death(), None);
        poison.memory.worker_died(6, now_seconds());
        assert_eq!(poison.last_death(), Some(Death { count: 1, signal: 6, suspects: 1 }));
        assert!(poison.died_on(&second));
        assert!(!poison.died_on(&first));
        assert!(!poison.died_on(&Identity::Envelope { sender: "ada@contoso.example", octets: Some(7) }));
        // Another hand has another key.
        let other = Poison::new(poison.memory, RandomState::new());
        assert!(!other.died_on(&second));
        // It works on the first again, which kills it too; the second passes and is forgotten.
        poison.begin_work(mark);
        poison.memory.worker_died(11, now_seconds());
        assert!(poison.died_on(&first) && poison.died_on(&second));
        poison.passed(&second);
        assert!(poison.died_on(&first) && !poison.died_on(&second));
        poison.passed(&first);
        assert!(!poison.died_on(&first));
        assert_eq!(poison.memory.suspected.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_kill_counts_half_and_time_heals() {
        let poison = poison();
        let message = by_header(b"<1@contoso.example>");
        for (deaths, condemned) in [(1, false), (2, true)] {
            poison.died_on(&message);
            poison.memory.worker_died(9, 1_000_000);
            let hash = poison.hash(&message);
            assert_eq!(poison.memory.is_condemned(hash, 1_000_000), condemned, "after {deaths}");
            assert!(!poison.memory.is_condemned(hash, 1_000_000 + REMEMBERED_SECONDS));
        }
    }

    #[test]
    fn threads_have_marks_of_their_own_and_the_table_keeps_the_newest() {
        let poison = poison();
        let all: Vec<u64> = (1..=2000).collect();
        for chunk in all.chunks(50) {
            std::thread::scope(|scope| {
                let marks: Vec<_> = chunk
                    .iter()
                    .map(|&hash| {
                        scope.spawn({
                            let poison = poison.clone();
                            move || poison.begin_work(hash)
                        })
                    })
                    .collect();
                for mark in marks {
                    assert!(mark.join().is_ok());
                }
            });
            poison.memory.worker_died(11, chunk[0]);
        }
        // The numbers of threads go up to 2000: those beyond the table had no mark.
        let known = |hash: u64| poison.memory.is_condemned(hash, hash);
        assert!(all.iter().filter(|&&hash| known(hash)).count() <= SUSPECTS);
        for hash in 1..=3 * u64::try_from(SUSPECTS).unwrap_or_default() {
            poison.memory.suspect(hash, ENOUGH, hash);
        }
        let newest = u64::try_from(2 * SUSPECTS).unwrap_or_default()..=u64::try_from(3 * SUSPECTS).unwrap_or_default();
        assert_eq!(newest.clone().filter(|&hash| known(hash)).count(), SUSPECTS);
    }
}

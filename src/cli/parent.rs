//! The parent of a running edge: it outlives a worker that dies, and remembers on what it died.
//!
//! `signet run` becomes two processes by one `fork`, before there is a second thread: the parent, which holds no mail,
//! opens no file and does nothing but wait, and the worker, which does everything else. A worker that a signal or a
//! panic ended is replaced, at once the first time and then after a growing pause; its exit code is the program's.
//! Signals are handed on. The worker dies with its parent. As process 1 of a container the parent also takes in whoever
//! has lost his own. All calls of the operating system for this, and so all unsafe code of it, are in this file.
//!
//! Fork without exec was chosen over starting the program anew with a descriptor: it needs no name for the shared
//! memory, no hidden argument and no /proc, and a new worker is of the same version as the one that died.

use std::hash::RandomState;
use std::io;
use std::mem::MaybeUninit;
use std::ptr;
use std::time::{Duration, Instant};

use signet::net::poison::{Memory, Poison, now_seconds};

use super::Failure;

/// Who this process is after [`split`].
pub(super) enum Role {
    Worker(Poison),
    /// The last worker's end.
    Parent(End),
}

/// How it ended for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Code(u8),
    /// By a signal, after we were told to end.
    Signal(u8),
}

/// How one worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    Code(i32),
    Signal(i32),
}

/// Becomes parent and worker. The parent comes back when it is over; the worker at once, each time one is started.
///
/// # Errors
/// The operating system has no memory or no process for us.
pub(super) fn split() -> Result<Role, Failure> {
    let memory = shared_memory().map_err(Failure::new)?;
    let key = RandomState::new();
    let signals = Signals::hold().map_err(Failure::new)?;
    let mut pause = Duration::ZERO;
    // SAFETY: the call takes nothing and gives a plain number.
    let parent = unsafe { libc::getpid() };
    loop {
        let began = Instant::now();
        // SAFETY: the process has one thread, so the child has all of it.
        let worker = match unsafe { libc::fork() } {
            -1 => return Err(Failure::new(io::Error::last_os_error())),
            0 => {
                die_with(parent);
                signals.let_go();
                return Ok(Role::Worker(Poison::new(memory, key)));
            }
            worker => worker,
        };
        let (death, told_to_end) = signals.watch(worker);
        match death {
            Death::Code(code) if code != i32::from(PANICKED) || told_to_end => {
                return Ok(Role::Parent(End::of_code(code)));
            }
            Death::Signal(signal) if told_to_end => return Ok(Role::Parent(End::of_signal(signal))),
            Death::Code(_) => memory.worker_died(libc::SIGABRT.unsigned_abs(), now_seconds()),
            Death::Signal(signal) => memory.worker_died(signal.unsigned_abs(), now_seconds()),
        }
        if began.elapsed() > STEADY {
            pause = Duration::ZERO;
        }
        if signals.told_to_end_within(pause) {
            return Ok(Role::Parent(End::Code(0)));
        }
        pause = (pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
    }
}

impl End {
    fn of_code(code: i32) -> End {
        End::Code(u8::try_from(code).unwrap_or(super::FAILED))
    }

    fn of_signal(signal: i32) -> End {
        End::Signal(u8::try_from(signal).unwrap_or(super::FAILED))
    }

    /// The exit code of the program: a signal as shells tell it.
    pub(super) fn code(self) -> u8 {
        match self {
            End::Code(code) => code,
            End::Signal(signal) => signal.saturating_add(128),
        }
    }
}

/// Zeroed memory that children share with us and that has no name.
fn shared_memory() -> io::Result<&'static Memory> {
    // SAFETY: a new mapping, of nobody else's; it is never taken away, is large and aligned enough, and zero is a value
    // of the atomic integers that `Memory` is made of.
    unsafe {
        let mapped = libc::mmap(
            ptr::null_mut(),
            size_of::<Memory>(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        if mapped == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(&*mapped.cast::<Memory>()) }
    }
}

/// Nobody would stop or replace a worker without a parent.
fn die_with(parent: libc::pid_t) {
    // SAFETY: the calls take and give plain numbers. The parent may have died before the first of them.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0);
        if libc::getppid() != parent {
            libc::_exit(i32::from(super::FAILED));
        }
    }
}

/// The signals that the parent waits for, held back so that none is lost between two waits.
struct Signals {
    set: libc::sigset_t,
    before: libc::sigset_t,
}

impl Signals {
    fn hold() -> io::Result<Signals> {
        let (mut set, mut before) = (MaybeUninit::uninit(), MaybeUninit::uninit());
        // SAFETY: both sets are made by the calls before they are read.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            for signal in [libc::SIGCHLD].into_iter().chain(HANDED_ON) {
                libc::sigaddset(set.as_mut_ptr(), signal);
            }
            if libc::sigprocmask(libc::SIG_BLOCK, set.as_ptr(), before.as_mut_ptr()) != 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(Signals { set: set.assume_init(), before: before.assume_init() })
        }
    }

    /// For the worker, who will have handlers of its own. Until then a wish to reload must not end it.
    fn let_go(&self) {
        // SAFETY: the set was made by `hold`; no function of ours is called by a signal.
        unsafe {
            libc::signal(libc::SIGHUP, libc::SIG_IGN);
            libc::sigprocmask(libc::SIG_SETMASK, &raw const self.before, ptr::null_mut());
        }
    }

    /// Hands signals on until the worker has ended. Says how, and whether it was told to.
    fn watch(&self, worker: libc::pid_t) -> (Death, bool) {
        let mut told_to_end = false;
        loop {
            match self.next(None) {
                Some(libc::SIGCHLD) => {
                    if let Some(death) = reap(worker) {
                        return (death, told_to_end);
                    }
                }
                Some(signal) => {
                    told_to_end |= ENDING.contains(&signal);
                    // SAFETY: the call takes plain numbers; the worker is our child and was not waited for yet.
                    unsafe { libc::kill(worker, signal) };
                }
                None => {}
            }
        }
    }

    /// While there is no worker.
    fn told_to_end_within(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.next(Some(left)) {
                Some(signal) if ENDING.contains(&signal) => return true,
                None if left.is_zero() => return false,
                _ => {}
            }
        }
    }

    /// The next signal, or none within the time.
    fn next(&self, time: Option<Duration>) -> Option<i32> {
        // A wait without end is one that is repeated.
        let time = time.unwrap_or(Duration::from_secs(3600));
        let seconds = libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX);
        let limit = libc::timespec { tv_sec: seconds, tv_nsec: time.subsec_nanos().into() };
        // SAFETY: the set was made by `hold`, the limit lives on the stack, and no information is asked for.
        let signal = unsafe { libc::sigtimedwait(&raw const self.set, ptr::null_mut(), &raw const limit) };
        (signal > 0).then_some(signal)
    }
}

/// Takes in every child that has ended; says how the worker did if it is among them.
fn reap(worker: libc::pid_t) -> Option<Death> {
    let mut found = None;
    loop {
        let mut status = 0;
        // SAFETY: the pointer is to a value on the stack that outlives the call.
        let child = unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG) };
        if child <= 0 {
            return found;
        }
        if child == worker && libc::WIFSIGNALED(status) {
            found = Some(Death::Signal(libc::WTERMSIG(status)));
        } else if child == worker && libc::WIFEXITED(status) {
            found = Some(Death::Code(libc::WEXITSTATUS(status)));
        }
    }
}

const ENDING: [i32; 2] = [libc::SIGTERM, libc::SIGINT];
const HANDED_ON: [i32; 3] = [libc::SIGTERM, libc::SIGINT, libc::SIGHUP];
/// The exit code of a Rust program whose first thread panicked, and of a worker that a panic left less than whole.
pub(super) const PANICKED: u8 = 101;
/// Between the second death in a row and the next start.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A worker that lived so long was in order.
const STEADY: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_code_is_the_workers_and_a_signal_is_told_as_shells_do() {
        for (end, code) in
            [(End::of_code(0), 0), (End::of_code(64), 64), (End::of_signal(9), 137), (End::of_signal(15), 143)]
        {
            assert_eq!(end.code(), code, "{end:?}");
        }
    }
}

//! What a program costs, read from /proc (Linux): processor time and memory of a process and of all that descend
//! from it, so that a parent with workers, or a Postfix of twenty processes, is counted whole.
//!
//! Nothing is rounded to ticks where the kernel counts exactly (schedstat). A child that ended in between is counted
//! by what its parent reaped.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// A process and its descendants.
#[derive(Debug, Clone, Copy)]
pub struct Tree {
    root: u32,
}

/// Processor time used up to a moment.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    processes: HashMap<u32, Process>,
}

/// Of one process.
#[derive(Debug, Clone, Default)]
struct Process {
    /// By thread, exact.
    threads: HashMap<u32, Duration>,
    /// With its dead threads, in steps of 10 ms.
    whole: Duration,
    /// Of its dead children, in steps of 10 ms.
    reaped: Duration,
}

impl Tree {
    pub fn new(root: u32) -> Tree {
        Tree { root }
    }

    /// The processes that are there now, the first one first.
    pub fn processes(self) -> Vec<u32> {
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            if let Some(parent) = Stat::read(pid).map(|stat| stat.parent) {
                children.entry(parent).or_default().push(pid);
            }
        }
        let mut found = vec![self.root];
        let mut at = 0;
        while let Some(pid) = found.get(at).copied() {
            found.extend(children.remove(&pid).unwrap_or_default());
            at += 1;
        }
        found
    }

    /// Processor time up to now; one that ends while it is read is left out.
    pub fn usage(self) -> Usage {
        let read = |pid: u32| Some((pid, Process::read(pid)?));
        Usage { processes: self.processes().into_iter().filter_map(read).collect() }
    }

    /// Memory resident now, in octets; what processes share is counted once.
    pub fn resident(self) -> u64 {
        self.processes().into_iter().map(|pid| Memory::read(pid).own).sum()
    }

    /// Most memory resident since the last reset, in octets. Each process has its own moment of most.
    pub fn peak(self) -> u64 {
        let peak = |memory: Memory| memory.own + memory.most.saturating_sub(memory.now);
        self.processes().into_iter().map(|pid| peak(Memory::read(pid))).sum()
    }

    /// Makes the peak what is resident now.
    pub fn reset_peak(self) {
        for pid in self.processes() {
            // One that has ended has no peak.
            let _ = fs::write(format!("/proc/{pid}/clear_refs"), "5");
        }
    }
}

impl Usage {
    /// Processor time since an earlier moment.
    pub fn since(&self, before: &Usage) -> Duration {
        let none = Process::default();
        let mut sum = Duration::ZERO;
        for (pid, now) in &self.processes {
            let then = before.processes.get(pid).unwrap_or(&none);
            sum += now.since(then) + now.reaped.saturating_sub(then.reaped);
        }
        // The whole life of a child that ended is in what was reaped; what it had used before is not of this time.
        let ended = before.processes.iter().filter(|(pid, _)| !self.processes.contains_key(pid));
        sum.saturating_sub(ended.map(|(_, process)| process.whole + process.reaped).sum())
    }
}

impl Process {
    fn read(pid: u32) -> Option<Process> {
        let stat = Stat::read(pid)?;
        let mut threads = HashMap::new();
        for task in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
            let number = task.file_name().to_str().and_then(|name| name.parse().ok());
            // A thread that ends between the two reads is in `whole` alone.
            if let (Some(number), Ok(text)) = (number, fs::read_to_string(task.path().join("schedstat"))) {
                threads.insert(number, on_processor(&text));
            }
        }
        Some(Process { threads, whole: stat.own, reaped: stat.reaped })
    }

    fn since(&self, before: &Process) -> Duration {
        let one = |(thread, now): (&u32, &Duration)| {
            now.saturating_sub(before.threads.get(thread).copied().unwrap_or_default())
        };
        let threads: Duration = self.threads.iter().map(one).sum();
        let whole = self.whole.saturating_sub(before.whole);
        // Threads that died in between are only in the coarse figure.
        if whole > threads + Duration::from_millis(50) { whole } else { threads }
    }
}

/// Of `/proc/PID/stat`.
struct Stat {
    parent: u32,
    own: Duration,
    reaped: Duration,
}

impl Stat {
    fn read(pid: u32) -> Option<Stat> {
        Stat::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn parse(text: &str) -> Option<Stat> {
        // The name in brackets may hold blanks and brackets; what counts stands behind it.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok());
        let ticks = |at: usize| Some(Duration::from_millis((number(at)? + number(at + 1)?) * 10));
        Some(Stat { parent: u32::try_from(number(1)?).ok()?, own: ticks(11)?, reaped: ticks(13)? })
    }
}

/// Of `/proc/PID/status` and `smaps_rollup`, in octets.
struct Memory {
    now: u64,
    most: u64,
    /// What is resident now, pages shared with others in shares.
    own: u64,
}

impl Memory {
    fn read(pid: u32) -> Memory {
        let read = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let (status, maps) = (read("status"), read("smaps_rollup"));
        let now = kibibytes(&status, "VmRSS:").unwrap_or_default();
        Memory {
            now,
            most: kibibytes(&status, "VmHWM:").unwrap_or_default(),
            // Whoever may not look there (not root) is told the larger figure.
            own: kibibytes(&maps, "Pss:").unwrap_or(now),
        }
    }
}

fn kibibytes(text: &str, key: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Processor time of the calling thread.
pub fn thread_time() -> Duration {
    fs::read_to_string("/proc/thread-self/schedstat").map(|text| on_processor(&text)).unwrap_or_default()
}

fn on_processor(schedstat: &str) -> Duration {
    Duration::from_nanos(schedstat.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};

    use super::*;

    fn used(milliseconds: u64, reaped: u64) -> Process {
        let whole = Duration::from_millis(milliseconds);
        Process { threads: HashMap::from([(1, whole)]), whole, reaped: Duration::from_millis(reaped) }
    }

    fn usage(processes: &[(u32, Process)]) -> Usage {
        Usage { processes: processes.iter().cloned().collect() }
    }

    #[test]
    fn all_processes_count_those_that_came_and_those_that_went() {
        let before = usage(&[(1, used(100, 20)), (2, used(500, 0))]);
        for (name, after, expected) in [
            ("nothing happened", usage(&[(1, used(100, 20)), (2, used(500, 0))]), 0),
            ("both worked", usage(&[(1, used(130, 20)), (2, used(600, 0))]), 130),
            ("one came", usage(&[(1, used(100, 20)), (2, used(500, 0)), (3, used(70, 0))]), 70),
            ("one worked 40 more and ended", usage(&[(1, used(100, 20 + 540))]), 40),
            ("one came, worked 30 and ended", usage(&[(1, used(100, 20 + 30)), (2, used(500, 0))]), 30),
        ] {
            assert_eq!(after.since(&before), Duration::from_millis(expected), "{name}");
        }
    }

    #[test]
    fn a_line_of_stat_reads_whatever_the_name() {
        let line = "77 (a) b (c) S 41 77 77 0 -1 4194560 1 2 3 4 15 25 35 45 20 0";
        let stat = Stat::parse(line).unwrap();
        assert_eq!((stat.parent, stat.own.as_millis(), stat.reaped.as_millis()), (41, 400, 800));
        assert!(Stat::parse("77 (a").is_none());
    }

    #[test]
    fn the_work_of_a_grandchild_is_that_of_the_tree() {
        // The `:` behind it keeps the outer shell from becoming the inner one.
        let script = "sh -c 'read line; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo done; read line'; :";
        let mut command = Command::new("sh");
        let mut shell = command.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let tree = Tree::new(shell.id());
        let mut input = shell.stdin.take().unwrap();
        let before = tree.usage();
        input.write_all(b"go\n").unwrap();
        let mut said = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "done\n");
        let after = tree.usage();
        assert!(tree.processes().len() >= 2, "{:?}", tree.processes());
        assert!(after.since(&before) > Duration::from_millis(1), "{:?}", after.since(&before));
        // The kernel counts pages in batches on each processor, so the two may differ by some of them.
        let (resident, batches) = (tree.resident(), 1 << 20);
        assert!(resident > 0 && tree.peak() + batches >= resident, "{resident} {}", tree.peak());
        drop(input);
        shell.wait().unwrap();
    }

    #[test]
    fn the_peak_follows_what_is_held_and_can_be_reset() {
        let own = Tree::new(std::process::id());
        own.reset_peak();
        let before = own.peak();
        let held = std::hint::black_box(vec![1_u8; 64 << 20]);
        assert!(own.peak() >= before + (60 << 20));
        drop(held);
        own.reset_peak();
        assert!(own.peak() < before + (30 << 20));
    }
}

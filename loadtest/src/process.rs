//! What a process costs, read from /proc (Linux): processor time, memory and its peak; and what else the machine
//! does meanwhile.
//! Nothing is rounded to ticks where the kernel counts exactly (schedstat).

use std::collections::HashMap;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A process by its number.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    pid: u32,
}

/// Processor time used up to a moment.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    /// By thread, exact.
    threads: HashMap<String, Duration>,
    /// Of the whole process with its dead threads, in steps of 10 ms.
    whole: Duration,
}

impl Process {
    pub fn new(pid: u32) -> Process {
        Process { pid }
    }

    /// Processor time up to now.
    pub fn usage(self) -> io::Result<Usage> {
        let mut usage = Usage { threads: HashMap::new(), whole: self.ticks()? };
        for task in std::fs::read_dir(format!("/proc/{}/task", self.pid))? {
            let task = task?;
            // A thread that ends between the two reads is in `whole` alone.
            if let Ok(text) = std::fs::read_to_string(task.path().join("schedstat")) {
                usage.threads.insert(task.file_name().to_string_lossy().into_owned(), on_processor(&text));
            }
        }
        Ok(usage)
    }

    /// `VmHWM`: most memory resident since the last reset, in octets.
    pub fn peak(self) -> io::Result<u64> {
        self.status("VmHWM:")
    }

    /// `VmRSS`: memory resident now, in octets.
    pub fn resident(self) -> io::Result<u64> {
        self.status("VmRSS:")
    }

    /// Makes the peak what is resident now.
    pub fn reset_peak(self) -> io::Result<()> {
        std::fs::write(format!("/proc/{}/clear_refs", self.pid), "5")
    }

    fn status(self, key: &str) -> io::Result<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        let kibibytes = line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        kibibytes.map(|count| count * 1024).ok_or_else(|| io::Error::other(format!("no {key} of {}", self.pid)))
    }

    fn ticks(self) -> io::Result<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The name in brackets may hold blanks; utime and stime are the 12th and 13th fields behind it.
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let field = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
        Ok(Duration::from_millis((field(11) + field(12)) * 10))
    }
}

impl Usage {
    /// Processor time since an earlier moment.
    pub fn since(&self, before: &Usage) -> Duration {
        let one = |(thread, now): (&String, &Duration)| {
            now.saturating_sub(before.threads.get(thread).copied().unwrap_or_default())
        };
        let threads: Duration = self.threads.iter().map(one).sum();
        let whole = self.whole.saturating_sub(before.whole);
        // Threads that died in between are only in the coarse figure.
        if whole > threads + Duration::from_millis(50) { whole } else { threads }
    }
}

/// Processor time of the calling thread.
pub fn thread_time() -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat").map(|text| on_processor(&text)).unwrap_or_default()
}

/// Time the machine's processors were busy, and time there was, both since it started.
pub fn machine_time() -> (Duration, Duration) {
    let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks: Vec<u64> = text
        .lines()
        .next()
        .map(|line| line.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect())
        .unwrap_or_default();
    let sum: u64 = ticks.iter().take(8).sum();
    let idle: u64 = ticks.iter().skip(3).take(2).sum();
    (Duration::from_millis((sum - idle) * 10), Duration::from_millis(sum * 10))
}

/// `2 × AMD EPYC …, 23 GiB, Linux 6.18`.
pub fn machine() -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let value = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let count = processors.lines().filter(|line| line.starts_with("processor")).count();
    let kibibytes =
        value(&read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse::<u64>().unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{count} × {}, {} GiB, Linux {}", value(&processors, "model name"), kibibytes >> 20, kernel.trim())
}

/// `2026-11-21 19:30 UTC` (proleptic Gregorian; days counted from 1 March of the year 0).
pub fn date() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    civil(seconds)
}

fn civil(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02} UTC", seconds / 3600 % 24, seconds / 60 % 60)
}

fn on_processor(schedstat: &str) -> Duration {
    Duration::from_nanos(schedstat.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_are_right() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_795_289_460, "2026-11-21 19:31 UTC"),
            (4_102_444_799, "2099-12-31 23:59 UTC"),
        ] {
            assert_eq!(civil(seconds), expected);
        }
    }

    #[test]
    fn the_peak_follows_what_is_held_and_can_be_reset() {
        let own = Process::new(std::process::id());
        own.reset_peak().unwrap();
        let before = own.peak().unwrap();
        let held = std::hint::black_box(vec![1_u8; 64 << 20]);
        assert!(own.peak().unwrap() >= before + (60 << 20));
        drop(held);
        own.reset_peak().unwrap();
        assert!(own.peak().unwrap() < before + (30 << 20));
    }
}

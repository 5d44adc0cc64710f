//! What processes use, from /proc.

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::time::sleep;

/// A process and everything it has started, the process first.
pub fn tree(root: u32) -> Vec<u32> {
    let mut processes = vec![root];
    let mut next = 0;
    while let Some(process) = processes.get(next).copied() {
        processes.extend(children(process));
        next += 1;
    }
    processes
}

fn children(process: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let listed = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    listed.flat_map(|list| numbers(&list)).collect()
}

fn numbers(list: &str) -> Vec<u32> {
    list.split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// The memory of a process and everything it has started, shared pages counted by share, in MiB.
pub fn memory_mib(root: u32) -> Result<f64> {
    let mut kibibytes = 0;
    for process in tree(root) {
        kibibytes += pss_kib(process)?;
    }
    Ok(f64::from(kibibytes) / 1024.0)
}

/// The memory of one process, shared pages counted by share, in KiB.
pub fn pss_kib(process: u32) -> Result<u32> {
    let Ok(rollup) = fs::read_to_string(format!("/proc/{process}/smaps_rollup")) else {
        return Ok(0); // it has just ended
    };
    let line = rollup
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .context("Pss in smaps_rollup")?;
    numbers(line).first().copied().context("a number")
}

/// What a process and everything it has started does per second.
pub struct Pace {
    /// How often its threads wake.
    pub wakeups: f64,
    /// The share of a processor, in percent.
    pub processor: f64,
}

/// Watches a process and everything it has started for so long.
pub async fn watch(process: u32, time: Duration) -> Result<Pace> {
    let (before, begin) = (activity(process)?, Instant::now());
    sleep(time).await;
    let (after, seconds) = (activity(process)?, begin.elapsed().as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
    let per_second = |after: u64, before: u64| after.saturating_sub(before) as f64 / seconds;
    Ok(Pace {
        wakeups: per_second(after.wakeups, before.wakeups),
        // A tick is a hundredth of a second, so ticks per second are percent.
        processor: per_second(after.ticks, before.ticks),
    })
}

/// What has happened since a process began.
#[derive(Debug, Clone, Copy)]
struct Activity {
    /// How often its threads have gone to sleep, which is how often they woke.
    wakeups: u64,
    /// Time on a processor, in hundredths of a second.
    ticks: u64,
}

/// What a process and everything it has started did so far.
fn activity(root: u32) -> Result<Activity> {
    let mut sum = Activity {
        wakeups: 0,
        ticks: 0,
    };
    for process in tree(root) {
        let tasks = fs::read_dir(format!("/proc/{process}/task"))
            .into_iter()
            .flatten()
            .flatten();
        for task in tasks {
            let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
            let switches = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            sum.wakeups += switches.map_or(Ok(0), |text| text.trim().parse())?;
        }
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // After the name in parentheses come state, parent, …; the 12th and 13th are user and system time.
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        let times = fields.split_whitespace().skip(11).take(2);
        sum.ticks += times
            .filter_map(|time| time.parse::<u64>().ok())
            .sum::<u64>();
    }
    Ok(sum)
}

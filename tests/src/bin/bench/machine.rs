//! The machine the figures are from.

use std::fs;

use anyhow::{Context, Result};
use deskbell_testing::process::Program;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Processor, cores and memory in a line.
pub fn describe() -> Result<String> {
    let processor = fs::read_to_string("/proc/cpuinfo")?;
    let model = value_of(&processor, "model name").unwrap_or("unknown processor");
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kibibytes = value_of(&memory, "MemTotal")
        .and_then(|text| text.split(' ').next())
        .context("memory")?;
    let gibibytes = kibibytes.parse::<u64>()? / 1024 / 1024;
    let cores = std::thread::available_parallelism()?;
    let system = fs::read_to_string("/etc/os-release")?;
    let system = system
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .unwrap_or("Linux");
    Ok(format!(
        "{model}, {cores} cores, {gibibytes} GiB, {}",
        system.trim_matches('"')
    ))
}

/// The Debian packages that take part or stand beside, with their versions.
pub async fn versions() -> Vec<String> {
    let packages = [
        "libwebkit2gtk-4.1-0",
        "chromium",
        "dino-im",
        "gajim",
        "postgresql",
        "nats-server",
        "mosquitto",
    ];
    let mut versions = Vec::new();
    for package in packages {
        let asked = Program::new("dpkg-query", "/")
            .args(["--show", "--showformat=${Package} ${Version}"])
            .arg(package);
        versions.extend(asked.run().await);
    }
    versions
}

fn value_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}

/// Thousands of connections need as many open files, here and in what is started from here.
pub fn raise_limit_of_files() -> Result<()> {
    let hard = getrlimit(Resource::Nofile).maximum;
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: hard,
            maximum: hard,
        },
    )
    .context("raising the limit of open files")
}

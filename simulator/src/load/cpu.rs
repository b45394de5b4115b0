//! CPU time of another process.

use std::time::Duration;

use anyhow::{Context, Result};

/// `/proc` counts in hundredths of a second on every Linux (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// CPU time, user and system, that the process has used so far.
pub(super) fn used(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = std::fs::read_to_string(&path)
        .with_context(|| format!("no process {pid} to measure (--gateway-pid)"))?;
    ticks(&stat)
        .map(|ticks| TICK * ticks)
        .with_context(|| format!("{path} is not understood"))
}

/// User and system time: the 14th and 15th field; the name before them may hold spaces and brackets.
fn ticks(stat: &str) -> Option<u32> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    user.checked_add(system)
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn user_and_system_time_are_added() {
        let stat =
            "4242 (play) head) S 1 4242 4242 0 -1 4194560 100 0 0 0 731 269 0 0 20 0 3 0 100 0 0";
        assert_eq!(ticks(stat), Some(1_000));
        assert_eq!(ticks("nonsense"), None);
    }
}

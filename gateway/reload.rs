//! Files that may change while the gateway runs: write keys, certificates.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

/// What tells one state of files from another; a file that is not there has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(Vec<Option<(SystemTime, u64, u64)>>);

/// How these files look now. Take it before reading them: what changes meanwhile is then read again.
pub fn stamp(files: &[PathBuf]) -> Stamp {
    let look = |file: &PathBuf| {
        let found = fs::metadata(file).ok()?;
        Some((found.modified().ok()?, found.len(), found.ino()))
    };
    Stamp(files.iter().map(look).collect())
}

/// Looks at the files this often until `end`, and calls `changed` when they are not as they were.
///
/// Looking is cheap and works on every file system, mounted secrets and network folders included,
/// of which some tell nobody when a file changes.
pub fn watch(
    files: Vec<PathBuf>,
    mut last: Stamp,
    every: Duration,
    end: CancellationToken,
    changed: impl Fn() + Clone + Send + 'static,
) {
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                () = end.cancelled() => return,
            }
            let (looked, changed) = (files.clone(), changed.clone());
            let before = last.clone();
            // A folder that is away may block, and parsing takes time.
            let look = tokio::task::spawn_blocking(move || {
                let now = stamp(&looked);
                if now != before {
                    changed();
                }
                now
            });
            if let Ok(now) = look.await {
                last = now;
            }
        }
    });
}

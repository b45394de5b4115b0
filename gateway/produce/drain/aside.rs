//! Beacons of the spool that are larger than Kafka takes: they were promised, so they are kept in files of their
//! own, out of the way of the others, and tried again at the next start.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

/// The folder within the spool's.
const FOLDER: &str = "too-large";
const ENDING: &str = ".record";

/// A beacon that was set aside.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::produce) struct Aside {
    /// Its file.
    pub(in crate::produce) file: PathBuf,
    /// Where it was to go.
    pub(in crate::produce) partition: u32,
    /// The record, with its length before it.
    pub(in crate::produce) payload: Vec<u8>,
}

/// Keeps a beacon; durable when it returns. The same beacon again is the same file.
pub(super) fn keep(spool: &Path, partition: u32, payload: &[u8]) -> io::Result<PathBuf> {
    let folder = spool.join(FOLDER);
    if !folder.is_dir() {
        fs::create_dir_all(&folder)?;
        File::open(spool)?.sync_all()?;
    }
    let name = format!("{partition}-{:016x}{ENDING}", xxh3_64(payload));
    let written = folder.join(format!("{name}.new"));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&written)?;
    file.write_all(payload)?;
    file.sync_all()?;
    let kept = folder.join(name);
    fs::rename(written, &kept)?;
    File::open(&folder)?.sync_all()?;
    Ok(kept)
}

/// The files of what was set aside.
pub(in crate::produce) fn files(spool: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(spool.join(FOLDER)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let file = entry?.path();
        if partition_of(&file).is_some() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file back; none if it is no file of ours.
pub(in crate::produce) fn read(file: &Path) -> io::Result<Option<Aside>> {
    let Some(partition) = partition_of(file) else {
        return Ok(None);
    };
    Ok(Some(Aside {
        file: file.to_owned(),
        partition,
        payload: fs::read(file)?,
    }))
}

fn partition_of(file: &Path) -> Option<u32> {
    let name = file.file_name()?.to_str()?.strip_suffix(ENDING)?;
    name.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beacon_is_kept_once_and_read_back() {
        let spool = tempfile::tempdir().unwrap();
        assert!(files(spool.path()).unwrap().is_empty());
        let kept = keep(spool.path(), 3, b"beacon").unwrap();
        assert_eq!(keep(spool.path(), 3, b"beacon").unwrap(), kept);
        keep(spool.path(), 4, b"another").unwrap();
        let found = files(spool.path()).unwrap();
        assert_eq!((found.len(), &found[0]), (2, &kept));
        let aside = read(&kept).unwrap().unwrap();
        assert_eq!((aside.partition, aside.payload), (3, b"beacon".to_vec()));
    }
}

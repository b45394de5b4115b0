//! Beacons of the spool that are larger than Kafka takes: they were promised, so they are kept in files of their
//! own, out of the way of the others, and tried again at the next start.

use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::disk::Disk;
use super::files::{Files, SpoolFile, SyncPoint, read_up_to};

/// The folder within the spool's.
const FOLDER: &str = "too-large";
const ENDING: &str = ".record";

/// A beacon that was set aside.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::produce) struct Aside {
    /// Where it was to go.
    pub(in crate::produce) partition: u32,
    /// The record, with its length before it.
    pub(in crate::produce) payload: Vec<u8>,
}

/// The folder of what was set aside from this spool.
pub(crate) fn folder(spool: &Path) -> PathBuf {
    spool.join(FOLDER)
}

/// Keeps a beacon in that folder; durable when it returns. The same beacon again is the same file. Gives the file's name.
///
/// # Errors
/// A disk that fails: the beacon is then not kept, or not for certain.
pub(in crate::produce) fn keep(
    folder: &impl Files,
    partition: u32,
    payload: &[u8],
) -> io::Result<String> {
    // Every time: who made it may have been killed before it was durable.
    folder.make_folder()?;
    let name = format!("{partition}-{:016x}{ENDING}", xxh3_64(payload));
    let written = format!("{name}.new");
    let mut file = match folder.create(&written) {
        // What a process left that ended while it wrote.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            folder.remove(&written)?;
            folder.create(&written)?
        }
        made => made?,
    };
    file.append(payload)?;
    file.sync(SyncPoint::AsideWritten)?;
    folder.rename(&written, &name)?;
    folder.sync_folder(SyncPoint::AsideNamed)?;
    Ok(name)
}

/// The names of what was set aside.
///
/// # Errors
/// A folder that cannot be read.
pub(crate) fn names(folder: &impl Files) -> io::Result<Vec<String>> {
    let mut names = match folder.list() {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    names.retain(|name| partition_of(name).is_some());
    names.sort();
    Ok(names)
}

/// Reads a file back; none: its name does not fit what is in it, so it is no file of ours or damaged.
///
/// # Errors
/// A file that cannot be read.
pub(in crate::produce) fn read(folder: &impl Files, name: &str) -> io::Result<Option<Aside>> {
    let Some(partition) = partition_of(name) else {
        return Ok(None);
    };
    let file = folder.open(name)?;
    let mut payload = vec![0; usize::try_from(file.length()?).map_err(io::Error::other)?];
    let read = read_up_to(&file, &mut payload, 0)?;
    payload.truncate(read);
    let is_whole = name == format!("{partition}-{:016x}{ENDING}", xxh3_64(&payload));
    Ok(is_whole.then_some(Aside { partition, payload }))
}

/// What `verify` tells of a spool's folder: how many beacons were set aside, and which of the files are damaged.
///
/// # Errors
/// A folder or file that cannot be read.
pub(crate) fn inspect(spool: &Path) -> io::Result<(usize, Vec<String>)> {
    let folder = Disk::new(&folder(spool));
    let names = names(&folder)?;
    let mut damaged = Vec::new();
    for name in &names {
        if read(&folder, name)?.is_none() {
            damaged.push(name.clone());
        }
    }
    Ok((names.len() - damaged.len(), damaged))
}

fn partition_of(name: &str) -> Option<u32> {
    name.strip_suffix(ENDING)?.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beacon_is_kept_once_and_read_back() {
        let spool = tempfile::tempdir().unwrap();
        let there = Disk::new(&folder(spool.path()));
        assert!(names(&there).unwrap().is_empty());
        let kept = keep(&there, 3, b"beacon").unwrap();
        assert_eq!(keep(&there, 3, b"beacon").unwrap(), kept);
        keep(&there, 4, b"another").unwrap();
        let found = names(&there).unwrap();
        assert_eq!((found.len(), &found[0]), (2, &kept));
        let aside = read(&there, &kept).unwrap().unwrap();
        assert_eq!((aside.partition, aside.payload), (3, b"beacon".to_vec()));
    }

    #[test]
    fn a_file_that_is_not_what_its_name_says_is_told() {
        let spool = tempfile::tempdir().unwrap();
        let there = Disk::new(&folder(spool.path()));
        keep(&there, 0, b"beacon").unwrap();
        let name = keep(&there, 1, b"another").unwrap();
        std::fs::write(folder(spool.path()).join(&name), b"anotheR").unwrap();
        assert_eq!(read(&there, &name).unwrap(), None);
        assert_eq!(inspect(spool.path()).unwrap(), (1, vec![name]));
    }

    #[test]
    fn what_a_killed_process_left_half_written_is_in_nobodys_way() {
        let spool = tempfile::tempdir().unwrap();
        let there = Disk::new(&folder(spool.path()));
        let name = keep(&there, 1, b"beacon").unwrap();
        let half = folder(spool.path()).join(format!("{name}.new"));
        std::fs::write(&half, b"bea").unwrap();
        assert_eq!(inspect(spool.path()).unwrap(), (1, Vec::new()));
        assert_eq!(keep(&there, 1, b"beacon").unwrap(), name);
        assert_eq!(inspect(spool.path()).unwrap(), (1, Vec::new()));
    }
}

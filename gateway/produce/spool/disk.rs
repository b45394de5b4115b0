//! The real file system.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::files::{Files, SpoolFile, SyncPoint};
use crate::metrics;

/// The file whose lock says that the folder is taken.
const LOCK_FILE: &str = "lock";

/// A folder on disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
}

impl Disk {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }
}

impl Files for Disk {
    type File = DiskFile;

    fn make_folder(&self) -> io::Result<()> {
        if !self.folder.is_dir() {
            // Beacons may tell who watched what: nobody else reads them.
            fs::DirBuilder::new().mode(0o700).create(&self.folder)?;
        }
        // Also when it is there: who made it may have been killed before this.
        let parent = match self.folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        sync_folder(parent, SyncPoint::FolderMade)
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        Ok(names)
    }

    fn create(&self, name: &str) -> io::Result<DiskFile> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create_new(true)
            .mode(0o600)
            .open(self.folder.join(name))?;
        Ok(DiskFile(file))
    }

    fn open(&self, name: &str) -> io::Result<DiskFile> {
        Ok(DiskFile(File::open(self.folder.join(name))?))
    }

    fn open_to_write(&self, name: &str) -> io::Result<DiskFile> {
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .open(self.folder.join(name))?;
        Ok(DiskFile(file))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.folder.join(from), self.folder.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.folder.join(name))
    }

    fn sync_folder(&self, point: SyncPoint) -> io::Result<()> {
        sync_folder(&self.folder, point)
    }
}

/// A file on disk.
#[derive(Debug)]
pub(crate) struct DiskFile(File);

impl SpoolFile for DiskFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn sync(&self, point: SyncPoint) -> io::Result<()> {
        // The data and the length; the times of the file do not matter.
        measured(point, || self.0.sync_data())
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(into, offset)
    }
}

/// Held for as long as this process uses the folder. The system gives it up when the process ends,
/// however it ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

/// Takes the folder for this process; none: another one has it.
pub(crate) fn lock(folder: &Path) -> io::Result<Option<FolderLock>> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(folder.join(LOCK_FILE))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(FolderLock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn sync_folder(folder: &Path, point: SyncPoint) -> io::Result<()> {
    let folder = File::open(folder)?;
    measured(point, || folder.sync_all())
}

fn measured(point: SyncPoint, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let began = Instant::now();
    let result = sync();
    metrics::spool::synced(point, began.elapsed());
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        assert!(held.is_some());
        assert!(lock(folder.path()).unwrap().is_none());
        drop(held);
        assert!(lock(folder.path()).unwrap().is_some());
    }
}

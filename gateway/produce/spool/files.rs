//! The file system, as far as the log needs it: small, so that a simulated one can take its place and
//! lose what was not synced.

use std::io;

/// Where the log makes something durable. Each is needed: the model finds a loss without any one of
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SyncPoint {
    /// The spool's folder is in its parent.
    FolderMade,
    /// A new segment is in the folder: before anything in it is acknowledged.
    SegmentMade,
    /// Records are in their segment: before they are acknowledged.
    Records,
    /// The cursor is in its file: before a segment that it covers is removed.
    CursorWritten,
    /// The cursor that a process found is in its file: before the other slot is written for the first time. The process
    /// that wrote it may not have come to its sync.
    CursorFound,
    /// What a start took for the end of a segment is its end: before sequences behind it are given again. An append
    /// that failed and was cut could come back at a power cut otherwise, with sequences that others have by then.
    EndFound,
    /// A beacon that is larger than Kafka takes is in a file of its own: before that file has the name under which it counts.
    AsideWritten,
    /// That name is in the folder: before the cursor passes the beacon.
    AsideNamed,
}

impl SyncPoint {
    /// Every point of the log, for the test that leaves each of them out.
    #[cfg(test)]
    pub(super) const OF_THE_LOG: [Self; 6] = [
        Self::FolderMade,
        Self::SegmentMade,
        Self::Records,
        Self::CursorWritten,
        Self::CursorFound,
        Self::EndFound,
    ];
    /// Every point of what is set aside.
    #[cfg(test)]
    pub(super) const OF_ASIDES: [Self; 3] =
        [Self::FolderMade, Self::AsideWritten, Self::AsideNamed];
}

/// One folder and the files in it.
pub(crate) trait Files: Clone {
    /// An open file.
    type File: SpoolFile;

    /// Makes the folder if it is not there, and in any case makes it durable in its parent.
    fn make_folder(&self) -> io::Result<()>;
    /// Names of the files.
    fn list(&self) -> io::Result<Vec<String>>;
    /// A new file, for appending; an old one of that name is an error.
    fn create(&self, name: &str) -> io::Result<Self::File>;
    /// An existing file, for reading.
    fn open(&self, name: &str) -> io::Result<Self::File>;
    /// An existing file, for reading and writing in place.
    fn open_to_write(&self, name: &str) -> io::Result<Self::File>;
    /// Gives a file a name, in place of the file that had it.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Makes names durable: what was created, renamed, removed.
    fn sync_folder(&self, point: SyncPoint) -> io::Result<()>;
}

/// An open file.
pub(crate) trait SpoolFile {
    /// Writes at the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Writes in place.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes what was written durable. After an error nothing is known of what was written before;
    /// a second call may report success for bytes that are lost, so there must be none.
    fn sync(&self, point: SyncPoint) -> io::Result<()>;
    /// Cuts the file.
    fn cut(&self, length: u64) -> io::Result<()>;
    /// Its length.
    fn length(&self) -> io::Result<u64>;
    /// Reads up to as many bytes as fit; 0 at the end.
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize>;
}

/// Reads until the buffer is full or the file ends.
pub(super) fn read_up_to(file: &impl SpoolFile, into: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < into.len() {
        match file.read_at(&mut into[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

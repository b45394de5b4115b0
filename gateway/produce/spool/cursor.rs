//! How far the log is drained, on disk, and the removal of what is behind it.
//!
//! The file has two slots, written in turn and in place: a torn write leaves the other one, and a full
//! disk does not keep the drain from making room.

use std::io;
use std::sync::Arc;

use super::files::{Files, SpoolFile, SyncPoint, read_up_to};
use super::format::{VERSION, segment_name, u64_at};
use super::index::Index;

/// The file's name.
const NAME: &str = "cursor";
const MAGIC: [u8; 8] = *b"PLHCURSR";
const SLOT_BYTES: usize = 24;
/// Far enough apart that no disk writes both at once.
const SLOT_OFFSETS: [u64; 2] = [0, 4_096];

/// What the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Everything up to this sequence is in Kafka; 0: nothing was drained yet.
    At(u64),
    /// Neither slot is whole, which no crash brings about.
    Unreadable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Unwritten,
    At(u64),
    Torn,
}

fn encode(seq: u64) -> [u8; SLOT_BYTES] {
    let mut bytes = [0; SLOT_BYTES];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12..20].copy_from_slice(&seq.to_le_bytes());
    let sum = crc32c::crc32c(&bytes[..20]);
    bytes[20..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

fn read_slot(file: &impl SpoolFile, offset: u64) -> io::Result<Slot> {
    let mut bytes = [0; SLOT_BYTES];
    read_up_to(file, &mut bytes, offset)?;
    let seq = u64_at(&bytes, 12);
    Ok(if bytes == encode(seq) {
        Slot::At(seq)
    } else if bytes.iter().all(|byte| *byte == 0) {
        Slot::Unwritten
    } else {
        Slot::Torn
    })
}

/// The position, and the slot that is to be written next: never the one that tells it.
fn read_slots(file: &impl SpoolFile) -> io::Result<(Position, usize)> {
    let [first, second] = SLOT_OFFSETS;
    let slots = [read_slot(file, first)?, read_slot(file, second)?];
    Ok(match slots {
        [Slot::At(first), Slot::At(second)] if first < second => (Position::At(second), 0),
        [Slot::At(first), _] => (Position::At(first), 1),
        [_, Slot::At(second)] => (Position::At(second), 0),
        [Slot::Torn, Slot::Torn] => (Position::Unreadable, 0),
        // The very first write was torn: nothing had been removed before it.
        [Slot::Unwritten | Slot::Torn, Slot::Unwritten | Slot::Torn] => (Position::At(0), 0),
    })
}

/// Reads the position.
pub(super) fn read<F: Files>(files: &F) -> io::Result<Position> {
    match files.open(NAME) {
        Ok(file) => Ok(read_slots(&file)?.0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Position::At(0)),
        Err(error) => Err(error),
    }
}

/// Makes the file if it is not there. Its name becomes durable with the first segment's, before which
/// nothing can have been drained.
pub(super) fn make<F: Files>(files: &F) -> io::Result<()> {
    match files.open(NAME) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        result => return result.map(drop),
    }
    let mut file = files.create(NAME)?;
    // Takes its room on the disk now.
    file.append(&vec![0; SLOT_OFFSETS[1] as usize + SLOT_BYTES])
}

/// Moves the cursor on.
pub(super) struct CursorFile<F: Files> {
    files: F,
    index: Arc<Index>,
    /// The open file, and the slot that is written next.
    open: Option<(F::File, usize)>,
}

impl<F: Files> CursorFile<F> {
    pub(super) fn new(files: F, index: Arc<Index>) -> Self {
        Self {
            files,
            index,
            open: None,
        }
    }

    /// Makes it durable that everything up to this record is in Kafka, and only then removes the
    /// segments that hold nothing else. Gives how many were kept aside because they are damaged.
    pub(super) fn advance(&mut self, seq: u64) -> io::Result<usize> {
        self.write(seq)?;
        let mut kept_aside = 0;
        for segment in self.index.advance(seq) {
            let name = segment_name(segment.first_seq);
            // Neither change of names is synced: a power cut that undoes one leaves a file behind the cursor, of which
            // nothing is sent again.
            if segment.is_damaged {
                self.files.rename(&name, &format!("{name}.damaged"))?;
                kept_aside += 1;
            } else {
                self.files.remove(&name)?;
            }
            self.index.forget(segment.first_seq);
        }
        Ok(kept_aside)
    }

    /// The file, and the slot that is written next.
    fn open(&self) -> io::Result<(F::File, usize)> {
        let file = self.files.open_to_write(NAME)?;
        let (position, slot) = read_slots(&file)?;
        if let Position::At(seq @ 1..) = position {
            // After a sync that failed, what the last process left may be in memory only: it is on the
            // disk before the other slot, which may be the only one there, is touched.
            file.write_at(&encode(seq), SLOT_OFFSETS[1 - slot])?;
            file.sync(SyncPoint::CursorFound)?;
        }
        Ok((file, slot))
    }

    fn write(&mut self, seq: u64) -> io::Result<()> {
        let (file, slot) = match self.open.take() {
            Some(open) => open,
            None => self.open()?,
        };
        let written = file
            .write_at(&encode(seq), SLOT_OFFSETS[slot])
            .and_then(|()| file.sync(SyncPoint::CursorWritten));
        // After a failure the same slot again: the other one still tells the truth.
        let next = if written.is_ok() { 1 - slot } else { slot };
        self.open = Some((file, next));
        written
    }
}

#[cfg(test)]
mod tests {
    use super::super::disk::Disk;
    use super::*;

    #[test]
    fn a_torn_slot_leaves_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path());
        assert_eq!(read(&disk).unwrap(), Position::At(0));
        make(&disk).unwrap();
        assert_eq!(read(&disk).unwrap(), Position::At(0));
        let mut cursor = CursorFile::new(disk.clone(), Arc::default());
        for seq in [3, 7, 9] {
            cursor.advance(seq).unwrap();
            assert_eq!(read(&disk).unwrap(), Position::At(seq));
        }
        let file = disk.open_to_write(NAME).unwrap();
        file.write_at(&[1; 5], SLOT_OFFSETS[0]).unwrap();
        assert_eq!(read(&disk).unwrap(), Position::At(7));
        file.write_at(&[1; 5], SLOT_OFFSETS[1]).unwrap();
        assert_eq!(read(&disk).unwrap(), Position::Unreadable);
    }
}

//! A file system that keeps to the letter of what a disk promises, and to nothing more.
//!
//! What was not synced may survive a power cut in part, in any order, torn anywhere; names too. A
//! sync that fails leaves some of the bytes on the disk, and the next one does not care about the rest.
//! The death of the process alone loses nothing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use super::super::files::{Files, SpoolFile, SyncPoint};
use super::random::Random;

/// Bytes that are written as one; small, so that tears fall into every field.
const SECTOR_BYTES: usize = 8;

#[derive(Clone, Debug)]
enum Write {
    Bytes { offset: usize, bytes: Vec<u8> },
    Cut { length: usize },
}

#[derive(Clone, Debug, Default)]
struct Inode {
    /// What readers see.
    seen: Vec<u8>,
    /// What a power cut leaves for certain.
    durable: Vec<u8>,
    /// What it may leave.
    pending: Vec<Write>,
}

#[derive(Clone, Debug)]
enum NameChange {
    Create(String, usize),
    Rename(String, String),
    Remove(String),
}

#[derive(Debug, Default)]
struct Machine {
    inodes: Vec<Inode>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    pending_names: Vec<NameChange>,
    has_folder: bool,
    has_durable_folder: bool,
    /// Operations so far.
    operations: u64,
    /// The operation before which everything ends.
    ends_at: Option<u64>,
    /// The operation that fails, and goes on.
    fails_at: Option<u64>,
    /// The sync that is left out.
    skips: Option<SyncPoint>,
    random: Random,
}

/// The simulated machine; clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Sim(Rc<RefCell<Machine>>);

/// How everything ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Process killed, machine well.
    Killed,
    /// Power cut.
    PowerCut,
}

fn failure(text: &str) -> io::Error {
    io::Error::other(text.to_owned())
}

impl Sim {
    pub(super) fn new(seed: u64, skips: Option<SyncPoint>) -> Self {
        Self(Rc::new(RefCell::new(Machine {
            skips,
            random: Random::new(seed),
            ..Machine::default()
        })))
    }

    /// Lets the process end before this operation, counted from now.
    pub(super) fn end_after(&self, operations: Option<u64>) {
        let mut machine = self.0.borrow_mut();
        machine.ends_at = operations.map(|count| machine.operations + count);
    }

    /// Lets this operation fail, counted from now.
    pub(super) fn fail_after(&self, operations: Option<u64>) {
        let mut machine = self.0.borrow_mut();
        machine.fails_at = operations.map(|count| machine.operations + count);
    }

    pub(super) fn operations(&self) -> u64 {
        self.0.borrow().operations
    }

    pub(super) fn has_ended(&self) -> bool {
        let machine = self.0.borrow();
        machine.ends_at.is_some_and(|at| machine.operations >= at)
    }

    /// The machine as the next process finds it.
    pub(super) fn restart(&self, end: End) {
        let mut machine = self.0.borrow_mut();
        machine.ends_at = None;
        machine.fails_at = None;
        if end == End::PowerCut {
            machine.power_cut();
        }
    }

    /// Whether this is the operation in which the process ends; true once.
    fn dies_now(&self) -> bool {
        let mut machine = self.0.borrow_mut();
        machine.operations += u64::from(machine.ends_at == Some(machine.operations));
        machine
            .ends_at
            .is_some_and(|at| machine.operations == at + 1)
            && {
                machine.operations += 1;
                true
            }
    }

    /// Counts an operation; an error when the process is dead or the operation fails.
    fn operate(&self) -> io::Result<()> {
        let mut machine = self.0.borrow_mut();
        if machine.ends_at.is_some_and(|at| machine.operations >= at) {
            return Err(failure("the process has ended"));
        }
        machine.operations += 1;
        if machine.fails_at == Some(machine.operations) {
            return Err(failure("an error of the disk"));
        }
        Ok(())
    }
}

impl Machine {
    fn power_cut(&mut self) {
        let random = &mut self.random;
        for inode in &mut self.inodes {
            let pending = std::mem::take(&mut inode.pending);
            write_some(&mut inode.durable, pending, random);
            inode.seen = inode.durable.clone();
        }
        for change in std::mem::take(&mut self.pending_names) {
            if random.below(2) == 0 {
                apply_name(&mut self.durable_names, &change);
            }
        }
        if !self.has_durable_folder && random.below(2) == 0 {
            self.has_folder = false;
            self.durable_names.clear();
        }
        self.has_durable_folder = self.has_folder;
        self.names = self.durable_names.clone();
    }
}

/// Some of the writes, torn, in any order.
fn write_some(durable: &mut Vec<u8>, pending: Vec<Write>, random: &mut Random) {
    let mut sectors = Vec::new();
    for write in pending {
        match write {
            Write::Cut { length } => sectors.push(Write::Cut { length }),
            Write::Bytes { offset, bytes } => {
                for (number, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                    sectors.push(Write::Bytes {
                        offset: offset + number * SECTOR_BYTES,
                        bytes: sector.to_vec(),
                    });
                }
            }
        }
    }
    // Often the beginning, as a disk that writes in order would; else anything.
    let is_prefix = random.below(3) == 0;
    let kept = random.below(sectors.len() as u64 + 1) as usize;
    if !is_prefix {
        random.shuffle(&mut sectors);
    }
    sectors.truncate(kept);
    for write in sectors {
        apply(durable, write);
    }
}

fn apply(bytes: &mut Vec<u8>, write: Write) {
    match write {
        Write::Cut { length } => bytes.truncate(length),
        Write::Bytes {
            offset,
            bytes: written,
        } => {
            let end = offset + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[offset..end].copy_from_slice(&written);
        }
    }
}

fn apply_name(names: &mut BTreeMap<String, usize>, change: &NameChange) {
    match change {
        NameChange::Create(name, inode) => {
            names.insert(name.clone(), *inode);
        }
        NameChange::Rename(from, to) => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
        NameChange::Remove(name) => {
            names.remove(name);
        }
    }
}

impl Files for Sim {
    type File = SimFile;

    fn make_folder(&self) -> io::Result<()> {
        if !self.0.borrow().has_folder {
            self.operate()?;
            self.0.borrow_mut().has_folder = true;
        }
        self.operate()?;
        let mut machine = self.0.borrow_mut();
        if machine.skips != Some(SyncPoint::FolderMade) {
            machine.has_durable_folder = true;
        }
        Ok(())
    }

    fn list(&self) -> io::Result<Vec<String>> {
        self.operate()?;
        Ok(self.0.borrow().names.keys().cloned().collect())
    }

    fn create(&self, name: &str) -> io::Result<SimFile> {
        self.operate()?;
        let mut machine = self.0.borrow_mut();
        if machine.names.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let inode = machine.inodes.len();
        machine.inodes.push(Inode::default());
        let change = NameChange::Create(name.to_owned(), inode);
        apply_name(&mut machine.names, &change);
        machine.pending_names.push(change);
        Ok(SimFile {
            sim: self.clone(),
            inode,
        })
    }

    fn open(&self, name: &str) -> io::Result<SimFile> {
        self.operate()?;
        let inode = self.0.borrow().names.get(name).copied();
        Ok(SimFile {
            sim: self.clone(),
            inode: inode.ok_or(io::ErrorKind::NotFound)?,
        })
    }

    fn open_to_write(&self, name: &str) -> io::Result<SimFile> {
        self.open(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.operate()?;
        let change = NameChange::Rename(from.to_owned(), to.to_owned());
        let mut machine = self.0.borrow_mut();
        apply_name(&mut machine.names, &change);
        machine.pending_names.push(change);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.operate()?;
        let mut machine = self.0.borrow_mut();
        if !machine.names.contains_key(name) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let change = NameChange::Remove(name.to_owned());
        apply_name(&mut machine.names, &change);
        machine.pending_names.push(change);
        Ok(())
    }

    fn sync_folder(&self, point: SyncPoint) -> io::Result<()> {
        self.operate()?;
        let mut machine = self.0.borrow_mut();
        if machine.skips != Some(point) {
            for change in std::mem::take(&mut machine.pending_names) {
                apply_name(&mut machine.durable_names, &change);
            }
        }
        Ok(())
    }
}

/// An open file of the simulated machine.
#[derive(Debug)]
pub(super) struct SimFile {
    sim: Sim,
    inode: usize,
}

impl SimFile {
    fn change(&self, write: Write) {
        let mut machine = self.sim.0.borrow_mut();
        let inode = &mut machine.inodes[self.inode];
        apply(&mut inode.seen, write.clone());
        inode.pending.push(write);
    }
}

impl SpoolFile for SimFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let offset = self.sim.0.borrow().inodes[self.inode].seen.len();
        self.write_at(bytes, offset as u64)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let result = self.sim.operate();
        if self.sim.has_ended() && result.is_err() && !self.sim.dies_now() {
            return result;
        }
        // A write that fails, for want of room or because the process dies, has written something.
        let written = match result {
            Ok(()) => bytes.len(),
            Err(_) => self.sim.0.borrow_mut().random.below(bytes.len() as u64 + 1) as usize,
        };
        self.change(Write::Bytes {
            offset: offset as usize,
            bytes: bytes[..written].to_vec(),
        });
        result
    }

    fn sync(&self, point: SyncPoint) -> io::Result<()> {
        let result = self.sim.operate();
        if self.sim.has_ended() && result.is_err() {
            return result;
        }
        let mut machine = self.sim.0.borrow_mut();
        if machine.skips == Some(point) {
            return result;
        }
        let Machine { inodes, random, .. } = &mut *machine;
        let inode = &mut inodes[self.inode];
        let pending = std::mem::take(&mut inode.pending);
        match result {
            Ok(()) => {
                for write in pending {
                    apply(&mut inode.durable, write);
                }
            }
            // Pages are taken for clean from now on, whatever reached the disk.
            Err(_) => write_some(&mut inode.durable, pending, random),
        }
        result
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.sim.operate()?;
        self.change(Write::Cut {
            length: length as usize,
        });
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        self.sim.operate()?;
        Ok(self.sim.0.borrow().inodes[self.inode].seen.len() as u64)
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        self.sim.operate()?;
        let machine = self.sim.0.borrow();
        let rest = machine.inodes[self.inode].seen.get(offset as usize..);
        let rest = rest.unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

//! Keeps the raw bytes of an answer for rules that want other fields of it later: in memory while there is room, then in one anonymous
//! temporary file that all answers of a run share and that is gone with the process.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Bytes are written and read in blocks of this size.
const BLOCK: usize = 1024 * 1024;
/// What one answer may keep in memory.
const MEMORY_OF_ONE: u64 = 16 * 1024 * 1024;
/// What all answers together may keep in memory.
const MEMORY_OF_ALL: u64 = 64 * 1024 * 1024;

/// Where all answers of a run are kept.
#[derive(Debug)]
pub(super) struct SpoolRoom {
    memory_left: AtomicU64,
    file: OnceLock<File>,
    file_end: AtomicU64,
}

impl SpoolRoom {
    pub(super) fn new() -> Arc<Self> {
        Self::with_memory(MEMORY_OF_ALL)
    }

    fn with_memory(bytes: u64) -> Arc<Self> {
        Arc::new(Self { memory_left: AtomicU64::new(bytes), file: OnceLock::new(), file_end: AtomicU64::new(0) })
    }

    fn take_memory(&self, bytes: u64) -> bool {
        let take = |left: u64| left.checked_sub(bytes);
        self.memory_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn file(&self) -> io::Result<&File> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = tempfile::tempfile()?;
        Ok(self.file.get_or_init(|| file))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<Block> {
        let file = self.file()?;
        let offset = self.file_end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        file.write_all_at(bytes, offset)?;
        Ok(Block::File { offset, length: bytes.len() })
    }
}

#[derive(Debug)]
enum Block {
    Memory(Vec<u8>),
    File { offset: u64, length: usize },
}

/// The bytes of one answer, complete or still growing.
#[derive(Debug)]
pub(super) struct Spool {
    room: Arc<SpoolRoom>,
    blocks: Vec<Block>,
    filling: Vec<u8>,
    in_memory: u64,
}

impl Spool {
    pub(super) fn new(room: &Arc<SpoolRoom>) -> Self {
        Self { room: Arc::clone(room), blocks: Vec::new(), filling: Vec::new(), in_memory: 0 }
    }

    /// Adds bytes. After an error the spool is of no use.
    pub(super) fn push(&mut self, mut piece: &[u8]) -> io::Result<()> {
        while !piece.is_empty() {
            let (now, later) = piece.split_at(piece.len().min(BLOCK - self.filling.len()));
            self.filling.extend_from_slice(now);
            if self.filling.len() == BLOCK {
                self.store()?;
            }
            piece = later;
        }
        Ok(())
    }

    /// Says that nothing follows.
    pub(super) fn finish(mut self) -> io::Result<Self> {
        self.store()?;
        self.filling = Vec::new();
        Ok(self)
    }

    fn store(&mut self) -> io::Result<()> {
        let bytes = self.filling.len() as u64;
        if self.in_memory + bytes <= MEMORY_OF_ONE && self.room.take_memory(bytes) {
            self.in_memory += bytes;
            self.blocks.push(Block::Memory(self.filling.as_slice().to_vec()));
        } else {
            self.blocks.push(self.room.write(&self.filling)?);
        }
        self.filling.clear();
        Ok(())
    }

    /// Hands over the bytes of a finished spool from the beginning, in pieces.
    pub(super) fn replay<E: From<io::Error>>(&self, mut each: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut read = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Memory(bytes) => each(bytes)?,
                Block::File { offset, length } => {
                    read.resize(*length, 0);
                    self.room.file()?.read_exact_at(&mut read, *offset)?;
                    each(&read)?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.room.memory_left.fetch_add(self.in_memory, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replayed(spool: &Spool) -> Vec<u8> {
        let mut bytes = Vec::new();
        spool
            .replay(|piece| {
                bytes.extend_from_slice(piece);
                Ok::<(), io::Error>(())
            })
            .expect("a readable spool");
        bytes
    }

    fn spooled(room: &Arc<SpoolRoom>, bytes: &[u8]) -> Spool {
        let mut spool = Spool::new(room);
        bytes.chunks(300_007).for_each(|piece| spool.push(piece).expect("room on the disk"));
        spool.finish().expect("room on the disk")
    }

    fn sample(length: usize) -> Vec<u8> {
        (0..=250_u8).cycle().take(length).collect()
    }

    #[test]
    fn small_answers_stay_in_memory_and_give_it_back() {
        let room = SpoolRoom::with_memory(10_000_000);
        let bytes = sample(3_000_000);
        let spool = spooled(&room, &bytes);
        assert_eq!(replayed(&spool), bytes);
        assert!(room.file.get().is_none());
        drop(spool);
        assert_eq!(room.memory_left.load(Ordering::Relaxed), 10_000_000);
    }

    #[test]
    fn what_memory_has_no_room_for_goes_through_the_file() {
        let room = SpoolRoom::with_memory(1_500_000);
        let (first, second) = (sample(3_333_333), sample(2_500_001));
        let spools = [spooled(&room, &first), spooled(&room, &second)];
        assert!(room.file.get().is_some());
        assert!(spools.iter().map(replayed).eq([first, second]));
    }

    #[test]
    fn one_answer_does_not_take_all_the_memory() {
        let room = SpoolRoom::new();
        let spool = spooled(&room, &sample(20 << 20));
        assert_eq!(spool.in_memory, MEMORY_OF_ONE);
        assert_eq!(replayed(&spool), sample(20 << 20));
    }

    #[test]
    fn nothing_is_an_answer_too() {
        assert_eq!(replayed(&spooled(&SpoolRoom::new(), b"")), b"");
    }
}

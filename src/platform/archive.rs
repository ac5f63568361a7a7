//! The archive: every byte sent or received, as it was, with its hash. Append-only by trigger on both engines.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::{args, statements};

/// The largest file the archive takes in one row. Partners split at 100 MB or far earlier, SQLite's own limit on a value is 1 GB, and a
/// process that handles four files at once must stay well inside a small machine.
pub const FILE_BYTES_MAX: usize = 256 << 20;

statements! {
    INSERT = "INSERT INTO archive (id, sha256, byte_count, gzip_bytes, stored_ms) VALUES ($1, $2, $3, $4, $5)";
    LOAD = "SELECT sha256, byte_count, gzip_bytes FROM archive WHERE id = $1";
    PAGE = "SELECT id, sha256, byte_count, gzip_bytes FROM archive WHERE id > $1 ORDER BY id LIMIT 1";
}

/// Bytes ready to be archived: compressed and hashed before a transaction begins, since both take time.
#[derive(Debug)]
pub struct Packed {
    /// SHA-256 of the plain bytes, hexadecimal.
    pub sha256: String,
    byte_count: i64,
    gzip: Vec<u8>,
}

/// SHA-256 as hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compresses and hashes bytes.
pub fn pack(bytes: &[u8]) -> std::io::Result<Packed> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    Ok(Packed { sha256: sha256_hex(bytes), byte_count: bytes.len() as i64, gzip: encoder.finish()? })
}

/// Stores packed bytes; gives the archive key.
pub async fn store(tx: &mut Tx, packed: Packed, now: Millis) -> Result<i64, DbError> {
    let id: i64 = tx.new_key()?;
    tx.execute(&INSERT, args![id, packed.sha256, packed.byte_count, packed.gzip, now]).await?;
    Ok(id)
}

/// The plain bytes of an archived file, proved against their hash.
pub async fn load(db: &mut impl Queries, id: i64) -> Result<Vec<u8>, DbError> {
    let (sha256, byte_count, gzip): (String, i64, Vec<u8>) = db.one(&LOAD, args![id]).await?;
    unpack(&sha256, byte_count, &gzip).ok_or(DbError::Corrupt("archive"))
}

/// Walks the archive for verification: the next file after a key, with whether its bytes still have their hash.
pub async fn check_next(db: &mut impl Queries, after: i64) -> Result<Option<(i64, bool)>, DbError> {
    let row: Option<(i64, String, i64, Vec<u8>)> = db.optional(&PAGE, args![after]).await?;
    Ok(row.map(|(id, sha256, byte_count, gzip)| (id, unpack(&sha256, byte_count, &gzip).is_some())))
}

fn unpack(sha256: &str, byte_count: i64, gzip: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(gzip).take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as i64 == byte_count && sha256_hex(&bytes) == sha256).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_bytes_unpack_to_themselves_and_a_changed_byte_is_found() {
        let packed = pack(b"ISA*00*").unwrap();
        assert_eq!(unpack(&packed.sha256, packed.byte_count, &packed.gzip).unwrap(), b"ISA*00*");
        let other = pack(b"ISA*01*").unwrap();
        assert!(unpack(&packed.sha256, packed.byte_count, &other.gzip).is_none());
    }
}

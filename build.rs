//! Tells the program a fingerprint of its own code: what was judged by other code is judged anew.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
    let mut hasher = DefaultHasher::new();
    add(Path::new("src"), &mut hasher)?;
    // The libraries that read documents are a part of what judges.
    std::fs::read("Cargo.lock")?.hash(&mut hasher);
    println!("cargo::rustc-env=DRAGNET_CODE={:016x}", hasher.finish());
    Ok(())
}

/// Adds every file below a folder, in order of their names.
fn add(folder: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        entry.file_name().hash(hasher);
        if entry.file_type()?.is_dir() {
            add(&entry.path(), hasher)?;
        } else if entry.file_type()?.is_file() {
            std::fs::read(entry.path())?.hash(hasher);
        }
    }
    Ok(())
}

//! The acceptance run: the two real pages against facts that were written down by reading them, the whole way over both
//! pages, and a record of every exchange for `validate.mjs`. It needs the folder that `DRAGNET_SHARED` names, so it is no
//! part of `cargo test`; `make acceptance` runs it.

// Said although every integration test is one: the lints for tests then hold in its helpers too.
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod record;
#[cfg(test)]
#[expect(dead_code, reason = "the acceptance run tells fewer stories than the integration tests")]
#[path = "../it/world.rs"]
mod world;

/// A file of the shared folder.
#[cfg(test)]
fn shared(name: &str) -> std::path::PathBuf {
    #[expect(clippy::disallowed_methods, reason = "the run is told by its environment where the pages are")]
    let folder = std::env::var("DRAGNET_SHARED").expect("DRAGNET_SHARED names the folder with the real pages");
    let path = std::path::PathBuf::from(folder).join(name);
    assert!(path.exists(), "{} is missing", path.display());
    path
}

//! Arguments in, exit code out.

/// Runs dragnet.
#[tokio::main]
async fn main() -> std::process::ExitCode {
    dragnet::cli::run(std::env::args_os()).await.into()
}

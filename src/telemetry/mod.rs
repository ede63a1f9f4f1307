//! Logging, set up once, and words to the service manager.

pub mod systemd;

use tracing_subscriber::EnvFilter;

/// Sends the log to standard error. `level` is what `-q` and `-v` choose: -1 errors, 0 warnings, 1 information, 2 and
/// more everything of ours; `filter` (the variable `DRAGNET_LOG`) overrides it, module by module.
///
/// The libraries below us stay at warnings unless a filter names them: at their finer levels they print requests.
pub fn start(level: i8, filter: Option<&str>, color: bool) {
    let ours = match level {
        i8::MIN..=-1 => "error",
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = filter.map_or_else(|| EnvFilter::new(format!("warn,dragnet={ours}")), EnvFilter::new);
    // A second call (a test that runs two commands in one process) keeps the first setting.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(color).with_writer(std::io::stderr).try_init();
}

//! Logging, set up once, and words to the service manager.

mod form;
pub mod systemd;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format;

use self::form::Folding;
pub use self::form::Form;

/// How the log is written.
#[derive(Debug, Clone, Copy)]
pub struct Log<'a> {
    /// What `-q` and `-v` choose: -1 errors, 0 warnings, 1 information, 2 and more everything of ours.
    pub level: i8,
    /// Overrides it, module by module (the variable `DRAGNET_LOG`).
    pub filter: Option<&'a str>,
    /// Whether a terminal shows colours.
    pub color: bool,
    /// In which form.
    pub form: Form,
    /// Whether warnings that say the same are told every ten minutes at most: for what runs for long.
    pub fold: bool,
}

/// Sends the log to standard error.
///
/// The libraries below us stay at warnings unless a filter names them: at their finer levels they print requests.
pub fn start(log: Log<'_>) {
    let ours = match log.level {
        i8::MIN..=-1 => "error",
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = log.filter.map_or_else(|| EnvFilter::new(format!("warn,dragnet={ours}")), EnvFilter::new);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call (a test that runs two commands in one process) keeps the first setting.
    let _ = match log.form {
        Form::Text => builder.with_ansi(log.color).event_format(Folding::new(format(), log.form, log.fold)).try_init(),
        // The journal keeps the time, and shows colours of its own by priority.
        Form::Journal => builder
            .with_ansi(false)
            .event_format(Folding::new(format().with_ansi(false).without_time().with_level(false), log.form, log.fold))
            .try_init(),
        Form::Json => builder
            .json()
            .event_format(Folding::new(format().json().flatten_event(true), log.form, log.fold))
            .try_init(),
    };
}

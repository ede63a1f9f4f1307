//! Who may see what is served and how often they may ask, and by which certificate the page is known.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use toml::Spanned;

use super::check::Checked;
use super::error::Places;
use super::{Config, ConfigError, credentials, file};
use crate::domain::access::{Access, Identity, RATE, Role, User};

/// The header of most proxies that log people in.
const USER_HEADER: &str = "x-forwarded-user";

/// What the file says of those who come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitors {
    /// The file of users.
    pub users_file: Option<Named>,
    /// The proxies that are believed.
    pub proxies: Vec<ipnet::IpNet>,
    /// The header in which they say who somebody is, in lower case.
    pub user_header: String,
    /// Whether anybody may read who reaches the address.
    pub open: bool,
    /// How many requests a second one address may make.
    pub rate: u32,
    /// The certificate and its key.
    pub tls: Option<(Named, Named)>,
}

/// A file that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The file.
    pub path: PathBuf,
    /// Where the configuration says so, as `file:line:column`.
    pub place: String,
}

pub(super) fn visitors(serve: &file::Serve, folder: &Path, places: &Places<'_>) -> Checked<Visitors> {
    let named = |text: &Spanned<String>| Named {
        path: credentials::named(folder, text.get_ref()),
        place: places.place(text.span()),
    };
    let proxies = serve.trusted_proxies.iter().map(|text| network(text, places)).collect::<Checked<Vec<_>>>()?;
    let user_header = match &serve.user_header {
        None => USER_HEADER.to_owned(),
        Some(text) if proxies.is_empty() => {
            let hint = Some("add trusted_proxies = [\"10.1.0.0/16\"]: from others the header is not believed");
            return Err(places.wrong_with_hint(text.span(), "`user_header` without `trusted_proxies`", hint));
        }
        Some(text) => match http::HeaderName::from_bytes(text.get_ref().as_bytes()) {
            Ok(name) => name.as_str().to_owned(),
            Err(_) => return Err(places.wrong(text.span(), format!("`{}` is no name of a header", text.get_ref()))),
        },
    };
    let tls = match (&serve.tls_cert_file, &serve.tls_key_file) {
        (Some(cert), Some(key)) => Some((named(cert), named(key))),
        (None, None) => None,
        (Some(alone), None) | (None, Some(alone)) => {
            return Err(places.wrong(alone.span(), "`tls_cert_file` and `tls_key_file` belong together"));
        }
    };
    let users_file = serve.users_file.as_ref().map(named);
    Ok(Visitors { users_file, proxies, user_header, open: serve.open, rate: rate(serve.rate.as_ref(), places)?, tls })
}

fn rate(number: Option<&Spanned<u32>>, places: &Places<'_>) -> Checked<u32> {
    match number {
        None => Ok(RATE),
        Some(number) if *number.get_ref() == 0 => {
            let hint = Some("leave it out for 1000; with 0 nobody would be answered");
            Err(places.wrong_with_hint(number.span(), "expected requests a second, 1 or more", hint))
        }
        Some(number) => Ok(*number.get_ref()),
    }
}

fn network(text: &Spanned<String>, places: &Places<'_>) -> Checked<ipnet::IpNet> {
    let written = text.get_ref();
    let network = written.parse().or_else(|_| written.parse::<std::net::IpAddr>().map(ipnet::IpNet::from));
    network.map_err(|_| {
        let hint = Some("expected an address or a network, such as \"127.0.0.1\" or \"10.1.0.0/16\"");
        places.wrong_with_hint(text.span(), format!("`{written}` is no network"), hint)
    })
}

impl Config {
    /// Who may come in, with the users of now.
    pub fn access(&self) -> Result<Access, ConfigError> {
        let Visitors { users_file, proxies, user_header, rate, .. } = &self.visitors;
        let users = users_file.as_ref().map(users).transpose()?;
        Ok(Access {
            guarded: users.is_some() || !proxies.is_empty(),
            users: users.unwrap_or_default(),
            proxies: proxies.clone(),
            user_header: user_header.clone(),
            rate: *rate,
        })
    }

    /// The certificate of now; `None` where the page is served by plain http.
    pub fn identity(&self) -> Result<Option<Identity>, ConfigError> {
        let Some((cert, key)) = &self.visitors.tls else { return Ok(None) };
        let chain = read(cert, "the certificate")?;
        Ok(Some(Identity { chain, key: SecretString::from(read(key, "the certificate's key")?) }))
    }
}

fn read(Named { path, place }: &Named, what: &str) -> Result<String, ConfigError> {
    credentials::read(path).map_err(|error| ConfigError::Wrong {
        place: place.clone(),
        message: format!("cannot read {what} `{}`: {error}", path.display()),
        hint: None,
    })
}

/// The users of a file: `name:role:hash` on each line. Whoever has no hash comes in by a proxy only.
fn users(named: &Named) -> Result<Vec<User>, ConfigError> {
    let text = read(named, "the users")?;
    let mut users: Vec<User> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
    {
        let wrong = |message: String| ConfigError::Wrong {
            place: format!("{}:{}:1", named.path.display(), number + 1),
            message,
            hint: Some("`dragnet user NAME --role read` writes a line: `name:role:hash`".to_owned()),
        };
        let mut parts = line.trim().splitn(3, ':');
        let (name, role, hash) = (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or_default());
        let role: Role = role.and_then(|role| role.parse().ok()).ok_or_else(|| {
            wrong("expected a name and `read`, `decide` or `operate`, with a colon between".to_owned())
        })?;
        if name.is_empty() || users.iter().any(|user| user.name == name) {
            return Err(wrong(format!("`{name}` is no name, or the name of a line above")));
        }
        // The hash itself is never told.
        if !hash.is_empty() && !hash.starts_with("$argon2") {
            return Err(wrong(format!("what stands behind `{name}:{}:` is no Argon2 hash", role.word())));
        }
        let hash = (!hash.is_empty()).then(|| hash.to_owned());
        users.push(User { name: name.to_owned(), role, hash });
    }
    Ok(users)
}

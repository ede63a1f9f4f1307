//! Who a tracker is asked as: a token, an account or an app, of which the file may name one.

use std::path::Path;

use toml::Spanned;

use super::check::Checked;
use super::credentials::{AppSettings, Credentials, Stored, TokenPlace, named};
use super::error::Places;
use super::file;
use crate::domain::tracker::TrackerKind;

/// Who a tracker is asked as, and where the secret of that is.
pub(super) fn credentials(raw: &file::Tracker, folder: &Path, places: &Places<'_>) -> Checked<Credentials> {
    if let Some(app) = app(raw, places)? {
        let token =
            secret_place(["app_key_file", "app_key_env"], [&raw.app_key_file, &raw.app_key_env], folder, places)?;
        return Ok(Credentials { email: None, token, app: Some(app), ..places_of(raw, places) });
    }
    let token = secret_place(["token_file", "token_env"], [&raw.token_file, &raw.token_env], folder, places)?;
    if let (Some(email), TokenPlace::Usual) = (&raw.email, &token) {
        return Err(places.wrong_with_hint(
            email.span(),
            "`email` without a token",
            Some("add token_file = \"…\" or token_env = \"…\""),
        ));
    }
    let email = raw.email.as_ref().map(|email| email.get_ref().clone());
    Ok(Credentials { email, token, ..places_of(raw, places) })
}

/// No credentials yet, with the places where the file says what they are and to whom they go.
fn places_of(raw: &file::Tracker, places: &Places<'_>) -> Credentials {
    let place_of = |keys: &[&Option<Spanned<String>>]| {
        let first = keys.iter().find_map(|key| key.as_ref());
        places.place(first.unwrap_or(&raw.name).span())
    };
    Credentials {
        email: None,
        token: TokenPlace::Usual,
        app: None,
        place: place_of(&[&raw.token_file, &raw.token_env, &raw.app_key_file, &raw.app_key_env]),
        goes_to: place_of(&[&raw.api_url, &raw.site]),
    }
}

/// Where a secret is, of a file and a variable that exclude each other.
pub(super) fn secret_place(
    names: [&str; 2],
    [file, env]: [&Option<Spanned<String>>; 2],
    folder: &Path,
    places: &Places<'_>,
) -> Checked<TokenPlace> {
    match (file, env) {
        (Some(file), Some(_)) => {
            Err(places.wrong(file.span(), format!("`{}` and `{}` exclude each other", names[0], names[1])))
        }
        (Some(file), None) => Ok(TokenPlace::Stored(Stored::File(named(folder, file.get_ref())))),
        (None, Some(name)) => Ok(TokenPlace::Stored(Stored::Env(name.get_ref().clone()))),
        (None, None) => Ok(TokenPlace::Usual),
    }
}

/// The GitHub App that the tracker is asked by, if it is one. Its keys come together or not at all.
fn app(raw: &file::Tracker, places: &Places<'_>) -> Checked<Option<AppSettings>> {
    let key = raw.app_key_file.as_ref().or(raw.app_key_env.as_ref());
    let installation = raw.installation_id.as_ref();
    let Some(id) = &raw.app_id else {
        let alone = key.map(Spanned::span).or(installation.map(Spanned::span));
        return match alone {
            Some(span) => Err(places.wrong_with_hint(
                span,
                "a key or an installation without its app",
                Some("add app_id = …, the number that the app's own page shows"),
            )),
            None => Ok(None),
        };
    };
    if raw.kind != TrackerKind::GitHub {
        return Err(places.wrong(id.span(), "`app_id` is for GitHub only"));
    }
    if let Some(token) = raw.token_file.as_ref().or(raw.token_env.as_ref()).or(raw.email.as_ref()) {
        return Err(places.wrong(token.span(), "a token and an app exclude each other"));
    }
    if key.is_none() {
        return Err(places.wrong_with_hint(
            id.span(),
            "`app_id` without the app's key",
            Some("add app_key_file = \"…\" or app_key_env = \"…\""),
        ));
    }
    Ok(Some(AppSettings { id: *id.get_ref(), installation: installation.map(|id| *id.get_ref()) }))
}

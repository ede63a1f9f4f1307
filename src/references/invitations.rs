//! Links that let whoever has them in: invitations and what carries a secret.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::Scan;
use crate::domain::finding::{Code, Problem};
use crate::domain::reference::Page;

/// Parameters that carry an invitation, in lower case and without `-` and `_`.
const CARRIERS: [&str; 12] = [
    "invitationid",
    "invitation",
    "invitationtoken",
    "invite",
    "invitecode",
    "invitetoken",
    "inviteid",
    "sharetoken",
    "accesstoken",
    "resourcekey",
    "pwd",
    "joincode",
];

/// Addresses that are invitations by themselves: of a workspace, a server, a group, a team.
static INVITES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^https?://(?:join\.slack\.com/|discord\.gg/|(?:www\.)?discord(?:app)?\.com/invite/|chat\.whatsapp\.com/|t\.me/(?:joinchat/|\+)|[^/]+/(?:[^?#]*/)?(?:shared_invite|accept-invit\w*|invitations?|invites?|join)/[\w~-]{6,})")
        .expect("a constant pattern")
});

/// Invitations among what a document links to: for documents that anybody may read.
pub fn invitations(scan: &Scan) -> Vec<Problem> {
    let found = scan.pages.iter().filter(|page| is_invitation(&page.address));
    found.map(problem).collect()
}

/// Says where it stands and on which host, and not the secret.
fn problem(page: &Page) -> Problem {
    let host = Url::parse(&page.address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    Problem {
        code: Code::PrivateLink,
        place: page.place.clone(),
        message: format!("a link to {host} carries an invitation, and this document is public"),
        hint: Some("link without it, and take the invitation back".to_owned()),
    }
}

fn is_invitation(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let carries = |(key, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        let key: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        !value.is_empty() && CARRIERS.contains(&key.as_str())
    };
    INVITES.is_match(address) || url.query_pairs().any(carries)
}

#[cfg(test)]
mod tests {
    use super::is_invitation;

    #[test]
    fn invitations_are_known_by_their_address() {
        for (address, expected) in [
            ("https://draw.example/d/1/edit?beacon=7&invitationId=inv_1f2e&page=9", true),
            ("https://draw.example/d/1/edit?invitation_id=inv_1f2e", true),
            ("https://draw.example/d/1/edit?invitationId=", false),
            ("https://draw.example/d/1/edit", false),
            ("https://join.slack.com/t/acme/shared_invite/zt-1a2b3c", true),
            ("https://discord.gg/a1b2c3", true),
            ("https://meet.example/j/123456?pwd=s3cret", true),
            ("https://chat.example/teams/invite/a1b2c3d4", true),
            ("https://example.org/blog/how-to-invite/people", false),
            ("https://example.org/join/us", false),
            ("https://docs.google.com/document/d/1/edit?usp=sharing", false),
            ("mailto:a@example.org", false),
            ("no address", false),
        ] {
            assert_eq!(is_invitation(address), expected, "{address}");
        }
    }
}

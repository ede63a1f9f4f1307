//! Addresses within the site.

use crate::domain::challenge::ChallengeId;
use crate::domain::ticket::TicketId;

/// The page of a challenge.
pub(super) fn challenge(id: &ChallengeId) -> String {
    below("/challenges/", &id.0)
}

/// The page of a ticket.
pub(super) fn ticket(id: &TicketId) -> String {
    below("/tickets/", &id.to_string())
}

/// The page of a register.
pub(super) fn register(path: &str) -> String {
    below("/registers/", path)
}

/// The address of `name` below `root`. Slashes stay where browsers leave them alone: they take away `.` and `..`, and some
/// proxies fold slashes that follow each other.
fn below(root: &str, name: &str) -> String {
    let stays = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    let mut address = root.to_owned();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'@' => {
                address.push(char::from(byte));
            }
            b'/' if stays => address.push('/'),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn an_address_leads_to_its_name_and_nowhere_else() {
        for (name, address) in [
            ("docs/challenges.md", "/x/docs/challenges.md"),
            ("../a/b.md", "/x/..%2Fa%2Fb.md"),
            ("https://wiki.example/a", "/x/https:%2F%2Fwiki.example%2Fa"),
            ("github:acme/shop#12", "/x/github:acme/shop%2312"),
            ("a?b&c=\"<ü>", "/x/a%3Fb%26c%3D%22%3C%C3%BC%3E"),
        ] {
            assert_eq!(below("/x/", name), address);
        }
    }
}

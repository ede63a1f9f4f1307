//! Digests in the configuration: what is refused, with its place, and what becomes of their secrets.

use super::read;
use crate::config::Config;

#[test]
fn digests_are_checked_with_their_places() {
    const MAIL: &str = "[mail]\nhost = \"mail.example\"\nfrom = \"a@example.org\"\n";
    const HOME: &str = "[serve]\npublic_url = \"https://dragnet.example\"\n";
    let digest = |more: &str| format!("[[digest]]\nname = \"d\"\n{more}\n");
    let slack = "kind = \"slack\"\nurl_env = \"S\"";
    for (text, expected) in [
        (digest("kind = \"slack\""), "3:8: a digest of kind `slack` needs the webhook's address"),
        (digest("kind = \"pigeon\""), "3:8: unknown variant `pigeon`"),
        (digest(&format!("{slack}\nurl_file = \"s\"")), "`url_file` and `url_env` exclude each other"),
        (digest(&format!("{slack}\nissue = 1")), "5:9: `issue` is for a digest of kind `github` only"),
        (digest(&format!("{slack}\nmentions = {{ A = \"!channel\" }}")), "`!channel` addresses nobody"),
        (digest("kind = \"teams\"\nurl_env = \"S\"\nmentions = { A = \"U1\" }"), "`mentions` are for digests of kind"),
        (digest(&format!("{slack}\nschedule = \"daily\"")), "5:12: `daily`: expected five fields"),
        (digest(&format!("{slack}\ntimezone = \"Berlin\"")), "5:12: `Berlin` is no time zone"),
        (digest("kind = \"webhook\"\nurl_env = \"S\""), "needs a secret to sign with"),
        (digest("kind = \"github\""), "needs an issue"),
        (digest("kind = \"github\"\nrepo = \"a/b\"\nissue = 1"), "needs a token of its own"),
        (digest("kind = \"mail\""), "needs a mail server"),
        (format!("{MAIL}{}", digest("kind = \"mail\"")), "needs the page's address, with https"),
        (format!("{MAIL}{HOME}{}", digest("kind = \"mail\"")), "needs readers"),
        (
            format!("{MAIL}{HOME}{}", digest("kind = \"mail\"\nto = [\"a@b.example\\nBcc: c@d.example\"]")),
            "is no mail address",
        ),
        (format!("{}{}", digest(slack), digest(slack)), "there are two digests named `d`"),
        (format!("{MAIL}security = \"none\"\n"), "`none` is for a server on this machine"),
        (format!("{MAIL}user = \"u\"\n"), "`user` without a password"),
        ("[mail]\nhost = \"a b\"\nfrom = \"a@example.org\"\n".to_owned(), "`a b` is no name of a server"),
        ("[mail]\nhost = \"a\"\nfrom = \"nobody\"\n".to_owned(), "`nobody` is no address to send from"),
    ] {
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\n{error}");
    }
}

#[test]
fn a_digest_s_secret_is_fetched_when_it_is_sent_and_never_told() {
    let folder = tempfile::tempdir().unwrap();
    let settings = |secret: &str| {
        std::fs::write(folder.path().join("hook"), secret).unwrap();
        let text = "[[digest]]\nname = \"d\"\nkind = \"slack\"\nurl_file = \"hook\"\n";
        Config::from_text(&folder.path().join("dragnet.toml"), text).unwrap().digest_settings()
    };
    let right = settings("https://hooks.example/T/s3cret\n").unwrap();
    assert_eq!((right.len(), right[0].schedule.text()), (1, "0 9 * * mon"));
    assert!(!format!("{right:?}").contains("s3cret"), "{right:?}");
    for (secret, says) in [
        ("http://hooks.example/s3cret", "digest `d`: the secret is no https address"),
        ("s3cret", "digest `d`: the secret is no https address"),
        ("", "no secret for digest `d`"),
    ] {
        let error = settings(secret).unwrap_err().to_string();
        assert!(error.contains(says) && !error.contains("s3cret"), "{error}");
    }
    assert!(settings("http://127.0.0.1:9/s3cret").is_ok(), "nothing leaves this machine");
}

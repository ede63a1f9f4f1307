//! A daemon that serves its pages behind a proxy that is believed, and what comes back when they are asked for.

use std::net::SocketAddr;
use std::process::Child;

use reqwest::redirect::Policy;

use super::daemon::{get, stopped, wait_for};
use super::world::{World, free_address};

/// A schedule that comes on no day of a test.
pub(crate) const ONCE_A_YEAR: &str = "[schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n";

/// A daemon: `ada` may read, `bob` may decide.
pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) address: SocketAddr,
    pub(crate) client: reqwest::Client,
    daemon: Child,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

impl Site {
    /// Makes a pass, and serves what came of it; `more` stands in the configuration as well.
    pub(crate) async fn of(world: World, more: &str) -> Self {
        world.write("users", "ada:read:\nbob:decide:\n");
        let proxies = "trusted_proxies = [\"127.0.0.1\"]\nuser_header = \"Remote-User\"\n";
        world.configure(&format!("{ONCE_A_YEAR}[serve]\nusers_file = \"users\"\n{proxies}{more}"));
        world.run(&["sync"]).await.ended(0);
        let address = free_address();
        let daemon = world.start(&["serve", "--listen", &address.to_string()]);
        wait_for("the page", || get(address, "/healthz")).await;
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { world, address, client, daemon }
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.ask(self.client.get(format!("http://{}{path}", self.address)), who).await
    }

    /// A page that is there, with what every page keeps to.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.get("ada", path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(answer.body.len() < 100_000, "{path}: {} bytes", answer.body.len());
        assert!(!answer.body.contains("<script") && !answer.body.contains("style=\""), "{path}: {}", answer.body);
        answer.body
    }

    /// What a form of `/decide` sends.
    pub(crate) async fn send(&self, who: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(format!("http://{}/decide", self.address)).body(form);
        self.ask(request.header("content-type", "application/x-www-form-urlencoded"), who).await
    }

    pub(crate) async fn ask(&self, request: reqwest::RequestBuilder, who: &str) -> Answer {
        let answer = request.header("remote-user", who).send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (location, kind) = (header("location"), header("content-type").unwrap_or_default());
        Answer { status: answer.status().as_u16(), kind, location, body: answer.text().await.unwrap() }
    }

    /// The fingerprint of the one finding of this code.
    pub(crate) fn finding(&self, code: &str) -> String {
        self.world.sql(&format!("SELECT fingerprint FROM finding WHERE code = '{code}' AND cleared_at IS NULL"))
    }

    /// The entries of the audit trail.
    pub(crate) fn acts(&self) -> i64 {
        self.world.sql("SELECT count(*) FROM audit")
    }

    pub(crate) async fn ends(self) {
        stopped(self.daemon).await;
    }
}

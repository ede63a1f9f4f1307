//! Digests: what changed goes out once, on every way, whatever goes wrong on it, and nothing goes out when nothing changed.

mod chats;
mod daemon;
mod mails;
mod smtp;

use dragnet::standin::{self, Chat, Running};

use super::world::{Ran, World, noon};

/// A world with a broken promise and a chat, and what is configured beside them.
struct Story {
    world: World,
    chat: Running,
}

impl Story {
    async fn new(chat: Chat, digest: &str) -> Self {
        Self::with(chat, digest, "").await
    }

    async fn with(chat: Chat, digest: &str, more: &str) -> Self {
        let (world, stage) = (World::new().await, standin::serve(chat).await.unwrap());
        world.write("hook", format!("{}{}\n", stage.url.as_str().trim_end_matches('/'), chat.path()));
        world.write("signing", "sign-s3cret\n");
        world.configure(&format!("[[digest]]\nname = \"payments\"\n{digest}\nurl_file = \"hook\"\n{more}"));
        world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
        world.run(&["sync"]).await.ended(0);
        Self { world, chat: stage }
    }

    /// Every digest's turn, now.
    async fn send(&self) -> Ran {
        self.world.run(&["digest", "send", "--now"]).await
    }

    /// What arrived, as text.
    fn arrived(&self) -> Vec<String> {
        let taken = self.chat.requests().into_iter().filter(|exchange| (200..300).contains(&exchange.status));
        taken.map(|exchange| String::from_utf8(exchange.request.to_vec()).unwrap()).collect()
    }

    /// Lets the pause before the next try pass, and whoever was killed be gone for good.
    fn time_passes(&self) {
        self.world.sql_run(
            "UPDATE outbox SET due_at = '2020-01-01T00:00:00Z';
             UPDATE outbox SET trying = '2020-01-01T00:00:00Z' WHERE trying IS NOT NULL;",
        );
    }
}

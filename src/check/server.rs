//! A running daemon in the place of the trackers: no token, no quota, and its last answers with their ages.

use std::collections::BTreeMap;

use http::Method;
use url::Url;

use crate::domain::inquiry::{Known, MOST, Wanted};
use crate::domain::known::KnownTicket;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::Credential;
use crate::http::{AT_ONCE, Call, Client, Limits, Pass, WHOLE, Weight};

/// What the daemon at `server` knows of these tickets; or why that cannot be told.
pub(super) async fn known_at(
    (server, credential): (&Url, &Credential),
    tickets: Vec<TicketId>,
) -> anyhow::Result<Result<BTreeMap<TicketId, KnownTicket>, String>> {
    let mut url = server.clone();
    url.set_path(&format!("{}/tickets.json", server.path().trim_end_matches('/')));
    let (client, pass) = (Client::new(Limits::default())?, Pass::new(credential, server)?);
    let gate = client.gates().gate(server, credential, 0, AT_ONCE);
    let mut known = BTreeMap::new();
    for some in tickets.chunks(MOST) {
        let question = serde_json::to_value(Wanted { tickets: some.to_vec() })?;
        let call = Call { method: Method::POST, url: url.clone(), json: Some(&question), pass: &pass, tag: None };
        let reply = match client.persist(Weight::Light, (&gate, WHOLE), || client.exchange(&call)).await {
            Ok(reply) => reply,
            Err(trouble) => return Ok(Err(trouble.says)),
        };
        if !reply.status.is_success() {
            let hint = match reply.status.as_u16() {
                401 | 403 => "; DRAGNET_SERVER_TOKEN holds `name:password` of one who may read there",
                _ => "",
            };
            return Ok(Err(format!("{}: answered {}{hint}", reply.asked(), reply.status.as_u16())));
        }
        match reply.json::<Known>() {
            Ok(told) => known.extend(told.tickets.into_iter().map(|ticket| (ticket.id.clone(), ticket))),
            Err(trouble) => return Ok(Err(trouble.says)),
        }
    }
    Ok(Ok(known))
}

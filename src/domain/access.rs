//! Who may see what is served, and who may do what.

use std::net::IpAddr;

use ipnet::IpNet;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// What somebody may do; each role may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// See pages, reports and metrics.
    Read,
    /// Also accept findings and give verdicts.
    Decide,
    /// Also ask for passes and reloads.
    Operate,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Decide, Self::Operate];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Decide => "decide",
            Self::Operate => "operate",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.word() == text).ok_or(())
    }
}

/// Somebody who may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name to log in with, or by which a proxy knows them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The Argon2 hash of their password, as a PHC string; absent for those whom only a proxy lets in.
    pub hash: Option<String>,
}

/// What a server shows of itself to those who connect by TLS.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The certificate and those that vouch for it, in PEM form.
    pub chain: String,
    /// The certificate's key, in PEM form.
    pub key: SecretString,
}

/// How many requests a second one address may make unless it is said otherwise: many people may come from one.
pub const RATE: u32 = 1000;

/// Who may come in, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Whether people have to say who they are; else whoever reaches the address may read.
    pub guarded: bool,
    /// Who is known.
    pub users: Vec<User>,
    /// The addresses of proxies that are believed when they say who somebody is.
    pub proxies: Vec<IpNet>,
    /// The header in which they say so, in lower case.
    pub user_header: String,
    /// How many requests a second one address may make.
    pub rate: u32,
}

impl Default for Access {
    /// Whoever reaches the address may read.
    fn default() -> Self {
        Self { guarded: false, users: Vec::new(), proxies: Vec::new(), user_header: String::new(), rate: RATE }
    }
}

impl Access {
    /// Whether what `peer` says of others is believed.
    pub fn believes(&self, peer: IpAddr) -> bool {
        // A socket for both families shows IPv4 peers as IPv6 addresses.
        let peer = peer.to_canonical();
        self.proxies.iter().any(|network| network.contains(&peer))
    }

    /// The user of this name.
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }
}

//! The integration tests: one binary, a file per subject.

// Said although every integration test is one: the lints for tests then hold in its helpers too.
#[cfg(test)]
mod access;
#[cfg(test)]
mod annotate;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod cadence;
#[cfg(test)]
mod check;
#[cfg(test)]
mod check_baseline;
#[cfg(test)]
mod check_code;
#[cfg(test)]
mod check_formats;
#[cfg(test)]
mod check_links;
#[cfg(test)]
mod check_peers;
#[cfg(test)]
mod check_server;
#[cfg(test)]
mod check_since;
#[cfg(test)]
mod check_trust;
#[cfg(test)]
mod check_waivers;
#[cfg(test)]
mod citations;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod costs;
#[cfg(test)]
mod daemon;
#[cfg(test)]
mod deciding;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod digests;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod follow_ups;
#[cfg(test)]
mod following;
#[cfg(test)]
mod handbook;
#[cfg(test)]
mod headings;
#[cfg(test)]
mod init;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod leading;
#[cfg(test)]
mod link;
#[cfg(test)]
mod listings;
#[cfg(test)]
mod nudges;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod private_links;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod ready_made;
#[cfg(test)]
mod register_history;
#[cfg(test)]
mod registers;
#[cfg(test)]
mod rehearsal;
#[cfg(test)]
mod rejudging;
#[cfg(test)]
mod replays;
#[cfg(test)]
mod report_since;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod site;
#[cfg(test)]
mod skimming;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod sources_wiki;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod trackers;
#[cfg(test)]
mod trends;
#[cfg(test)]
mod waits;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod whole;
#[cfg(test)]
mod world;
#[cfg(test)]
mod writing;

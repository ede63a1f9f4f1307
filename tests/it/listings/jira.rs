//! Jira's searches for what changed.

use dragnet::domain::lookup::LookupKind;
use dragnet::domain::tracker::Flavor;
use dragnet::standin::{Jira, Mishap};

use super::{Mishaps, arch, found};

#[tokio::test(flavor = "multi_thread")]
async fn a_jira_in_which_nothing_changed_is_one_request() {
    for (jira, flavor) in [(Jira::cloud(), Flavor::Cloud), (Jira::data_center(), Flavor::DataCenter)] {
        let (ask, list) = match flavor {
            Flavor::Cloud => ("POST /rest/api/3/issue/bulkfetch 200", "POST /rest/api/3/search/jql 200"),
            Flavor::DataCenter => ("POST /rest/api/2/search 200", "POST /rest/api/2/search 200"),
        };
        jira.page(40);
        let stage = arch(jira, 150).await;
        assert_eq!(found(&stage.pass().await), 150);
        assert_eq!(stage.asked().last().unwrap(), ask);
        let history = stage.history().await;
        stage.later(20);
        assert_eq!(found(&stage.pass().await), 150);
        assert_eq!((stage.asked(), stage.history().await), (vec![list.to_owned()], history));

        let now = stage.later(20);
        for n in 1..=50 {
            stage.jira.issue(&format!("ARCH-{}", 2 * n)).updated(now);
        }
        stage.jira.issue("OPS-7").status("Done", "done").resolution("Won't Do", now);
        assert_eq!(found(&stage.pass().await), 150);
        // Two pages; Data Center tells the way to a closing by a search of its own.
        let searches = if flavor == Flavor::Cloud { 2 } else { 3 };
        assert_eq!(stage.asked().iter().filter(|asked| *asked == list).count(), searches, "{:?}", stage.asked());
        assert_eq!(stage.state("jira:OPS-7").await, "Done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_is_no_good_is_no_answer() {
    let mishaps: Mishaps<5> = [
        ("in circles", |stage| drop(stage.jira.in_circles().issue("OPS-7"))),
        ("a million pages", |stage| drop(stage.jira.page(1).issue("OPS-7"))),
        ("an outage", |stage| stage.jira_stage.fail(Mishap::Status(500).on("/search"))),
        ("half a JSON", |stage| stage.jira_stage.fail(Mishap::HalfJson.on("/search"))),
        ("another shape", |stage| stage.jira_stage.fail(Mishap::WrongShape.on("/search"))),
    ];
    for (name, happens) in mishaps {
        let stage = arch(Jira::cloud(), 150).await;
        stage.pass().await;
        let now = stage.later(20);
        stage.jira.issue("OPS-7").status("Done", "done").resolution("Won't Do", now);
        (1..=20).for_each(|n| drop(stage.jira.issue(&format!("ARCH-{}", 2 * n)).updated(now)));
        happens(&stage);
        assert_eq!(found(&stage.pass().await), 150, "{name}");
        assert_eq!(stage.state("jira:OPS-7").await, "Done", "{name}");
    }
    // A project that is not shown any more spoils the whole search, and is told as what it is.
    let stage = arch(Jira::cloud(), 150).await;
    stage.pass().await;
    stage.later(20);
    stage.jira.project_hidden("OPS");
    let outcome = stage.pass().await;
    assert_eq!(outcome.lookups[&LookupKind::Found], 75);
}

//! What a tracker turned out to be is kept from pass to pass, for a while and at one address.

use dragnet::standin::Mishap;

use super::Case;

fn asked(case: &Case, what: &str) -> usize {
    let made = case.world.jira_stage.requests().into_iter().chain(case.world.github_stage.requests());
    let count = made.filter(|it| it.path.contains(what) || String::from_utf8_lossy(&it.request).contains(what)).count();
    case.forget();
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn which_jira_it_is_is_asked_once_a_week() {
    let case = Case::new().await;
    let config = std::fs::read_to_string(case.world.path("dragnet.toml")).unwrap();
    case.world.write("dragnet.toml", config.replace("flavor = \"cloud\"\n", ""));
    for (days, times) in [(0, 1), (0, 0), (3, 0), (5, 1), (3, 0)] {
        case.later(days * 86_400);
        assert!(case.pass().await.pass.run.complete);
        assert_eq!(asked(&case, "serverInfo"), times, "{days} days later");
    }
    // An answer that is none may come from another Jira than it was.
    case.world.jira_stage.fail(Mishap::LoginPage);
    case.pass().await;
    case.world.jira_stage.heal();
    case.forget();
    assert!(case.pass().await.pass.run.complete);
    assert_eq!(asked(&case, "serverInfo"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_github_lacks_is_found_out_once() {
    let case = Case::new().await;
    case.world.github.without_enable_duplicate();
    for times in [1, 0, 0] {
        assert!(case.pass().await.pass.run.complete);
        assert_eq!(asked(&case, "enableDuplicate"), times);
    }
}

//! What stands in `deploy/`: it names what the program has, and lets nothing in that it should not.

use std::collections::BTreeSet;
use std::path::Path;

use dragnet::config::Config;
use yaml_rust2::{Yaml, YamlLoader};

use super::world::repository;

fn text(name: &str) -> String {
    std::fs::read_to_string(repository(name)).unwrap()
}

fn yaml(name: &str) -> Yaml {
    YamlLoader::load_from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}")).remove(0)
}

/// The names of metrics in a text.
fn metrics(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("dragnet_")).map(str::to_owned).collect()
}

#[test]
fn alerts_and_dashboard_name_metrics_that_there_are() {
    let there = metrics(&text("src/web/metrics.rs"));
    for file in ["deploy/prometheus/alerts.yml", "deploy/prometheus/alerts_test.yml", "deploy/grafana/dragnet.json"] {
        let named = metrics(&text(file));
        assert!(named.len() > 4, "{file}: {named:?}");
        for metric in named {
            let family = metric.trim_end_matches("_sum").trim_end_matches("_count");
            assert!(there.contains(family), "{file}: there is no metric `{metric}`");
        }
    }
    let alerts = yaml("deploy/prometheus/alerts.yml");
    let tested = text("deploy/prometheus/alerts_test.yml");
    for rule in alerts["groups"][0]["rules"].as_vec().unwrap() {
        let alert = rule["alert"].as_str().unwrap();
        assert!(tested.contains(&format!("alertname: {alert}\n")), "{alert} has no case");
    }
    // The alert of a daemon that is down goes by the name of the job.
    let scraped = yaml("deploy/prometheus/scrape.yml");
    let job = scraped["scrape_configs"][0]["job_name"].as_str().unwrap();
    assert!(text("deploy/prometheus/alerts.yml").contains(&format!("up{{job=\"{job}\"}}")));
    let dashboard: serde_json::Value = serde_json::from_str(&text("deploy/grafana/dragnet.json")).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() > 8);
}

#[test]
fn configurations_of_containers_are_right_and_let_in_whom_they_name() {
    for name in ["deploy/container/dragnet.toml", "deploy/kubernetes/dragnet.toml"] {
        let config = Config::from_text(Path::new(name), &text(name)).unwrap();
        assert!(!config.listen.ip().is_loopback() && !config.visitors.open, "{name}");
        assert!(config.visitors.users_file.is_some(), "{name}");
        assert!(config.store.starts_with("/var/lib/dragnet"), "{name}");
    }
}

#[test]
fn the_configuration_of_the_package_is_right_and_lets_nobody_in_from_elsewhere() {
    let name = "deploy/debian/dragnet.toml";
    let config = Config::from_text(Path::new(name), &text(name)).unwrap();
    assert!(config.listen.ip().is_loopback() && config.store.starts_with("/var/lib/dragnet"));
    // What is commented out is right as well.
    let all = text(name).replace("# token_file", "token_file").replace("\n# ", "\n");
    let tracker = all.find("[[tracker]]\nname = \"jira\"").expect("a Jira is proposed");
    let whole = format!("{}{}", text(name), &all[tracker..]);
    let config = Config::from_text(Path::new(name), &whole).unwrap();
    assert_eq!(config.trackers.len(), 2);
}

#[test]
fn containers_run_as_nobody_with_nothing_to_write_but_the_store() {
    let set = yaml("deploy/kubernetes/statefulset.yaml");
    assert_eq!(set["spec"]["replicas"].as_i64(), Some(1), "one daemon works on one store");
    let pod = &set["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"].as_bool(), Some(true));
    assert_eq!(pod["automountServiceAccountToken"].as_bool(), Some(false));
    let container = &pod["containers"][0];
    let security = &container["securityContext"];
    assert_eq!(security["readOnlyRootFilesystem"].as_bool(), Some(true));
    assert_eq!(security["allowPrivilegeEscalation"].as_bool(), Some(false));
    assert_eq!(security["capabilities"]["drop"][0].as_str(), Some("ALL"));
    for mount in container["volumeMounts"].as_vec().unwrap() {
        let writable = mount["readOnly"].as_bool() != Some(true);
        assert_eq!(writable, mount["name"].as_str() == Some("store"), "{mount:?}");
    }
    let image = text("deploy/container/Containerfile");
    assert!(image.contains(":nonroot\n") && image.contains("\"/usr/bin/dragnet\", \"health\""));
    // A volume is root's unless the folder below it was given away before.
    let given =
        image.find("COPY --from=build --chown=65532:65532 /store /var/lib/dragnet\n").expect("the store's folder");
    assert!(given < image.find("\nVOLUME /var/lib/dragnet\n").expect("a volume"));
    let left_out = text(".dockerignore");
    for name in [".git", "target", "**/node_modules"] {
        assert!(left_out.lines().any(|line| line == name), "{name} is sent to whoever builds the image");
    }
}

#[test]
fn a_proxy_sets_what_it_is_believed_for() {
    let nginx = text("deploy/nginx/dragnet.conf");
    for location in nginx.split("location ").skip(1) {
        for header in ["X-Forwarded-User ", "X-Forwarded-For $proxy_add_x_forwarded_for;"] {
            let set = format!("proxy_set_header     {header}");
            assert!(location.contains(&set), "a client's own header gets through\n{location}");
        }
    }
}

#[test]
fn cargo_binstall_finds_what_a_release_holds() {
    let manifest: toml::Table = text("Cargo.toml").parse().unwrap();
    let package = &manifest["package"];
    let home = package["repository"].as_str().unwrap();
    let binstall = &package["metadata"]["binstall"];
    let filled = |key: &str| {
        let text = binstall[key].as_str().unwrap();
        let values = [
            ("repo", home),
            ("version", "1.2.3"),
            ("target", "TRIPLE"),
            ("archive-suffix", ".tgz"),
            ("bin", "dragnet"),
        ];
        let text =
            values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{ {name} }}"), value));
        text.replace("{ binary-ext }", "")
    };
    let (address, inside) = (filled("pkg-url"), filled("bin-dir"));
    assert_eq!(address, format!("{home}/releases/download/v1.2.3/dragnet-TRIPLE.tgz"));
    assert_eq!(inside, "dragnet-TRIPLE/dragnet");
    // What the Makefile packs has that name, and the release takes all of it.
    assert!(text("Makefile").contains("-czf target/package/dragnet-$(TARGET).tgz dragnet-$(TARGET)\n"));
    assert!(text(".github/workflows/release.yml").contains("target/package/*.tgz"));
    assert!(text("docs/operations.md").contains(&format!("cargo binstall --git {home} dragnet")));
}

//! The few queries in JQL that the stand-in understands.

/// A query.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Jql {
    /// `project = "X"`, perhaps ordered by key.
    Project { key: String, descending: bool },
    /// `key in (A-1, B-2)`, and ids alike.
    Keys(Vec<String>),
    /// `project in ("A", "B") AND updated >= "-20m" ORDER BY updated DESC`
    /// The same with `AND updated <= "-5m"` in it: changed no later than so many minutes ago.
    Changed { projects: Vec<String>, minutes: i64, until: i64 },
}

/// Reads a query; `None` for any other.
pub(super) fn read(text: &str) -> Option<Jql> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("key in (").or_else(|| lower.strip_prefix("id in (")) {
        let inside = rest.strip_suffix(')')?;
        let keys: Vec<_> = inside.split(',').map(|key| key.trim().trim_matches('"').to_ascii_uppercase()).collect();
        return (!keys.iter().any(String::is_empty)).then_some(Jql::Keys(keys));
    }
    if let Some(changed) = changed(&lower) {
        return Some(changed);
    }
    let (condition, order) = match lower.split_once(" order by ") {
        Some((condition, order)) => (condition, Some(order.trim())),
        None => (lower.as_str(), None),
    };
    let descending = match order {
        None | Some("key" | "key asc") => false,
        Some("key desc") => true,
        Some(_) => return None,
    };
    let value = condition.trim().strip_prefix("project")?.trim().strip_prefix('=')?.trim().trim_matches('"');
    let simple = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    simple.then(|| Jql::Project { key: value.to_ascii_uppercase(), descending })
}

fn changed(lower: &str) -> Option<Jql> {
    let (projects, rest) = lower.strip_prefix("project in (")?.split_once(") and updated >= \"-")?;
    let minutes = rest.strip_suffix("m\" order by updated desc")?;
    let (minutes, until) = minutes.split_once("m\" and updated <= \"-").unwrap_or((minutes, "0"));
    let (minutes, until) = (minutes.parse().ok()?, until.parse().ok()?);
    let projects = projects.split(',').map(|key| key.trim().trim_matches('"').to_ascii_uppercase()).collect();
    Some(Jql::Changed { projects, minutes, until })
}

#[cfg(test)]
mod tests {
    use super::{Jql, read};

    #[test]
    fn a_few_queries_are_understood_and_no_other() {
        let keys = |keys: &[&str]| Some(Jql::Keys(keys.iter().map(|key| (*key).to_owned()).collect()));
        let project = |descending| Some(Jql::Project { key: "ARCH".to_owned(), descending });
        for (text, read_as) in [
            ("key in (A-1, B-2)", keys(&["A-1", "B-2"])),
            ("KEY IN (\"a-1\")", keys(&["A-1"])),
            ("project = \"ARCH\" ORDER BY key DESC", project(true)),
            ("project=arch", project(false)),
            ("project = ARCH order by key", project(false)),
            (
                "project in (\"ARCH\", \"OPS\") AND updated >= \"-20m\" ORDER BY updated DESC",
                Some(Jql::Changed { projects: vec!["ARCH".to_owned(), "OPS".to_owned()], minutes: 20, until: 0 }),
            ),
            (
                "project in (\"ARCH\") AND updated >= \"-20m\" AND updated <= \"-5m\" ORDER BY updated DESC",
                Some(Jql::Changed { projects: vec!["ARCH".to_owned()], minutes: 20, until: 5 }),
            ),
            ("project in (ARCH) AND updated >= \"2026-01-01\" ORDER BY updated DESC", None),
            ("key in ()", None),
            ("key in (A-1", None),
            ("project = ARCH and status = Done", None),
            ("project = ARCH order by rank", None),
            ("", None),
        ] {
            assert_eq!(read(text), read_as, "{text}");
        }
    }
}

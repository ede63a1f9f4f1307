//! What stands above columns.

use super::{assert_wrong, everything, read};

#[test]
fn columns_are_called_what_their_source_says() {
    let config = read(&everything()).unwrap();
    let headings = &config.sources[0].reading.headings;
    assert_eq!(
        (&headings.title[..], &headings.status[..]),
        (&["Hindernis".into()][..], &["Stand".into(), "Maßnahme".into()][..])
    );
    assert_eq!(headings.tickets, ["Vorgang"]);
    assert!(headings.category.is_empty());
}

#[test]
fn a_word_means_one_column_and_is_one() {
    let source = "[[source]]\nname = \"a\"\npath = \"a.md\"\n[source.columns]\n";
    for (columns, expected) in [
        ("titel = [\"Hindernis\"]", "5:1: unknown field `titel`, expected one of `category`, `title`, `anecdotes`"),
        ("title = \"Hindernis\"", "5:9: invalid type: string \"Hindernis\", expected a sequence"),
        ("title = [\"Was\", \"\"]", "5:17: expected words that stand above a column"),
        ("title = [\"…\"]", "5:10: expected words that stand above a column"),
        (
            "title = [\"Hindernis (kurz)\"]",
            "5:10: `Hindernis (kurz)`: what stands in brackets above a column is not looked at",
        ),
        ("title = [\"Was\"]\nstatus = [\"Stand\", \"WAS\"]", "6:20: `WAS` stands above `title` already"),
        ("status = [\"Vorgang\"]\ntickets = [\"Vorgang\"]", "6:12: `Vorgang` stands above `status` already"),
        ("tickets = \"Vorgang\"", "5:11: invalid type: string \"Vorgang\", expected a sequence"),
    ] {
        assert_wrong(&format!("{source}{columns}"), expected);
    }
}

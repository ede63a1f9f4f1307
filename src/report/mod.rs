//! Findings into text, Markdown, HTML and JSON.

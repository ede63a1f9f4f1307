//! Jira and GitHub: tickets asked for in, look-ups out.

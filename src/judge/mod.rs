//! Ticket facts, challenges and the moment into verdicts, standings and findings; one file per rule.

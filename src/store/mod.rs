//! What dragnet remembers, in SQLite. Domain verbs outside; no SQL type leaves the room.

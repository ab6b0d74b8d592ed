"""Use cases. Each gets a session, ports and a clock; may flush, never commits (the edge does)."""

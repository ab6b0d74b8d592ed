"""Tables, sessions and migrations: plain SQLAlchemy 2 on SQLite and PostgreSQL."""

"""The only SQL of the gateway: one set of tables on SQLite and PostgreSQL."""

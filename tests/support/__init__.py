"""What tests share: a sandbox to talk to, a server process, a receiver, a PostgreSQL."""

"""Pages for people, on loopback and in a sandbox only."""

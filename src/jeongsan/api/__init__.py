"""HTTP routes: bytes to a command or a read, and back to bytes."""

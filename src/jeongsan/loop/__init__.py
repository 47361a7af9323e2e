"""The commit loop: the only place that begins and commits. Every write of a process goes through it."""

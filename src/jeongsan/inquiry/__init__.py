"""Answers to questions about payments: trace, explain, parity. Read-only."""

"""What a reconciliation came to, for people and programs, and what a clerk decided about it."""

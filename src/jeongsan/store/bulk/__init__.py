"""Statements that are no batch of operations: settings, clock, day close, payouts, webhooks, log.

They run inside a transaction that the loop opened for them (`CommitLoop.alone`).
"""

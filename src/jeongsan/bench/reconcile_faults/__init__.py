"""A merchant's world with labelled faults, to measure a reconciliation; shares no rule with it."""

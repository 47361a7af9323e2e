"""The merchant's own check (대사) of what a gateway says. Shares no rule with the gateway."""

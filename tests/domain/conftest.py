"""Random examples here are cheap, but a busy machine may pause in one: no deadline per example."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

"""The documentation as tests: what it lists is complete, what it shows is executed."""

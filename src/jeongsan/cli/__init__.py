"""The command line: wiring and words only. Every command takes `--json`."""

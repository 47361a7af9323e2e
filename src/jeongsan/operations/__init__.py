"""One verb per file: a command, the keys it needs, its decision, and the flow where a network sits
between two commits. Imports neither wire nor SQL."""

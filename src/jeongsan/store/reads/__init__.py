"""The short path of reads: one statement, one frozen dataclass. A file per read model."""

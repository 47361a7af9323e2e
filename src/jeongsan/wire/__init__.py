"""The Toss Payments format both ways: bytes to commands, domain values to bytes. Imports domain only."""

"""Tools for the tests of programs that talk to a payment gateway."""

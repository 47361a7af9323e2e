"""The story of one payment, told and checked: what `make demo` shows."""

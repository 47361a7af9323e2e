"""Pure rules of a Korean payment gateway: values in, values out.

May import the standard library and itself. Knows no web, no SQL, no clock and no randomness:
the moment (`now`) and entropy arrive as arguments.
"""

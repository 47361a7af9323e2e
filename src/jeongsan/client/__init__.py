"""A client for any address that speaks the Toss Payments API. It only reads, but for `client.writer`."""

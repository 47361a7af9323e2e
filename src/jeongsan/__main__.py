"""`python -m jeongsan` is the command line."""

from jeongsan.cli.main import app

app()

"""`jeongsan bench`: figures, measured on this machine."""

import typer

app = typer.Typer(help="Measure.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Measure."""

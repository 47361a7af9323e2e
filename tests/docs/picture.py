"""The picture of the demo: what `jeongsan demo` prints, drawn as a terminal of fixed width would show it.

    python tests/docs/picture.py

What differs from run to run (ports, key hints, hashes, seconds) is replaced by fixed figures. Every run of
characters of one width gets its own place, so that the columns stand whatever fonts the reader has.
"""

import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from rich.cells import cell_len
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.pages import ROOT
from jeongsan.cli.main import app

PICTURE = ROOT / "docs" / "demo.svg"
COLUMNS = 120
# Between half of the letter size, as wide as narrow letters are in Korean fonts, and the 0.6 of others.
_CELL, _LINE, _SIZE, _EDGE = 7.5, 19, 14, 16
_FONTS = "ui-monospace, 'D2Coding', 'Noto Sans Mono CJK KR', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_INK, _PAPER, _BRIGHT = "#c9d1d9", "#0d1117", "#58a6ff"
_MARKS = {"✓": "#3fb950", "✗": "#f85149"}
_WIDE = r"\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3\uff00-\uff60"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_ALONE = f"✓✗→{_CIRCLED}"
# Signs that many fonts draw too wide, each by itself; words of wide characters; narrow text with its blanks.
_RUN = re.compile(rf"[{_ALONE}]|[{_WIDE}]+|[^\s{_ALONE}{_WIDE}]+(?: [^\s{_ALONE}{_WIDE}]+)*")
# What a run says about this machine and this minute, and what the picture says instead.
_PASSING = (
    (re.compile(r"(gateway http://127\.0\.0\.1):\d+"), r"\1:8080"),
    (re.compile(r"(webhook http://127\.0\.0\.1):\d+"), r"\1:9000"),
    (re.compile(r"(live_sk_…)\w{4}"), r"\1a1B2"),
    (re.compile(r"[0-9a-f]{12}…"), "e1db32a11726…"),
    (re.compile(r"(failed · )\d+\.\d s"), r"\g<1>5.0 s"),
)


def demo_lines() -> list[str]:
    """What the demo prints now, without the figures that differ from run to run."""
    result = CliRunner().invoke(app, ["demo"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [steady(line) for line in result.output.rstrip("\n").split("\n")]


def steady(line: str) -> str:
    """The line as every run would print it."""
    for pattern, instead in _PASSING:
        line = pattern.sub(instead, line)
    return line


def drawn(lines: list[str]) -> str:
    """The SVG of these lines."""
    rows = [row for line in lines for row in _wrapped(line)]
    width, height = round(COLUMNS * _CELL + 2 * _EDGE), len(rows) * _LINE + 2 * _EDGE
    texts = [_text(row, _EDGE + number * _LINE + _SIZE) for number, row in enumerate(rows) if row]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="jeongsan demo">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="{_PAPER}"/>\n'
        f'<g font-family="{_FONTS}" font-size="{_SIZE}" fill="{_INK}">\n'
    )
    return head + "".join(f"{text}\n" for text in texts) + "</g>\n</svg>\n"


def _wrapped(line: str) -> Iterator[str]:
    """The rows a terminal needs for a line; the following ones are indented like the first, broken at
    blanks."""
    indent = " " * (len(line) - len(line.lstrip(" ")))
    while cell_len(line) > COLUMNS:
        fitting = max(at for at, sign in enumerate(line) if sign == " " and cell_len(line[:at]) <= COLUMNS)
        yield line[:fitting].rstrip()
        line = indent + line[fitting:].lstrip()
    yield line


def _text(row: str, y: int) -> str:
    runs = "".join(_run(row, found) for found in _RUN.finditer(row))
    heading = f' fill="{_BRIGHT}" font-weight="bold"' if re.match(r"\d  |jeongsan demo", row) else ""
    return f'<text y="{y}"{heading}>{runs}</text>'


def _run(row: str, found: re.Match[str]) -> str:
    x = _EDGE + cell_len(row[: found.start()]) * _CELL
    length = cell_len(found[0]) * _CELL
    colour = f' fill="{_MARKS[found[0]]}"' if found[0] in _MARKS else ""
    # Squeezed into one column a circled number could not be read; blanks follow it, so it may stand out.
    width = "" if found[0] in _CIRCLED else f' textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<tspan x="{x:.1f}"{width}{colour}>{escape(found[0], quote=False)}</tspan>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(demo_lines()), encoding="utf-8")

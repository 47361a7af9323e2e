"""What a text file is made of: its encoding and its lines, in one pass over its bytes.

Nothing is held but a piece of the file. A text in another encoding is written again as UTF-8.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jeongsan.reconcile.text_files import UTF16_MARKS

_PIECE_BYTES = 1 << 20
# UTF-8 with a few damaged characters, and not another encoding: this many are right for each that is not.
_RIGHT_PER_WRONG_MIN = 10


@dataclass(frozen=True, slots=True)
class TextFacts:
    """Of a file in UTF-8, with or without mark. `lines`: without empty ones at the end; `is_plain`: every
    line ends in LF, or every line in CR LF."""

    lines: int
    is_plain: bool


def utf8_of(path: Path, scratch: Path) -> Path:
    """The file itself when it is UTF-8, else the same text in UTF-8 at `scratch`: UTF-16 with a mark, CP949
    (which has all of EUC-KR). What is damaged becomes U+FFFD. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(2)
    encoding = "utf-16" if start in UTF16_MARKS else _encoding(path)
    if encoding is None:
        return path
    with scratch.open("w", encoding="utf-8", newline="") as target:
        for piece in _decoded(path, encoding):
            target.write(piece)
    return scratch


def _encoding(path: Path) -> str | None:
    """None: it is UTF-8 without any damage."""
    try:
        for _ in _decoded(path, "utf-8", "strict"):
            pass
    except UnicodeDecodeError:
        wrong = right = 0
        for piece in _decoded(path, "utf-8"):
            damaged = piece.count("\ufffd")
            wrong += damaged
            right += len(piece) - len(piece.encode("ascii", "ignore")) - damaged
        return "utf-8" if right >= wrong * _RIGHT_PER_WRONG_MIN else "cp949"
    return None


def _decoded(path: Path, encoding: str, errors: str = "replace") -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for piece in _pieces(path):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def facts_of(path: Path) -> TextFacts:
    """Of a file in UTF-8. Raises OSError."""
    feeds = returns = pairs = 0
    blank_feeds, last, is_empty = 0, b"", True
    for piece in _pieces(path):
        feeds += piece.count(b"\n")
        returns += piece.count(b"\r")
        pairs += piece.count(b"\r\n") + (last == b"\r" and piece.startswith(b"\n"))
        rest = piece.rstrip(b"\r\n")
        ended = piece[len(rest) :].count(b"\n")
        blank_feeds = ended if rest else blank_feeds + ended
        is_empty = is_empty and not rest
        last = piece[-1:]
    lines = 0 if is_empty else feeds - blank_feeds + 1
    return TextFacts(lines, returns == pairs and pairs in (0, feeds))

"""The words for a file that cannot be told to be one list: what it has, and which layouts come nearest."""

from collections.abc import Sequence

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.readers.faults import ReadFault
from jeongsan.reconcile.readers.layout import Layout
from jeongsan.reconcile.readers.recognise import Untold
from jeongsan.reconcile.report.words import fault_words

_REMEDY = "name its list with --orders, --transactions, --settlements or --bank, or its layout with --layout"


def untold_words(untold: Untold) -> str:
    """One line: the file, why nobody can tell, its headers, the nearest layouts, what to do."""
    why = untold.why
    parts = [f"{printable(str(untold.path))}: {fault_words(why.fault, Language.EN)}"]
    if not why.headers:
        return f"{parts[0]} ({printable(why.value)})" if why.value else parts[0]
    parts.append(f"its headers: {', '.join(printable(one.strip()) for one in why.headers if one.strip())}")
    if untold.nearest:
        fits = why.fault is ReadFault.SEVERAL_LAYOUTS
        near = [_near_words(layout, lacks) for layout, lacks in untold.nearest if not (fits and lacks)]
        word = "it could be" if fits else "nearest"
        parts.append(f"{word}: {', '.join(near)}")
    return "; ".join([*parts, _REMEDY])


def _near_words(layout: Layout, lacks: Sequence[str]) -> str:
    lacking = f", lacks {', '.join(lacks)}" if lacks else ""
    return f"{printable(layout.name)} ({layout.side.lower()}{lacking})"

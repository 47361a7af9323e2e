"""The layouts that come with the program, and the one that a file has."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.faults import ReadFault, Unreadable
from jeongsan.reconcile.readers.layout import Fit, InvalidLayout, Layout, fit, layout_from_text
from jeongsan.reconcile.readers.relation import shown_headers

NEAREST_MAX = 3
# Fields that stand in a list of the gateway and never in one of a merchant's own orders.
_NOT_OF_ORDERS = {
    Side.TRANSACTIONS: frozenset({"transaction_key"}),
    Side.SETTLEMENTS: frozenset({"fee", "pay_out_amount", "paid_out_date"}),
}


@cache
def ready_layouts() -> dict[str, Layout]:
    """Name → layout, of those that come with the program."""
    folder = files(__package__).joinpath("ready")
    found = (
        layout_from_text(one.read_text(encoding="utf-8"), one.name.removesuffix(".toml"))
        for one in sorted(folder.iterdir(), key=lambda each: each.name)
        if one.name.endswith(".toml")
    )
    return {layout.name: layout for layout in found}


def layout_of(chosen: str | Path | Layout) -> Layout:
    """A layout by the name of a ready one, by the path of a TOML document, or itself. Raises InvalidLayout,
    also for a name that nobody knows and a file that is not there."""
    if isinstance(chosen, Layout):
        return chosen
    if isinstance(chosen, str) and chosen in ready_layouts():
        return ready_layouts()[chosen]
    path = Path(chosen)
    if isinstance(chosen, str) and path.suffix != ".toml":
        raise InvalidLayout(f"{chosen}: no .toml file, and none of {', '.join(ready_layouts())}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InvalidLayout(f"{path.name}: {error}") from error
    return layout_from_text(text, path.stem)


def candidates(side: Side, chosen: str | Path | Layout | None) -> tuple[Layout, ...]:
    """The layouts a file of a side may have: the chosen one, else every ready one. Raises Unreadable."""
    if chosen is None:
        return tuple(one for one in ready_layouts().values() if one.side is side)
    try:
        layout = layout_of(chosen)
    except InvalidLayout as error:
        raise Unreadable(ReadFault.INVALID_LAYOUT, str(error)) from error
    if layout.side is not side:
        raise Unreadable(ReadFault.OTHER_SIDE, f"{layout.name}: {layout.side.lower()}")
    return (layout,)


def recognised(layouts: Iterable[Layout], headers: Sequence[str]) -> list[tuple[Layout, Fit]]:
    """Those layouts that find all they need among these headers. Orders need so little that every list of a
    gateway fits them: they are left out where the headers have what only such a list has."""
    found = [(layout, where) for layout in layouts if (where := fit(layout, headers)).is_whole]
    if any(_NOT_OF_ORDERS.get(layout.side, frozenset()) & {*where.fields} for layout, where in found):
        return [(layout, where) for layout, where in found if layout.side is not Side.ORDERS]
    return found


def nearest(layouts: Iterable[Layout], headers: Sequence[str]) -> list[tuple[Layout, tuple[str, ...]]]:
    """The layouts that come nearest to these headers, each with the fields it lacks (`a / b`: one of them),
    at most NEAREST_MAX, the nearest first; none that finds no column at all."""
    found = [(layout, fit(layout, headers)) for layout in layouts]
    near = sorted(
        ((layout, where) for layout, where in found if where.fields),
        key=lambda one: (len(one[1].missing), -len(one[1].fields), one[0].name),
    )
    return [
        (layout, tuple(" / ".join(group) for group in where.missing)) for layout, where in near[:NEAREST_MAX]
    ]


def the_one(layouts: Sequence[Layout], headers: Sequence[str]) -> tuple[Layout, Fit]:
    """The layout of a file with these headers. Raises Unreadable, which names what is there, or who else
    fits."""
    found = recognised(layouts, headers)
    if len(found) > 1:
        names = ", ".join(layout.name for layout, _ in found)
        raise Unreadable(ReadFault.SEVERAL_LAYOUTS, names, headers=tuple(headers))
    if not found:
        raise no_fit(layouts, headers)
    layout, where = found[0]
    if where.twice:
        name, called = where.twice[0]
        raise Unreadable(ReadFault.SAME_COLUMN_TWICE, called, name)
    return layout, where


def widest(rows: Sequence[Sequence[str]]) -> Sequence[str]:
    """The row that says most, which is the likeliest to have been meant as the header."""
    return max(rows, key=lambda row: sum(1 for cell in row if cell.strip()))


def no_fit(layouts: Sequence[Layout], headers: Sequence[str]) -> Unreadable:
    """What is wrong with headers that none of these layouts fits: what is missing, and what is there."""
    if len(layouts) == 1:
        group = fit(layouts[0], headers).missing[0]
        missing = [name for name in group if name in layouts[0].columns] or group
        return Unreadable(ReadFault.NO_COLUMN, shown_headers(headers), " / ".join(missing))
    return Unreadable(ReadFault.NO_LAYOUT, shown_headers(headers), headers=tuple(headers))

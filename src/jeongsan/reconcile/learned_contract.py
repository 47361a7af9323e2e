"""What was learned as a contract document that `jeongsan contract check` accepts as it stands, and what that
document leaves out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jeongsan.reconcile.learn import Learned, LearnedTerms
from jeongsan.reconcile.learned_entries import Entry, entries_of
from jeongsan.reconcile.learned_notes import Note, Notes, Said
from jeongsan.reconcile.settled_rows import WON

_CARD = "CARD"
_GIFT = "GIFT_CERTIFICATE"
# Ours → the document's, in the order of its entries.
_METHODS = {
    _CARD: _CARD,
    "EASY_PAY": "EASY_PAY",
    "FOREIGN_EASY_PAY": "FOREIGN_EASY_PAY",
    "TRANSFER": "TRANSFER",
    "VIRTUAL_ACCOUNT": "VIRTUAL_ACCOUNT",
    "MOBILE_PHONE": "MOBILE_PHONE",
    "CULTURE_GIFT_CERTIFICATE": _GIFT,
    "BOOK_GIFT_CERTIFICATE": _GIFT,
    "GAME_GIFT_CERTIFICATE": _GIFT,
}
# A row never shows that a card was issued abroad, so OVERSEAS is not learned; 미확인 is no kind.
_KINDS = ("CREDIT", "CHECK", "GIFT")
_ENTRIES_MAX = 500
_SCOPE = ("method", "card", "from", "until")

_Stated = tuple[LearnedTerms, list[Entry]]


@dataclass(frozen=True, slots=True)
class LearnedContract:
    """`document` is None when a document cannot be made of what was learned; `notes` say why."""

    document: dict[str, Any] | None
    notes: tuple[Note, ...]


def as_contract(learned: Learned) -> LearnedContract:
    """The likeliest contract, and everything that is left out of it or that its reader has to know."""
    notes = Notes()
    shops = sorted({one.mid or "–" for one in learned.terms})
    entries = _entries(learned, notes) if len(shops) <= 1 else []
    count = sum(len(entry.get("card", ("any",))) for entry in entries)
    if len(shops) > 1:
        notes.add(Said.SHOPS, shops=", ".join(shops))
    elif all(entry["method"] != _CARD for entry in entries):
        notes.add(Said.NO_CARD)
    elif count > _ENTRIES_MAX:
        notes.add(Said.TOO_MANY, entries=count)
    else:
        return LearnedContract({"source": _source(learned), "terms": entries}, tuple(notes.found))
    return LearnedContract(None, tuple(notes.found))


def _entries(learned: Learned, notes: Notes) -> list[Entry]:
    for terms in learned.terms:
        if terms.method not in _METHODS:
            notes.add(Said.METHOD, terms)
        elif terms.currency != WON:
            notes.add(Said.CURRENCY, terms)
    return [entry for method in dict.fromkeys(_METHODS.values()) for entry in _method(method, learned, notes)]


def _source(learned: Learned) -> str:
    rows = learned.history.rows
    days = [row.sold for row in rows if row.sold is not None]
    sold = f" sold {min(days)} to {max(days)}" if days else ""
    return f"learned from settlement rows{sold} ({len(rows)})"


def _method(method: str, learned: Learned, notes: Notes) -> list[Entry]:
    """The entries of a method of the document. What most rows say is for any kind, from the first day of
    all."""
    mine = [one for one in learned.terms if _METHODS.get(one.method) == method and one.currency == WON]
    stated = [(terms, entries_of(terms, notes)) for terms in mine]
    stated = sorted((one for one in stated if one[1]), key=lambda one: -one[0].rows)
    if not stated:
        return []
    general, general_entries = stated[0]
    general_entries[0]["from"] = min(entries[0]["from"] for _, entries in stated)
    found: list[Entry] = [{"method": method} | entry for entry in general_entries]
    if method != _CARD:
        _note_others(stated, notes)
        return found
    if general.card_kinds:
        notes.add(Said.ANY_KIND, general)
    for terms, entries in stated[1:]:
        kinds = _kinds(terms, notes)
        found += [{"method": method, "card": kinds} | entry for entry in entries if kinds]
    return found


def _kinds(terms: LearnedTerms, notes: Notes) -> list[str]:
    """The kinds of card that a document can name."""
    for kind in terms.card_kinds:
        if kind not in _KINDS:
            notes.add(Said.KIND, terms, kind=kind)
    return [kind for kind in terms.card_kinds if kind in _KINDS]


def _note_others(stated: Sequence[_Stated], notes: Notes) -> None:
    """Only cards have entries by kind, and all gift certificates are one method: those that say something
    else are left out."""
    for terms, entries in stated[1:]:
        if not _same(entries, stated[0][1]):
            notes.add(Said.ONE_ENTRY, terms)


def _same(some: Iterable[Entry], others: Sequence[Entry]) -> bool:
    """Whether both say the same of every day on which both have an entry."""
    return all(
        _conditions(one) == _conditions(other) for one in some for other in others if _meet(one, other)
    )


def _meet(one: Entry, other: Entry) -> bool:
    start: str = max(one["from"], other["from"])
    end: str = min(one.get("until", "9999"), other.get("until", "9999"))
    return start <= end


def _conditions(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name not in _SCOPE}

"""What a document leaves out, in words of both languages."""

import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.learned_notes import Note, Said
from jeongsan.reconcile.learned_words import note_words

VALUES = {
    "shops": "a, b", "entries": 501, "kind": "UNKNOWN", "from": "2025-01-02", "to": "2025-02-01",
    "part": "payout",
    "rounding": "B half-up", "rate": "3.2", "written": "B", "refundFee": 5, "months": 3,
}  # fmt: skip


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("said", Said)
def test_every_note_has_words_with_its_method_before_them(said: Said, language: Language) -> None:
    words = note_words(Note(said, "CARD", ("CHECK",), values=VALUES), language)
    assert words.startswith({Language.KO: "카드(체크): ", Language.EN: "Card(check): "}[language])
    assert "{" not in words


def test_kinds_and_parts_are_in_words() -> None:
    assert "미확인 카드" in note_words(Note(Said.KIND, "CARD", values=VALUES), Language.KO)
    assert "payout rule" in note_words(Note(Said.LIMITS, "CARD", values=VALUES), Language.EN)


def test_text_from_outside_cannot_leave_its_line() -> None:
    note = Note(Said.SHOPS, values={"shops": "a\nmethod = 1, \x1b[31m"})
    assert note_words(note, Language.EN).isprintable()
    assert note_words(Note(Said.METHOD, "포\n인트"), Language.KO).isprintable()

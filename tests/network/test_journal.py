"""The network's memory: first answers count, and a file outlives the process."""

from dataclasses import replace
from pathlib import Path

from jeongsan.domain.attempts import AttemptKind, NetworkAnswer, Verdict
from jeongsan.domain.errors import Code
from jeongsan.network.journal import Journal
from jeongsan.network.port import NetworkRequest

REQUEST = NetworkRequest(
    "r-1", AttemptKind.CONFIRM, "tjeon20250313130000abcde", 15_000, "KRW", "12345678****123*"
)
APPROVED = NetworkAnswer(Verdict.APPROVED, approve_no="12345678")
DECLINED = NetworkAnswer(Verdict.DECLINED, code=Code.REJECT_CARD_COMPANY)


def test_the_first_answer_of_a_request_id_is_its_answer() -> None:
    journal = Journal()
    assert journal.act(REQUEST, APPROVED) == APPROVED
    assert journal.act(REQUEST, DECLINED) == APPROVED
    assert journal.look_up("r-1") == APPROVED
    assert journal.look_up("r-2") == NetworkAnswer(Verdict.UNKNOWN)


def test_a_file_remembers_answers_and_their_codes_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).act(REQUEST, APPROVED)
    Journal(path).act(replace(REQUEST, request_id="r-2"), DECLINED)
    reopened = Journal(path)
    assert (reopened.look_up("r-1"), reopened.look_up("r-2")) == (APPROVED, DECLINED)


def test_processes_that_share_a_file_see_each_others_answers(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first, second = Journal(path), Journal(path)
    assert second.look_up("r-1").verdict is Verdict.UNKNOWN
    first.act(REQUEST, APPROVED)
    assert second.act(REQUEST, DECLINED) == APPROVED
    assert second.reverse(REQUEST).verdict is Verdict.REVERSED
    assert first.look_up("r-1").verdict is Verdict.REVERSED
    assert first.act(REQUEST, APPROVED).verdict is Verdict.REVERSED


def test_a_line_still_being_written_is_not_read_yet(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).act(REQUEST, APPROVED)
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    reader = Journal(path)
    assert reader.look_up("r-1").verdict is Verdict.UNKNOWN
    path.write_bytes(whole)
    assert reader.look_up("r-1") == APPROVED


def test_lines_are_appended_and_never_changed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.act(REQUEST, APPROVED)
    before = path.read_bytes()
    journal.reverse(REQUEST)
    journal.reverse(REQUEST)
    journal.act(REQUEST, APPROVED)
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == 2

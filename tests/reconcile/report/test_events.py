"""What is decided about a finding is a history: nothing is taken back, and the last word counts."""

from datetime import datetime
from decimal import Decimal

import pytest

from jeongsan.reconcile.report.events import TEXT_MAX, Act, Event, EventFault, ExceptionBook, InvalidEvent
from jeongsan.reconcile.report.finding import Handling, HandlingState
from support.reported import NOW


def said(act: Act, text: str = "", amount: str | None = None, user: str = "김정산") -> Event:
    return Event("T-1", "T-0", act, NOW, user, text, None if amount is None else Decimal(amount))


def handling(*events: Event) -> Handling:
    return ExceptionBook(events).handlings()["T-1"]


def test_an_accepted_finding_says_why_and_by_whom() -> None:
    accepted = handling(said(Act.ACCEPT, "반올림 차이", user="최팀장"))
    assert accepted.state is HandlingState.ACCEPTED
    assert (accepted.accept_reason, accepted.accepted_by) == ("반올림 차이", "최팀장")


def test_reopening_takes_the_acceptance_back_and_keeps_the_assignee() -> None:
    events = [said(Act.ASSIGN, "박대사"), said(Act.ACCEPT, "맞음"), said(Act.REOPEN)]
    reopened = handling(*events)
    assert reopened.state is HandlingState.ASSIGNED
    assert (reopened.assignee, reopened.accept_reason, reopened.accepted_by) == ("박대사", "", "")
    assert ExceptionBook(tuple(events)).history("T-1") == tuple(events)


def test_a_note_after_the_acceptance_does_not_open_it_again() -> None:
    assert handling(said(Act.ACCEPT, "맞음"), said(Act.COMMENT, "참고")).state is HandlingState.ACCEPTED


def test_an_assignment_is_taken_back_by_nobody() -> None:
    assert handling(said(Act.ASSIGN, "박대사"), said(Act.ASSIGN)).state is HandlingState.OPEN


def test_corrections_add_up_and_accept_nothing() -> None:
    corrected = handling(said(Act.ADJUST, "배송비", "-3000"), said(Act.ADJUST, "할인", "0.5"))
    assert corrected.adjustment == Decimal("-2999.5")
    assert (corrected.adjust_reason, corrected.adjusted_by) == ("할인", "김정산")
    assert corrected.state is HandlingState.OPEN


@pytest.mark.parametrize(
    ("act", "text", "amount", "user", "fault"),
    [
        (Act.ACCEPT, " ", None, "김정산", EventFault.NO_REASON),
        (Act.ACCEPT, "맞음", None, " ", EventFault.NO_USER),
        (Act.ADJUST, "", "1", "김정산", EventFault.NO_REASON),
        (Act.ADJUST, "배송비", None, "김정산", EventFault.NO_AMOUNT),
        (Act.ADJUST, "배송비", "0.001", "김정산", EventFault.NO_AMOUNT),
        (Act.ADJUST, "배송비", "NaN", "김정산", EventFault.NO_AMOUNT),
        (Act.ADJUST, "배송비", "1e16", "김정산", EventFault.NO_AMOUNT),
        (Act.COMMENT, "메모", "1", "김정산", EventFault.AMOUNT_WITHOUT_ADJUST),
        (Act.COMMENT, "가" * (TEXT_MAX + 1), None, "김정산", EventFault.TOO_LONG),
    ],
)
def test_an_incomplete_event_cannot_be_made(
    act: Act, text: str, amount: str | None, user: str, fault: EventFault
) -> None:
    with pytest.raises(InvalidEvent) as caught:
        said(act, text, amount, user)
    assert caught.value.fault is fault


def test_an_event_needs_a_finding_and_a_time_with_a_zone() -> None:
    with pytest.raises(InvalidEvent) as caught:
        Event("", "T-0", Act.REOPEN, NOW, "김정산")
    assert caught.value.fault is EventFault.NO_FINDING
    with pytest.raises(InvalidEvent) as caught:
        Event("T-1", "T-0", Act.REOPEN, datetime(2025, 5, 2), "김정산")  # noqa: DTZ001
    assert caught.value.fault is EventFault.TIME_WITHOUT_ZONE

"""The simulated network: one answer per request id, outcomes by card number, and lost answers."""

from dataclasses import replace

import pytest

from jeongsan.domain.attempts import AttemptKind, NetworkAnswer, Verdict
from jeongsan.domain.errors import Code
from jeongsan.network.journal import Journal
from jeongsan.network.port import InlineNetwork, NetworkRequest, NetworkUnknown
from jeongsan.network.simulator import Faults, InlineSimulator, RemoteSimulator, decide

CONFIRM = NetworkRequest(
    "r-1", AttemptKind.CONFIRM, "tjeon20250313130000abcde", 15_000, "KRW", "12345678****123*"
)
CANCEL = replace(CONFIRM, request_id="r-2", kind=AttemptKind.CANCEL)


def _network(journal: Journal | None = None, **faults: float) -> RemoteSimulator:
    return RemoteSimulator(journal or Journal(), Faults(**faults), seed=7)


def test_a_plain_card_is_approved_with_eight_digits_that_a_repeat_keeps() -> None:
    answer = decide(CONFIRM)
    assert answer.verdict is Verdict.APPROVED
    assert len(answer.approve_no) == 8
    assert answer.approve_no.isdigit()
    assert decide(replace(CONFIRM, request_id="r-9")) == answer


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("99990001****0000", Code.REJECT_CARD_PAYMENT),
        ("99990002****0000", Code.REJECT_CARD_COMPANY),
        ("99990003****0000", Code.INVALID_STOPPED_CARD),
    ],
)
def test_some_cards_are_declined_when_paying_but_can_be_refunded(card: str, code: Code) -> None:
    assert decide(replace(CONFIRM, card_number=card)) == NetworkAnswer(Verdict.DECLINED, code=code)
    assert decide(replace(CANCEL, card_number=card)).verdict is Verdict.APPROVED


def test_one_card_pays_but_refuses_its_refund() -> None:
    card = "99990011****0000"
    assert decide(replace(CONFIRM, card_number=card)).verdict is Verdict.APPROVED
    declined = decide(replace(CANCEL, card_number=card))
    assert declined == NetworkAnswer(Verdict.DECLINED, code=Code.REFUND_REJECTED)


@pytest.mark.anyio
async def test_both_forms_decide_alike_and_only_one_fits_into_a_batch() -> None:
    remote, inline = _network(), InlineSimulator()
    for request in (CONFIRM, CANCEL, replace(CONFIRM, request_id="r-3", card_number="99990001****0000")):
        assert await remote.ask(request) == inline.answer(request)
    assert isinstance(inline, InlineNetwork)
    assert not isinstance(remote, InlineNetwork)


@pytest.mark.anyio
async def test_an_answer_lost_before_the_network_acted_leaves_no_trace() -> None:
    network = _network(lost_before=1.0)
    with pytest.raises(NetworkUnknown, match="before"):
        await network.ask(CONFIRM)
    assert (await network.inquire(CONFIRM)).verdict is Verdict.UNKNOWN


@pytest.mark.anyio
async def test_an_answer_lost_afterwards_can_be_asked_for() -> None:
    network = _network(lost_after=1.0)
    with pytest.raises(NetworkUnknown, match="after"):
        await network.ask(CONFIRM)
    assert await network.inquire(CONFIRM) == decide(CONFIRM)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("card", "verdict"), [("99990004****0000", Verdict.UNKNOWN), ("99990005****0000", Verdict.APPROVED)]
)
async def test_two_cards_lose_the_answer_of_their_confirm_on_purpose(card: str, verdict: Verdict) -> None:
    network = _network()
    request = replace(CONFIRM, card_number=card)
    with pytest.raises(NetworkUnknown):
        await network.ask(request)
    assert (await network.inquire(request)).verdict is verdict
    refunded = await network.ask(replace(CANCEL, card_number=card))
    assert refunded.verdict is Verdict.APPROVED


@pytest.mark.anyio
async def test_about_the_configured_share_of_answers_is_lost() -> None:
    network = _network(lost_before=0.2, lost_after=0.1)
    lost = {"before": 0, "after": 0}
    for number in range(2_000):
        try:
            await network.ask(replace(CONFIRM, request_id=f"r-{number}"))
        except NetworkUnknown as error:
            lost["before" if "before" in str(error) else "after"] += 1
    assert 320 < lost["before"] < 480
    assert 140 < lost["after"] < 260


@pytest.mark.anyio
async def test_a_reversed_confirm_stays_reversed_however_often_it_is_asked() -> None:
    network = _network()
    await network.ask(CONFIRM)
    assert (await network.reverse(CONFIRM)).verdict is Verdict.REVERSED
    assert (await network.reverse(CONFIRM)).verdict is Verdict.REVERSED
    assert (await network.ask(CONFIRM)).verdict is Verdict.REVERSED
    assert (await network.inquire(CONFIRM)).verdict is Verdict.REVERSED


@pytest.mark.anyio
async def test_a_reversal_that_overtakes_its_confirm_keeps_it_from_taking_effect() -> None:
    network = _network()
    assert (await network.reverse(CONFIRM)).verdict is Verdict.REVERSED
    assert (await network.ask(CONFIRM)).verdict is Verdict.REVERSED


@pytest.mark.anyio
async def test_there_is_nothing_to_reverse_about_a_declined_confirm() -> None:
    network = _network()
    request = replace(CONFIRM, card_number="99990001****0000")
    declined = await network.ask(request)
    assert await network.reverse(request) == declined

"""The picture of the README shows the figures that the demo is held to."""

from pathlib import Path

from jeongsan.demo import expected

PICTURE = Path(__file__).parents[2] / "docs" / "life-of-a-payment.svg"


def test_the_picture_shows_the_demos_dates_and_amounts() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    for day in (expected.APPROVED_AT[:10], expected.APPROVAL_PAID_OUT_DATE, expected.CANCEL_PAID_OUT_DATE):
        assert f">{day}<" in text
    assert f">{expected.CANCELED_AT[:10]}<" in text
    assert f">+{expected.AMOUNT:,}원<" in text
    assert f">−{expected.AMOUNT - expected.FEE:,}원<" in text

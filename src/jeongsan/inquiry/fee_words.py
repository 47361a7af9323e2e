"""The words of a fee: methods, kinds of cards, grades, lines and situations, Korean first; sums as people
write them."""

from dataclasses import dataclass
from decimal import Decimal

from jeongsan.domain.fee_steps import Holding, How, Makes, RoundingStep
from jeongsan.domain.methods import CardKind, InterestPayer, Method, Situation
from jeongsan.domain.money import EXPONENTS, Money
from jeongsan.domain.terms import Grade, LineType, Price, percent_from_rate
from jeongsan.inquiry.words import say

METHODS = {
    Method.CARD: ("카드", "card"),
    Method.EASY_PAY: ("간편결제", "easy pay"),
    Method.TRANSFER: ("계좌이체", "transfer"),
    Method.VIRTUAL_ACCOUNT: ("가상계좌", "virtual account"),
    Method.MOBILE_PHONE: ("휴대폰", "mobile phone"),
    Method.GIFT_CERTIFICATE: ("상품권", "gift certificate"),
    Method.FOREIGN_EASY_PAY: ("해외간편결제", "foreign easy pay"),
}
CARD_KINDS = {
    CardKind.CREDIT: ("신용", "credit"),
    CardKind.CHECK: ("체크", "check"),
    CardKind.GIFT: ("기프트", "gift"),
    CardKind.OVERSEAS: ("해외", "overseas"),
}
GRADES = {
    Grade.GENERAL: ("일반", "general"),
    Grade.SMALL: ("영세", "small"),
    Grade.MEDIUM1: ("중소1", "medium 1"),
    Grade.MEDIUM2: ("중소2", "medium 2"),
    Grade.MEDIUM3: ("중소3", "medium 3"),
}
LINES = {
    LineType.BASE: ("기본 수수료", "basic fee"),
    LineType.INSTALLMENT_DISCOUNT: ("카드사 부담 무이자", "interest borne by the card company"),
    LineType.INSTALLMENT: ("상점 부담 무이자", "interest borne by the merchant"),
    LineType.POINT_SAVING: ("포인트 적립", "point saving"),
    LineType.ETC: ("기타", "other"),
}
SITUATIONS = {
    Situation.ESCROW: ("에스크로", "escrow"),
    Situation.KEY_IN: ("수기결제", "key-in"),
    Situation.BILLING: ("자동결제", "billing"),
    Situation.OVERSEAS: ("해외 발급", "issued abroad"),
    Situation.CARD_POINT: ("카드 포인트", "card points"),
}
PAYERS = {
    InterestPayer.BUYER: ("구매자 부담", "borne by the buyer"),
    InterestPayer.CARD_COMPANY: ("카드사 부담", "borne by the card company"),
    InterestPayer.MERCHANT: ("상점 부담", "borne by the merchant"),
}
_HOW = {How.CUT: ("절사", "cut"), How.HALF_UP: ("반올림", "half up")}


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums in one language and currency. Amounts come in minor units and are shown in whole ones."""

    language: str
    currency: str

    def say(self, words: tuple[str, str]) -> str:
        """One of the two."""
        return say(self.language, *words)

    def number(self, minor: int) -> int | Decimal:
        """An amount as a JSON number."""
        return Money(minor, self.currency).number()

    def text(self, minor: int) -> str:
        """An amount with its thousands parted."""
        return f"{self.number(minor):,}"

    def exact(self, step: RoundingStep) -> Decimal:
        """The exact figure before rounding, in whole units. Denominators are powers of ten, so nothing is
        lost."""
        figure = (Decimal(step.numerator) / step.denominator).scaleb(-EXPONENTS[self.currency])
        return Decimal(f"{figure:f}".rstrip("0").rstrip(".")) if "." in f"{figure:f}" else figure

    def price(self, price: Price) -> str:
        """`3.2%`, `300`, `3.2% + 300`."""
        rate = f"{percent_from_rate(price.rate_ppm)}%"
        if not price.fixed:
            return rate
        return self.text(price.fixed) if not price.rate_ppm else f"{rate} + {self.text(price.fixed)}"

    def steps(self, holding: Holding, price: Price) -> str:
        """`1,600 × 3.6% = 57.6 → 57 (절사) · 57 × 10% = 5.7 → 6 (반올림) · 57 + 6 = 63`."""
        if not holding.steps:
            return "0"
        return " · ".join(part for step in holding.steps for part in self._step(step, holding, price)) + (
            f" = {self.text(holding.charge.fee)}" if len(holding.steps) == 2 else ""
        )

    def _step(self, step: RoundingStep, holding: Holding, price: Price) -> list[str]:
        rate = f"{self.text(holding.amount)} × {percent_from_rate(price.rate_ppm)}%"
        if step.makes is Makes.VAT:
            supply = self.text(step.numerator)
            return [f"{supply} × 10% = {self._rounding(step)}", f"{supply} + {self.text(step.rounded)}"]
        # Only rounding A takes VAT and the fixed part along into the one cut.
        if step.makes is Makes.FEE and step.denominator == 10_000_000:
            fixed = self.text(price.fixed)
            inner = rate if not price.fixed else f"({rate} + {fixed})" if price.rate_ppm else fixed
            return [f"{inner} × 1.1 = {self._rounding(step)}"]
        parts = [f"{rate} = {self._rounding(step)}"] if price.rate_ppm else []
        if price.fixed:
            total = self.text(step.rounded + price.fixed)
            plus = f"{self.text(step.rounded)} + {self.text(price.fixed)} = {total}"
            parts.append(plus if price.rate_ppm else total)
        return parts or ["0"]

    def _rounding(self, step: RoundingStep) -> str:
        exact = self.exact(step)
        rounded = self.text(step.rounded)
        if exact == self.number(step.rounded):
            return rounded
        return f"{exact:,} → {rounded} ({self.say(_HOW[step.how])})"

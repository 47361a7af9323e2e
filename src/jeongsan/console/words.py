"""What the pages say: Korean first, English beside it, and how amounts and times are written."""

from dataclasses import dataclass
from decimal import Decimal

from jeongsan.domain.channels import CancelWarning, Channel
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.payment_states import Status
from jeongsan.inquiry.words import channel_word, say
from jeongsan.wire.cancels import warning_view
from jeongsan.wire.errors import EN, KO
from jeongsan.wire.words import money_words

LANGUAGES = (KO, EN)
_STATUSES = {
    Status.READY: ("결제 전", "ready"),
    Status.IN_PROGRESS: ("승인 대기", "in progress"),
    Status.WAITING_FOR_DEPOSIT: ("입금 대기", "waiting for deposit"),
    Status.DONE: ("결제 완료", "done"),
    Status.CANCELED: ("취소", "cancelled"),
    Status.PARTIAL_CANCELED: ("부분 취소", "partly cancelled"),
    Status.ABORTED: ("승인 실패", "aborted"),
    Status.EXPIRED: ("만료", "expired"),
}
# Named by what they stand for on the page; a test holds that every one is used and none is missing.
TEXTS = {
    "title": ("정산 콘솔", "jeongsan console"),
    "no_money": ("모의 결제 · no real money", "simulated payments · no real money"),
    "no_login": (
        "로그인이 없습니다. 이 컴퓨터에서만, 샌드박스 모드에서만 열립니다.",
        "There is no login: it opens on this computer and in sandbox mode only.",
    ),
    "clock": ("업무 시계", "business clock"),
    "clock_frozen": ("멈춤", "frozen"),
    "clock_move": ("시계 옮기기", "move the clock"),
    "clock_how": (
        "시계를 옮기면 그 사이의 만료, 일 마감, 지급, 웹훅 재시도가 차례로 일어납니다.",
        "Moving it runs what becomes due on the way: expiries, day closes, payouts, webhook retries.",
    ),
    "language": ("언어", "language"),
    "mode": ("모드", "mode"),
    "mode_live": ("라이브", "live"),
    "mode_test": ("테스트모드", "test mode"),
    "shop": ("상점아이디", "shop (MID)"),
    "search": ("주문번호 또는 결제 키 (앞부분도 가능)", "order id or payment key, or how it begins"),
    "find": ("조회", "find"),
    "notices": ("직권취소 알림", "The gateway cancelled payments of this shop (직권취소)"),
    "payments": ("결제내역", "Payments"),
    "no_payments": ("결제가 없습니다.", "No payments."),
    "no_shop": ("이 모드의 상점이 없습니다.", "There is no shop in this mode."),
    "order_id": ("주문번호", "order id"),
    "order_name": ("주문명", "order name"),
    "payment_key": ("결제 키", "payment key"),
    "status": ("상태", "status"),
    "amount": ("결제금액", "amount"),
    "balance": ("취소 가능 금액", "balance"),
    "requested_at": ("요청일시", "requested"),
    "approved_at": ("승인일시", "approved"),
    "cancel_channel": ("취소 경로", "cancelled by"),
    "newest": ("처음", "newest"),
    "next": ("다음", "next"),
    "pages": ("쪽 이동", "pages"),
    "payment": ("결제 상세", "Payment"),
    "to_list": ("결제내역으로", "to the payments"),
    "timeline": ("진행 내역", "Timeline"),
    "at": ("일시", "at"),
    "what": ("내용", "what"),
    "settlements": ("정산", "Settlement"),
    "no_transactions": ("승인된 거래가 없습니다.", "Nothing was approved."),
    "kind_approval": ("승인", "approval"),
    "kind_cancel": ("취소", "cancel"),
    "state_readable": ("조회 가능", "readable"),
    "state_forecast": ("예정", "forecast"),
    "state_waiting": ("정산 대기", "waiting"),
    "state_never": ("정산 없음", "never settles"),
    "paid_out": ("지급됨", "paid out"),
    "fee": ("수수료", "fee"),
    "vat": ("부가세", "VAT"),
    "pay_out_amount": ("지급액", "paid out"),
    "row_amount": ("금액", "amount"),
    "sold_date": ("정산 매출일", "sold date"),
    "paid_out_date": ("정산 지급일", "paid-out date"),
    "steps": ("지급일 계산", "how the date is counted"),
    "held": ("지급보류", "held"),
    "queries": ("조회 방법", "queries that return it"),
    "answers": ("조회 이력", "answers that carried it"),
    "webhooks": ("웹훅", "Webhooks"),
    "no_webhooks": ("보낸 웹훅이 없습니다.", "Nothing was told."),
    "receiver": ("받는 주소", "receiver"),
    "webhook_underway": ("발송 중", "on its way"),
    "no_receiver": ("받는 곳 없음", "nobody listens"),
    "delivery": ("전송", "delivery"),
    "delivery_pending": ("대기", "pending"),
    "delivery_delivered": ("성공", "delivered"),
    "delivery_failed": ("실패", "given up"),
    "attempts": ("시도", "attempts"),
    "next_attempt": ("다음 시도", "next attempt"),
    "cancel_heading": ("결제 취소", "Cancel"),
    "reason": ("취소 사유", "reason"),
    "cancel_amount": ("취소 금액", "amount"),
    "cancel_amount_blank": ("비워 두면 남은 금액 전부", "blank: all that is left"),
    "channel": ("취소 경로", "path"),
    "person": ("담당자", "person"),
    "cancel": ("취소", "cancel"),
    "not_cancellable": ("취소할 수 있는 금액이 없습니다.", "There is nothing to cancel."),
    "cancelled": ("취소했습니다.", "Cancelled."),
    "refused": ("취소하지 못했습니다.", "Not cancelled."),
    "refused_page": ("열 수 없습니다", "Not available"),
    "guard_peer": (
        "콘솔은 게이트웨이가 도는 컴퓨터에서만 열립니다.",
        "The console opens only on the computer the gateway runs on.",
    ),
    "guard_host": (
        "주소는 localhost, 127.0.0.1 또는 [::1] 이어야 합니다.",
        "The address must be localhost, 127.0.0.1 or [::1].",
    ),
    "guard_origin": (
        "다른 사이트에서 보낸 요청은 받지 않습니다.",
        "Requests sent by other sites are not taken.",
    ),
    "guard_token": (
        "이 브라우저에 보여 준 화면에서 온 요청이 아닙니다. 결제를 다시 열고 시도하세요.",
        "The request does not come from a page shown to this browser. Open the payment anew and try again.",
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The pages' words in one language, "ko" or "en"."""

    language: str

    @property
    def other(self) -> str:
        """The other language."""
        return KO if self.language == EN else EN

    def text(self, name: str) -> str:
        """One of TEXTS. Raises KeyError for an unknown name."""
        return say(self.language, *TEXTS[name])

    def status(self, status: str) -> str:
        """A payment's status."""
        return say(self.language, *_STATUSES[Status(status)])

    def channel(self, channel: str) -> str:
        """The path of an action."""
        return channel_word(Channel(channel), self.language)

    def warning(self, warning: CancelWarning) -> str:
        """What to know before and after a cancel by hand."""
        return warning_view(warning)[self.language]

    def money(self, number: int | Decimal, currency: str) -> str:
        """An amount in whole units as people write it."""
        return money_words(number, currency, self.language)

    def moment(self, at: int | str | None) -> str:
        """`2025-03-13 13:35:03` of an instant in epoch ms or ISO text, always Korean time."""
        if at is None:
            return "–"
        text = iso_kst(at) if isinstance(at, int) else at
        return text[:19].replace("T", " ")

"""What remarks and figures are called, in Korean and in English."""

from collections.abc import Mapping

from jeongsan.fetch.remarks import Note, Problem, Remark

_SENTENCES: dict[Problem | Note, tuple[str, str]] = {
    Problem.UNREACHABLE: (
        "게이트웨이가 응답하지 않습니다: {reason}",
        "the gateway does not answer: {reason}",
    ),
    Problem.ANSWERED: (
        "게이트웨이가 오류로 답했습니다: {reason}",
        "the gateway answered with an error: {reason}",
    ),
    Problem.UNAUTHORIZED: ("이 키로는 조회할 수 없습니다: {reason}", "this key may not read it: {reason}"),
    Problem.UNREADABLE_ANSWER: ("응답을 읽을 수 없습니다: {reason}", "the answer cannot be read: {reason}"),
    Problem.NOT_STORABLE: (
        "그대로 저장할 수 없는 값이 있습니다: {reason}",
        "a value cannot be kept as it is: {reason}",
    ),
    Problem.NOT_WRITTEN: ("파일을 쓸 수 없습니다: {reason}", "a file cannot be written: {reason}"),
    Problem.CHANGED_REPEAT: (
        "거래 {transactionKey}가 한 번의 조회에서 서로 다른 내용으로 두 번 왔습니다. 나중 것을 저장했습니다",
        "{transactionKey} came twice in one reading, with different contents; the later one is kept",
    ),
    Problem.REPEATED_ELSEWHERE: (
        "거래 {transactionKey}는 {keptIn}에도 있습니다. 그쪽에만 저장했습니다",
        "{transactionKey} stands in {keptIn} too, and is kept only there",
    ),
    Problem.REPEATED: (
        "{readings}번 조회할 때마다 목록이 움직여 {rows}건이 두 번 왔습니다. "
        "빠진 것이 있을 수 있어 다음에 다시 조회합니다",
        "the list moved in each of {readings} readings: {rows} rows came twice and are kept once, "
        "others may have been skipped; it is read again next time",
    ),
    Problem.GONE: (
        "전에 조회한 {rows}건이 목록에서 사라졌습니다 (거래 {transactionKey} 등). "
        "전의 파일은 {keptIn}에 있습니다",
        "{rows} rows that were read before are listed no more, {transactionKey} first; "
        "the file with them is now {keptIn}",
    ),
    Problem.OTHER_DAY: (
        "거래 {transactionKey}는 {ownDay}의 것입니다. 이 날짜에는 저장하지 않았습니다",
        "{transactionKey} is of {ownDay}; it is not kept under this day",
    ),
    Problem.FOLDER_BUSY: ("다른 실행이 이 폴더를 쓰고 있습니다", "another run is at work in this folder"),
    Problem.BROKEN_MANIFEST: (
        "manifest.json을 읽을 수 없습니다: {reason}",
        "manifest.json cannot be read: {reason}",
    ),
    Problem.OTHER_ADDRESS: (
        "이 폴더는 다른 주소({known})의 것입니다. 다른 폴더를 쓰세요",
        "this folder is of another address ({known}); take another folder",
    ),
    Problem.OTHER_MODE: (
        "이 폴더는 테스트·라이브가 다른 키({known})의 것입니다. 다른 폴더를 쓰세요",
        "this folder is of a key of the other mode ({known}); take another folder",
    ),
    Problem.NOT_ASKED: (
        "앞의 실패 때문에 {first} – {last} 중 {slices}일은 조회하지 않았습니다",
        "not asked for after that: {slices} days in {first} – {last}",
    ),
    Note.MOVED: (
        "{rows}건의 날짜가 {from}에서 {to}로 바뀌었습니다 (거래 {transactionKey} 등)",
        "{rows} rows have moved from {from} to {to}, {transactionKey} first",
    ),
    Note.FINAL_CHANGED: (
        "확정했던 내용이 바뀌었습니다 (이전 {rows}건)",
        "what was final has changed (it had {rows} rows)",
    ),
    Note.DAMAGED: (
        "{slice}: 파일이 없거나 기록과 달라 다시 조회합니다",
        "{slice}: the file is missing or not what was written, and is read again",
    ),
    Note.NEW_KEY: (
        "이 폴더에 쓴 키가 바뀌었습니다 (이전 {known}). 같은 상점인지 확인하세요",
        "another key than before ({known}) fills this folder: make sure it is the same shop's",
    ),
    Note.NEW_MID: (
        "이 폴더에 없던 상점 아이디 {mId}가 나왔습니다. 같은 상점인지 확인하세요",
        "the shop id {mId} is new in this folder: make sure it is the same shop",
    ),
    Note.EMPTY: (
        "비어 있습니다: {reason} (테스트 키의 결제는 정산되지 않습니다)",
        "empty: {reason} (payments of a test key are never settled)",
    ),
}


def sentences(remark: Remark) -> Mapping[str, str]:
    """The remark in words, by language."""
    korean, english = _SENTENCES[remark.code]
    return {"ko": korean.format(**remark.values), "en": english.format(**remark.values)}


_WORDS: dict[str, tuple[str, str]] = {
    "transactions": ("거래", "transactions"),
    "settlements": ("정산", "settlements"),
    "read": ("조회", "read"),
    "kept": ("유지", "kept"),
    "open": ("미확정", "open"),
    "rows": ("건", "rows"),
    "requests": ("요청", "requests"),
    "busy": ("대기 응답", "told to wait"),
    "whole": ("모두 가져왔습니다.", "Everything is fetched."),
    "not_whole": ("가져오지 못했거나 다른 것이 있습니다.", "Something could not be fetched or differs."),
    "amount": ("금액", "amount"),
    "fee": ("수수료", "fee"),
    "payOutAmount": ("지급액", "pays out"),
}


def word(name: str, language: str) -> str:
    """Raises KeyError for a word nobody wrote down."""
    return _WORDS[name][0 if language == "ko" else 1]

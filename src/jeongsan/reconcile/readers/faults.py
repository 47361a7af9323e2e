"""Why a row, or a whole file, could not be read: the codes that stand in the table `problems`."""

from enum import StrEnum

# How much of what stands there is kept.
VALUE_SHOWN_MAX = 60


class ReadFault(StrEnum):
    """`problems.fault`. Those of a file stand without a row number."""

    # A whole file, or a question to a database.
    NO_FILE = "NO_FILE"
    BROKEN_FILE = "BROKEN_FILE"
    EMPTY_FILE = "EMPTY_FILE"
    NO_LAYOUT = "NO_LAYOUT"
    SEVERAL_LAYOUTS = "SEVERAL_LAYOUTS"
    INVALID_LAYOUT = "INVALID_LAYOUT"
    OTHER_SIDE = "OTHER_SIDE"
    NO_COLUMN = "NO_COLUMN"
    SAME_COLUMN_TWICE = "SAME_COLUMN_TWICE"
    SEVERAL_SHEETS = "SEVERAL_SHEETS"
    NO_SHEET = "NO_SHEET"
    NOT_A_SELECT = "NOT_A_SELECT"
    NO_ANSWER = "NO_ANSWER"
    NO_EXTRA = "NO_EXTRA"
    # A row.
    NOT_CSV = "NOT_CSV"
    NOT_JSON = "NOT_JSON"
    FIELD_COUNT = "FIELD_COUNT"
    TOO_LONG = "TOO_LONG"
    # A cell.
    NO_VALUE = "NO_VALUE"
    NOT_AN_AMOUNT = "NOT_AN_AMOUNT"
    TOO_FINE = "TOO_FINE"
    TOO_LARGE = "TOO_LARGE"
    NOT_A_TIME = "NOT_A_TIME"
    SERIAL_NUMBER = "SERIAL_NUMBER"
    UNKNOWN_WORD = "UNKNOWN_WORD"
    CONTRADICTION = "CONTRADICTION"


class Unreadable(Exception):
    """A file of which no row can be read. `field` is a column or an option, `value` what stands there;
    `headers` are those that no layout, or more than one, fits."""

    def __init__(
        self, fault: ReadFault, value: str = "", field: str | None = None, headers: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{fault}: {value}")
        self.fault, self.field, self.value, self.headers = fault, field, value, headers

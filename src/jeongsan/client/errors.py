"""What can go wrong when a gateway is read: one tree, each with what a person needs to go on.

No message ever holds the key: `reader.Reader` takes it out of what the gateway says.
"""


class ClientError(Exception):
    """A gateway could not be read. `code` is stable, for scripts."""

    code = "UNREADABLE"


class InvalidAddress(ClientError):
    """Not an address a key may be sent to."""

    code = "INVALID_ADDRESS"


class Unreachable(ClientError):
    """No answer: no connection, or none in time, after every retry."""

    code = "UNREACHABLE"


class Answered(ClientError):
    """The gateway answered with an error. `status` is HTTP's, `answer_code` and `answer` are its own."""

    code = "ANSWERED"

    def __init__(self, path: str, status: int, answer_code: str, answer: str) -> None:
        super().__init__(f"{path} answered {status} {answer_code}: {answer}")
        self.status = status
        self.answer_code = answer_code
        self.answer = answer


class Unauthorized(Answered):
    """401 or 403: the key is unknown here, or may not do this."""

    code = "UNAUTHORIZED"


class UnreadableAnswer(ClientError):
    """The gateway answered with success, but not with what it should be. Names the path and the field."""

    code = "UNREADABLE_ANSWER"

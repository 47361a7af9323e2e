"""placeholder until the story is written"""


def demo() -> None:
    """x"""

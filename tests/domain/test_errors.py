"""Refusals: a code for machines, and for people the field at fault."""

from jeongsan.domain.errors import Code, Refusal


def test_codes_are_spelled_as_they_travel() -> None:
    assert all(code.name == code.value for code in Code)


def test_a_refusal_tells_its_code_and_the_field_at_fault() -> None:
    refusal = Refusal(Code.INVALID_REQUEST, field="amount", detail="is required")
    assert str(refusal) == "INVALID_REQUEST: amount: is required"
    assert str(Refusal(Code.NOT_FOUND)) == "NOT_FOUND"

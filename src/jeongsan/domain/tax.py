"""The split of an amount into supply value, VAT and tax-free parts."""

from dataclasses import dataclass

from jeongsan.domain.money import Money, divide_half_up


@dataclass(frozen=True, slots=True)
class TaxSplit:
    """`supplied + vat + tax-free + exemption` is the amount."""

    supplied: Money
    vat: Money


def split(amount: Money, *, tax_free: Money, tax_exemption: Money) -> TaxSplit:
    """VAT is a eleventh of the taxable part, half up; the supply value is what is left.

    Recomputed from the remaining balance after each cancel, never added up from parts.
    Source: the `vat` field text of the reference; recorded pairs reproduce it.
    """
    taxable = amount - tax_free - tax_exemption
    vat = Money(divide_half_up(taxable.minor, 11), amount.currency)
    return TaxSplit(supplied=taxable - vat, vat=vat)

"""jeongsan: a payment gateway that goes all the way to settlement, in the Toss Payments wire format."""

__version__ = "0.1.0"

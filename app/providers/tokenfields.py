"""What directories say of a token, read field by field; what is said badly is None."""

from urllib.parse import urlsplit

from app.providers.payloads import float_or_nan

MAX_DECIMALS = 18
MAX_LINK_CHARACTERS = 500


def read_decimals(value: object) -> int | None:
    """Read the decimals of a mint: a whole number from 0 to 18; None for anything else."""
    number = float_or_nan(value)
    return int(number) if 0 <= number <= MAX_DECIMALS and number.is_integer() else None


def read_link(value: object) -> str | None:
    """Read the address of a picture: https only, no spaces, not endless; None for anything else."""
    if not isinstance(value, str) or len(value) > MAX_LINK_CHARACTERS:
        return None
    if not value.isascii() or not value.isprintable() or any(one in value for one in " \"'<>\\"):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme == "https" and parts.hostname else None

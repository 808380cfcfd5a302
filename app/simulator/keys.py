"""Seeded chance and seeded addresses: the same numbers in, the same answer out. Knows no market."""

from hashlib import blake2b

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_MASK = (1 << 64) - 1


def draw(*numbers: int) -> float:
    """Return a number in [0, 1) that depends on nothing but the numbers (splitmix64 over each)."""
    state = 0x9E3779B97F4A7C15
    for number in numbers:
        state = (state ^ (number & _MASK)) + 0x9E3779B97F4A7C15 & _MASK
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        state = (state ^ state >> 27) * 0x94D049BB133111EB & _MASK
        state ^= state >> 31
    return (state >> 11) / (1 << 53)


def base58(raw: bytes) -> str:
    """Write bytes in the Bitcoin alphabet, as Solana writes keys and signatures."""
    number = int.from_bytes(raw)
    letters: list[str] = []
    while number:
        number, digit = divmod(number, 58)
        letters.append(_ALPHABET[digit])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def address(seed: int, label: str, number: int) -> str:
    """Return a base58 address of 32 bytes."""
    return base58(blake2b(f"{seed}/{label}/{number}".encode(), digest_size=32).digest())


def signature(seed: int, label: str, number: int) -> str:
    """Return a base58 transaction signature of 64 bytes."""
    return base58(blake2b(f"{seed}/{label}/{number}".encode(), digest_size=64).digest())

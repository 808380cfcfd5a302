"""How a secret may look when it leaks."""

import base64

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(secret: bytes) -> str:
    """Write bytes as Solana writes keys."""
    number, text = int.from_bytes(secret), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(secret) - len(secret.lstrip(b"\0"))) + text


def forms(secret: bytes) -> dict[str, str]:
    """Write a secret in every way in which programs write keys."""
    numbers = [str(byte) for byte in secret]
    return {
        "base58": base58(secret),
        "base64": base64.b64encode(secret).decode(),
        "base64url": base64.urlsafe_b64encode(secret).decode(),
        "hex": secret.hex(),
        "HEX": secret.hex().upper(),
        "JSON": "[" + ",".join(numbers) + "]",
        "list": "[" + ", ".join(numbers) + "]",
    }

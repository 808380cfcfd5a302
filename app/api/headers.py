"""The headers that every answer has, whoever gives it."""

from collections.abc import Iterable

Headers = list[tuple[bytes, bytes]]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
POLICY_HEADER = b"content-security-policy"
UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
"""What no page of ours asks of a browser."""

SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in UNUSED).encode()),
]
DEFAULT_POLICY: Headers = [(POLICY_HEADER, POLICY.encode())]
TRANSPORT: Headers = [(b"strict-transport-security", b"max-age=31536000")]
NO_STORE: Headers = [(b"cache-control", b"no-store")]
TLS = frozenset({"https", "wss"})


def complete(headers: Iterable[tuple[bytes, bytes]], scheme: str) -> Headers:
    """Add what every answer has; an answer may bring a policy or a caching of its own."""
    own = list(headers)
    names = {name for name, _ in own}
    own += SECURITY
    if POLICY_HEADER not in names:  # two would both be kept to
        own += DEFAULT_POLICY
    if b"cache-control" not in names:
        own += NO_STORE
    if scheme in TLS:
        own += TRANSPORT
    return own

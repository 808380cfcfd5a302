"""Where a message that a person asked for may go: services by name, hosts by their addresses."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

SERVICES: Final = frozenset(
    {"discord", "gchat", "ifttt", "line", "ntfy", "pagerduty", "pbul", "pover", "prowl"}
    | {"slack", "spush", "tgram", "threema", "wxteams"}
)
"""Schemas of services that answer under their own names only."""

OWN_HOSTS: Final = frozenset(
    {"forms", "gotifys", "jsons", "matrixs", "mmosts", "nctalks", "ntfys", "rockets", "xmls"}
)
"""Schemas that go to a host that a person names, encrypted."""

PLAIN: Final = frozenset(
    {"form", "gotify", "json", "matrix", "mailto", "mmost", "nctalk", "rocket", "xml"}
)
"""The same without encryption: for a host of one's own, where the operator allows that."""

MAIL: Final = frozenset({"mailtos"})
WEB_PORTS: Final = frozenset({443})
MAIL_PORTS: Final = frozenset({465, 587})

_TRANSLATED = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
"""IPv4 written into IPv6: a gateway would hand it on to whatever it says."""


def ports_of(schema: str) -> frozenset[int]:
    """Return the ports that a schema may speak to."""
    return MAIL_PORTS if schema in MAIL else WEB_PORTS


def allowed(schema: str, *, private: bool) -> bool:
    """Tell whether people may give addresses of a schema."""
    if schema in SERVICES | OWN_HOSTS | MAIL:
        return True
    return private and schema in PLAIN


def is_public(text: str) -> bool:
    """Tell whether an address, as numbers, is one of the public net and nothing in disguise."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        return _is_public_six(address)
    return _is_public_four(address)


def _is_public_four(address: IPv4Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_public_six(address: IPv6Address) -> bool:
    if address.ipv4_mapped is not None:
        return _is_public_four(address.ipv4_mapped)
    if any(address in net for net in _TRANSLATED):
        return False
    if address.sixtofour is not None or address.teredo is not None:
        return False
    return address.is_global and not (address.is_multicast or address.is_site_local)

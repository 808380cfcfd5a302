"""The OpenAPI document, written once in each process: that takes more than a second."""

import json
from functools import cache
from typing import Any

from fastapi import FastAPI

from app.api import install


@cache
def openapi_text() -> bytes:
    """Write it as the platform serves it."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    install(app)
    text: bytes = app.state.openapi_text()
    return text


def document() -> dict[str, Any]:
    """Read it; whoever asks may change what is answered."""
    found: dict[str, Any] = json.loads(openapi_text())
    return found

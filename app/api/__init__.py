"""Who asks: REST routes, the WebSocket, sessions, errors."""

from app.api.install import install, openapi_json, running

__all__ = ["install", "openapi_json", "running"]

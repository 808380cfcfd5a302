"""Who asks: REST routes, the WebSocket, sessions and errors."""

"""The page of the API: Swagger UI from the dashboard's build, no other host, no inline script."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Auto Trader API</title>
    <link rel="icon" href="/docs-assets/favicon-32x32.png">
    <link rel="stylesheet" href="/docs-assets/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs-assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  tryItOutEnabled: true,
  requestInterceptor: (request) => {
    request.headers["X-Requested-With"] = "fetch";
    return request;
  },
});
"""
router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def show_docs() -> Response:
    """Show the page."""
    return HTMLResponse(PAGE, headers={"Cache-Control": "no-cache"})


@router.get("/docs/start.js")
async def start_docs() -> Response:
    """Give the script that starts the page."""
    headers = {"Cache-Control": "no-cache"}
    return Response(START, media_type="text/javascript", headers=headers)


@router.get("/openapi.json")
async def show_schema(request: Request) -> Response:
    """Give the schema."""
    body = request.app.state.openapi_text()
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-cache"})

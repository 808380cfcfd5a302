# syntax=docker/dockerfile:1
# Three stages: the dashboard, the Python packages, and an image with neither Node nor a compiler in it.

FROM python:3.13.7-slim-bookworm AS dashboard
WORKDIR /src
COPY dev.py requirements-dev.lock ./
COPY toolchain toolchain
COPY frontend frontend
RUN python dev.py build

FROM python:3.13.7-slim-bookworm AS packages
COPY requirements.lock /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement /requirements.lock

FROM python:3.13.7-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin trader \
    && install --directory --mode 0700 --owner trader --group trader /data /cache
WORKDIR /srv/auto-trader
COPY --from=packages /venv /venv
COPY alembic.ini ./
COPY migrations migrations
COPY app app
RUN python -m compileall -q app
COPY --from=dashboard /src/frontend/dist frontend/dist
# Inside a container all interfaces are the container's own; who reaches them says the port that is published:
# `-p 127.0.0.1:8000:8000`, or a TLS proxy in front with AUTOTRADER_PUBLIC=tls.
ENV PATH=/venv/bin:$PATH \
    AUTOTRADER_HOST=0.0.0.0 \
    AUTOTRADER_PUBLIC=plain \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/cache \
    AUTOTRADER_DATA_DIR=/data \
    AUTOTRADER_DATABASE_URL=sqlite+aiosqlite:////data/autotrader.db \
    AUTOTRADER_LOG_FORMAT=json
USER 10001
# The root file system may be read-only: what is written goes to these two.
VOLUME ["/data", "/cache"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--http", "app.api.unparsed:Protocol", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "65536", "--timeout-graceful-shutdown", "5", "--no-server-header", "--no-proxy-headers"]

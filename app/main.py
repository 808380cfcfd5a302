"""Joins everything: `uvicorn app.main:app` is the whole platform.

Start-up is recovery: the schema is brought up to date, the lease taken, the engine built from the
record, and only then do signals and prices come in. Shutdown is the same backwards.
"""

import asyncio
import gc
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import api, strategies
from app.api.health import VERSION
from app.api.rates import Rates
from app.api.starting import told
from app.config import PREFIX, Settings, load
from app.engine import tracing
from app.engine.auditing import Auditing
from app.engine.backing_up import Backups
from app.engine.chores import chores
from app.engine.clock import ScaledClock, SystemClock
from app.engine.live import Recovered
from app.engine.logs import configure_logging
from app.engine.messenger import Messenger, Post
from app.engine.pipeline.screen import Screening
from app.engine.pipeline.watch import Watching
from app.engine.platform import Platform, Wiring
from app.engine.proof import Asked
from app.engine.recovery import recover
from app.engine.replaying import Checking
from app.engine.timekeeping import Timekeeper
from app.engine.unprotected import unprotected
from app.ports import CandleSource, Clock, TokenDirectory
from app.providers.candles.gecko import GeckoCandles
from app.providers.candles.recorded import RecordedCandles
from app.providers.dates import Dates
from app.providers.hosts import is_loopback
from app.providers.http import Http
from app.providers.notify.apprise import AppriseNotifier
from app.providers.prices.jupiter import JupiterPrices
from app.providers.sentiment.rag import RagSentiment
from app.providers.signals.sse import SseSignals
from app.providers.tokens.cached import CachedDirectory
from app.providers.tokens.directory import Directory
from app.providers.tokens.jupiter import JupiterTokens
from app.providers.tokens.recorded import RecordedTokens
from app.research.loading import Sources
from app.research.runs import Runs
from app.simulator import INDEX_MINT, SimulatorConfig, run_embedded
from app.store.database import Database
from app.store.errors import StoreError
from app.store.files import is_open_to_others, make_folders
from app.store.journal import Journal
from app.store.location import locate
from app.store.migrate import upgrade
from app.store.vault import Vault
from app.trading.fills import Costs
from app.trading.gate import GateLimits
from app.trading.market import TIMEFRAMES
from app.trading.plans import ExitPlan, Profile, Sizing
from app.trading.state import Rules

log = structlog.get_logger(__name__)

GECKO = "https://api.geckoterminal.com/api/v2"
JUPITER = "https://api.jup.ag"
LOCAL_TRADES_SECONDS = 2.0
REMOTE_TRADES_SECONDS = 60.0
SWITCH_SECONDS = 0.001
"""How long a thread computes before it hands the interpreter to one that waits. Each statement of a
commit waits for it anew, so that Python's 5 ms add up while ten thousand sockets are served.
"""


class MissingSetting(ValueError):
    """A setting that has no default was not given; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Where signals, tokens, sentiment and candles come from: base URLs."""

    signals: str
    tokens: str
    sentiment: str
    candles: str
    jupiter: str


def rules(settings: Settings) -> Rules:
    """Read what the platform fixes for everybody."""
    profile = Profile(
        exit=ExitPlan(
            stop_loss=settings.initial_stop_loss_percent,
            trailing_stop=settings.trailing_stop_loss_percent,
            take_profit=settings.take_profit_tiers,
        ),
        sizing=Sizing(risk_per_trade=settings.risk_per_trade_percent),
    )
    return Rules(
        timeframe=settings.timeframe,
        timeframe_ms=TIMEFRAMES[settings.timeframe],
        confirmation_window=settings.confirmation_window,
        default_profile=profile,
        costs=Costs(fees_bps=settings.fees_bps, slippage_bps=settings.slippage_bps),
        kill_switch=settings.kill_switch,
    )


def auditing(
    settings: Settings, database: Database, journal: Journal, costs: Costs
) -> Auditing | None:
    """Read when the record is audited, and what is; None for never."""
    if settings.audit_at == "never":
        return None
    asked = Asked(settings.database_url, settings.data_dir, costs)
    return Auditing(database, journal, asked, settings.audit_at)


def watching(settings: Settings, candles: CandleSource, http: Http, where: Outside) -> Watching:
    """Read how prices are asked for, which are believed, and whom to ask a second time."""
    local = is_loopback(where.candles)
    second = None
    if settings.prices_url:
        second = JupiterPrices(http.named("prices"), settings.prices_url)
    limits = GateLimits(
        jump=settings.price_jump,
        confirm_ms=round(settings.price_confirm_seconds * 1_000),
        quiet_ms=round(settings.price_quiet_seconds * 1_000),
    )
    return Watching(
        candles=candles,
        timeframe=settings.timeframe,
        timeframe_ms=TIMEFRAMES[settings.timeframe],
        trades_every=LOCAL_TRADES_SECONDS if local else REMOTE_TRADES_SECONDS,
        second=second,
        limits=limits,
    )


def outside(settings: Settings, simulator: str | None) -> Outside:
    """Choose base URLs: what is set, else the built-in market, else the public service.

    Raises MissingSetting for signals and sentiment, which nobody offers to the public.
    """
    for name in ("signals_url", "sentiment_url"):
        if not getattr(settings, name) and simulator is None:
            key = f"AUTOTRADER_{name.upper()}"
            raise MissingSetting(f"{key} must be set when AUTOTRADER_SIMULATOR is false")
    return Outside(
        signals=settings.signals_url or simulator or "",
        tokens=settings.tokens_url or simulator or settings.signals_url,
        sentiment=settings.sentiment_url or simulator or "",
        candles=settings.candles_url or simulator or GECKO,
        jupiter=simulator or JUPITER,
    )


def simulated(settings: Settings, clock: Clock) -> SimulatorConfig:
    """Read what the built-in market is made of; it lives in the platform's own time."""
    return SimulatorConfig(
        seed=settings.simulator_seed,
        now=lambda: clock.now() / 1000,
        initial_price=settings.sim_initial_price,
        drift=settings.sim_drift,
        volatility=settings.sim_volatility,
    )


async def run_simulator(settings: Settings, clock: Clock, stack: AsyncExitStack) -> str | None:
    """Serve the built-in market on loopback until the stack closes; None when it is off."""
    if not settings.simulator:
        return None
    market = await run_embedded(simulated(settings, clock))
    stack.push_async_callback(market.stop)
    return market.base_url


async def recorded(folder: Path, clock: Clock) -> RecordedCandles:
    """Play a folder of recordings as if its second day were today; the first is history.

    Raises ports.ProviderError when the folder cannot be played.
    """
    asked = RecordedCandles(folder, clock)
    start = await asked.beginning() + TIMEFRAMES["1d"]
    return RecordedCandles(folder, clock, recording_starts_at=start)


def timekeeper(clock: Clock, dates: Dates) -> Timekeeper | None:
    """Look after the machine's clock by what others' clocks say; another one nobody can set."""
    if not isinstance(clock, SystemClock):
        return None
    return Timekeeper(clock, lambda: dates.skew(clock.now()), dates.forget)


async def wire(
    app: FastAPI, settings: Settings, clock: Clock, http: Http, where: Outside
) -> Wiring:
    """Make the providers and everything else a platform runs on."""
    journal, database = app.state.journal, app.state.database
    fixed = rules(settings)
    candles: GeckoCandles | RecordedCandles = GeckoCandles(
        http.named("candles"), clock, where.candles
    )
    jupiter = JupiterTokens(http.named("tokens"), where.jupiter)
    directories: list[TokenDirectory] = [Directory(http.named("tokens"), where.tokens), jupiter]
    if settings.recorded_candles_dir is not None:
        candles = await recorded(settings.recorded_candles_dir, clock)
        directories.insert(0, RecordedTokens(settings.recorded_candles_dir))
    # The built-in market has another port every time; what comes from it has one source.
    source = "simulator" if settings.simulator and not settings.signals_url else None
    signals = SseSignals(http.named("signals"), clock, where.signals, source=source)
    sentiment = RagSentiment(http.named("sentiment"), where.sentiment)
    tokens = CachedDirectory(directories, clock)
    keeper = timekeeper(clock, http.dates)

    async def recovered(batch: int) -> Recovered:
        return await recover(database, fixed, app.state.strategies, batch, clock.now())

    return Wiring(
        clock=clock,
        journal=journal,
        owner=f"{socket.gethostname()}:{os.getpid()}",
        recover=recovered,
        signals=signals,
        screening=Screening(
            sentiment=sentiment,
            tokens=tokens,
            candles=candles,
            threshold=settings.sentiment_threshold,
            min_mentions=settings.min_mentions,
        ),
        watching=watching(settings, candles, http, where),
        symbols=jupiter,
        index=INDEX_MINT,
        checking=Checking(database, journal, settings.data_dir, fixed.costs),
        auditing=auditing(settings, database, journal, fixed.costs),
        backups=Backups(settings.database_url, settings.data_dir, settings.hours_between_backups),
        chores={
            **chores(journal, database, clock, settings.data_dir),
            **({} if keeper is None else {"clock": keeper.run}),
            "notify": app.state.messenger.run,
        },
        snapshots={
            "signals": signals.snapshot,
            "sentiment": sentiment.snapshot,
            "tokens": tokens.snapshot,
            "candles": candles.snapshot,
            "hosts": http.snapshot,
            "services": http.services,
            **({} if keeper is None else {"clock": keeper.snapshot}),
        },
        answers=http.answers,
    )


async def open_store(app: FastAPI, url: str, stack: AsyncExitStack) -> None:
    """Bring the schema up to date, then connect the writer and the readers."""
    await asyncio.to_thread(upgrade, url)
    location = locate(url)
    if location.dialect == "sqlite" and await asyncio.to_thread(is_open_to_others, location.path):
        log.warning(
            "other users of this machine can read the database",
            file=str(location.path),
            expected="mode 0600: chmod go= FILE*",
        )
    app.state.journal = await Journal.open(url)
    stack.push_async_callback(app.state.journal.close)
    app.state.database = await Database.open(url)
    stack.push_async_callback(app.state.database.close)


async def start(app: FastAPI, stack: AsyncExitStack) -> None:
    """Start everything; the stack stops it in the opposite order."""
    settings: Settings = app.state.settings
    clock: Clock = app.state.clock
    if settings.otel_endpoint:
        stack.push_async_callback(asyncio.to_thread, tracing.start(settings.otel_endpoint, VERSION))
    await asyncio.to_thread(make_folders, settings.data_dir)
    await open_store(app, settings.database_url, stack)
    where = outside(settings, await run_simulator(settings, clock, stack))
    http = Http(clock)
    stack.push_async_callback(http.aclose)
    notifier = AppriseNotifier(settings.notify_private_hosts)
    stack.push_async_callback(notifier.aclose)
    post = Post(app.state.database, app.state.journal, notifier, Vault(settings.data_dir))
    app.state.messenger = Messenger(post, clock)
    platform = Platform(await wire(app, settings, clock, http, where))
    app.state.platform, app.state.live = platform, platform.live
    platform.watchdog.start()
    stack.push_async_callback(platform.watchdog.stop)
    await platform.start(engine=settings.engine)
    stack.push_async_callback(platform.stop)
    sources = Sources(settings.data_dir, database_url=settings.database_url)
    app.state.runs = Runs(app.state.journal, app.state.database, clock, sources)
    stack.push_async_callback(app.state.runs.stop)
    await app.state.runs.start()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Run the platform for as long as the server runs."""
    async with AsyncExitStack() as stack:
        try:
            await start(app, stack)
        except (StoreError, MissingSetting) as error:
            app.state.not_started = told(error)
            raise
        gc.freeze()  # what is there by now stays; looking through it all stopped everybody else
        stack.callback(gc.unfreeze)
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(SWITCH_SECONDS)
        log.info("ready", engine=app.state.live.absent or "running")
        async with api.running(app):
            yield
        log.info("stopping")
    log.info("stopped")


def chosen_clock(settings: Settings) -> Clock:
    """Return the machine's clock, or a faster one for a market that runs faster."""
    clock = SystemClock()
    if not settings.simulator or settings.simulator_speed == 1:
        return clock
    return ScaledClock(clock.now(), settings.simulator_speed)


def addresses(settings: Settings) -> dict[str, str]:
    """Give every address that is set, by the name of its setting."""
    names = [name for name in Settings.model_fields if name.endswith(("_url", "_endpoint"))]
    return {f"{PREFIX}{name.upper()}": getattr(settings, name) for name in names}


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """Make the application, with the environment's settings and the machine's clock unless given.

    Raises config.InvalidConfiguration, which has a line for every fault.
    """
    chosen = settings or load()
    configure_logging(chosen.log_format, chosen.log_level)
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = chosen
    app.state.clock = clock or chosen_clock(chosen)
    app.state.strategies = strategies.load()
    api.install(app, Rates.times(chosen.rate_limit_factor))
    if chosen.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(chosen.trusted_proxies))
    if chosen.public == "plain":
        log.warning("whoever reaches this platform speaks to it without encryption")
    for setting, expected in unprotected(addresses(chosen)):
        log.warning("another host without TLS that proves it", setting=setting, expected=expected)
    return app


def __getattr__(name: str) -> FastAPI:
    """Make `app` when a server asks for it, and not when a test imports this module."""
    if name == "app":
        return create_app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

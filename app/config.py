"""What can be set from outside: environment variables AUTOTRADER_<NAME>, or such lines in .env.

Only `main` and the command line read it; what stands below them is given values. `.env.example`
lists every key with its default. A key that is not known is refused, so that a slip of the pen is
found at start-up and not by the first trade. It knows no route, no table and no rule.
"""

import difflib
import ipaddress
import json
import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "AUTOTRADER_"
SECRETS = Path("/run/secrets")
"""Where containers are handed files whose names are settings, in lower case."""

SQLITE = "sqlite+aiosqlite://"
DATABASES = (SQLITE, "postgresql+asyncpg://")
REDIS = ("redis://", "rediss://", "unix://")
HTTPS = "https://"
WEB = ("http://", HTTPS)

Timeframe = Literal["1s", "1m", "5m"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
Tiers = tuple[tuple[float, float], ...]


class InvalidConfiguration(ValueError):
    """One or more settings cannot be used; the text has one line for each."""


def starts_with(value: str, beginnings: tuple[str, ...]) -> str:
    """Refuse an address of a kind that cannot be spoken to; empty means not set."""
    if value and not value.startswith(beginnings):
        raise ValueError(f"must start with {' or '.join(beginnings)}")
    return value


def web_address(value: str) -> str:
    """Check a base URL and drop the slash at its end, because paths are put behind it."""
    return starts_with(value, WEB).rstrip("/")


def origin(value: str) -> str:
    """Check an origin as a browser sends it: scheme, host and port, and no path."""
    if web_address(value).count("/") != len("//") or value.endswith("/"):
        raise ValueError("must be like https://trader.example:8443, without a path")
    return value


def host_name(value: str) -> str:
    """Check the name of a host, as it stands in an address, and take it in lower case."""
    if re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?", value) is None:
        raise ValueError("must be a name like platform or trader.lan, without scheme and port")
    return value.lower()


def network(value: str) -> str:
    """Check an address, or a network of addresses."""
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise ValueError("must be an address or a network like 10.0.0.0/8") from error


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches what listens on a host."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def contact(value: str) -> str:
    """Check whom to tell of a weakness."""
    return starts_with(value, ("mailto:", "https://"))


def database_address(value: str) -> str:
    """Check that one of the two asynchronous drivers is named."""
    return starts_with(value, DATABASES)


def redis_address(value: str) -> str:
    """Check the address of a Redis server."""
    return starts_with(value, REDIS)


def listed(value: object) -> object:
    """Read a list from text: JSON, or words with commas between them."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"is not JSON: {error}") from error
    return [word.strip() for word in value.split(",") if word.strip()]


def upper(value: object) -> object:
    """Take `info` for `INFO`."""
    return value.upper() if isinstance(value, str) else value


def rising(tiers: Tiers) -> Tiers:
    """Check that gains rise and that no more is sold than was bought."""
    gains = [gain for gain, _ in tiers]
    portions = [portion for _, portion in tiers]
    if any(number <= 0 for number in gains + portions):
        raise ValueError("gains and portions must be positive")
    if sorted(set(gains)) != gains:
        raise ValueError("gains must rise from tier to tier")
    if sum(portions) > 1 + 1e-12:
        raise ValueError("portions must not add up to more than 1")
    return tiers


WebAddress = Annotated[str, AfterValidator(web_address)]
Origin = Annotated[str, AfterValidator(origin)]
HostName = Annotated[str, AfterValidator(host_name)]
Network = Annotated[str, AfterValidator(network)]
Share = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]


class Settings(BaseSettings):
    """Every setting with its default. Shares are fractions: 0.02 is two percent."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
    )

    # where it listens, and who may speak to it from a browser
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    public: Literal["no", "tls", "plain"] = "no"
    public_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(listed)] = ()
    allowed_hosts: Annotated[tuple[HostName, ...], NoDecode, BeforeValidator(listed)] = ()
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(listed)] = ()
    security_contact: Annotated[str, AfterValidator(contact)] = ""
    rate_limit_factor: float = Field(1.0, gt=0, le=1_000_000)
    most_sockets: int = Field(10_000, ge=1)
    sockets_per_wallet: int = Field(10, ge=1)
    sockets_per_address: int = Field(50, ge=1)

    # what is kept, and where
    data_dir: Path = Path("./data")
    database_url: Annotated[str, AfterValidator(database_address)] = (
        "sqlite+aiosqlite:///./data/autotrader.db"
    )
    redis_url: Annotated[str, AfterValidator(redis_address)] = ""
    backup_every: Annotated[float, Field(ge=0)] | None = None

    # what runs
    engine: bool = True
    kill_switch: bool = False
    log_format: Literal["console", "json"] = "console"
    log_level: Annotated[LogLevel, BeforeValidator(upper)] = "INFO"
    log_requests: Literal["off", "debug", "info"] = "debug"
    metrics_public: bool = False
    notify_private_hosts: bool = False
    audit_at: Annotated[int, Field(ge=0, le=23)] | Literal["never"] = 3
    otel_endpoint: WebAddress = ""

    # the built-in market
    simulator: bool = True
    simulator_seed: int = Field(1, ge=0, lt=2**63)
    simulator_speed: float = Field(1.0, gt=0)
    recorded_candles_dir: Path | None = None
    sim_initial_price: float = Field(0.01, gt=0)
    sim_drift: float = 0.001
    sim_volatility: float = Field(0.02, ge=0)

    # where signals, tokens, sentiment and candles come from; empty = the built-in market
    signals_url: WebAddress = ""
    tokens_url: WebAddress = ""
    sentiment_url: WebAddress = ""
    candles_url: WebAddress = ""
    candles_timeframe: Timeframe | None = None

    # which prices are believed; a second source of prices, empty = none
    prices_url: WebAddress = ""
    price_jump: float = Field(0.60, gt=0, lt=1)
    price_confirm_seconds: float = Field(2, gt=0, le=60)
    price_quiet_seconds: float = Field(15, ge=1, le=3_600)

    # which signals are taken up
    sentiment_threshold: float = Field(60, ge=0, le=100)
    min_mentions: int = Field(1, ge=0)
    confirmation_window: int = Field(120, ge=1)

    # what a new wallet starts with
    min_synthetic_sol: Positive = 10
    max_synthetic_sol: Positive = 20
    risk_per_trade_percent: float = Field(0.02, gt=0, le=1)
    initial_stop_loss_percent: Share = 0.15
    trailing_stop_loss_percent: Share = 0.20
    take_profit_tiers: Annotated[
        Tiers, NoDecode, BeforeValidator(listed), AfterValidator(rising)
    ] = ((0.30, 0.33), (0.75, 0.33))

    # what paper fills cost
    fees_bps: BasisPoints = 0
    slippage_bps: BasisPoints = 0

    @property
    def timeframe(self) -> Timeframe:
        """Return the length of a candle: the built-in market's are a second long unless set."""
        return self.candles_timeframe or ("1s" if self.simulator else "1m")

    @property
    def hours_between_backups(self) -> float:
        """Return how often a backup is made: each hour of a file, unless set; 0 is never."""
        if self.backup_every is not None:
            return self.backup_every
        return 1.0 if self.database_url.startswith(SQLITE) else 0.0

    @model_validator(mode="before")
    @classmethod
    def _add_unknown_variables(cls, values: dict[str, object]) -> dict[str, object]:
        # pydantic-settings asks the environment for the names it knows and overlooks all others.
        prefixed = {key.lower(): key for key in os.environ if key.upper().startswith(PREFIX)}
        known = {f"{PREFIX}{name}".lower() for name in cls.model_fields}
        return values | {key: os.environ[prefixed[key]] for key in prefixed.keys() - known}

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.min_synthetic_sol > self.max_synthetic_sol:
            raise ValueError(f"{PREFIX}MIN_SYNTHETIC_SOL is above {PREFIX}MAX_SYNTHETIC_SOL")
        return self

    @model_validator(mode="after")
    def _check_exposure(self) -> Self:
        if self.public == "no" and not is_loopback(self.host):
            raise ValueError(
                f"{PREFIX}HOST={self.host} lets others in: set {PREFIX}PUBLIC=tls (behind TLS) or"
                f" plain (a container's port, a network of your own), or listen on 127.0.0.1"
            )
        if self.public == "tls" and not any(one.startswith(HTTPS) for one in self.public_origins):
            raise ValueError(f"{PREFIX}PUBLIC=tls needs an https:// origin in PUBLIC_ORIGINS")
        return self


def load(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment and .env. Raises InvalidConfiguration with a line per fault."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        faults = [describe(fault) for fault in error.errors(include_url=False)]
        raise InvalidConfiguration("\n".join(faults)) from error


def describe(fault: ErrorDetails) -> str:
    """Say in one line which key is wrong and why."""
    message = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    key, *inner = (str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{key.upper()}: there is no such setting{suggest(key)}"
    place = f" at {'.'.join(inner)}" if inner else ""
    # An address may hold a password, and this line ends in a log.
    seen = "" if key.endswith("_url") else f", not {fault['input']!r}"
    return f"{PREFIX}{key.upper()}{place}: {message}{seen}"


def suggest(key: str) -> str:
    """Return the known key that an unknown one resembles, as the end of a sentence."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    similar = difflib.get_close_matches(key.upper(), known, n=1)
    return f"; did you mean {similar[0]}?" if similar else ""

"""Settings come from the environment or .env, and nothing that is wrong passes."""

import os
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError

from app.config import PREFIX, InvalidConfiguration, Settings, load

EXAMPLE = Path(__file__).parents[1] / ".env.example"
DEFAULTS = {name: field.default for name, field in Settings.model_fields.items()}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for key in [key for key in os.environ if key.startswith(PREFIX)]:
        monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_defaults_hold() -> None:
    assert load().model_dump() == DEFAULTS


def test_the_example_lists_every_key() -> None:
    assert set(dotenv_values(EXAMPLE)) == {f"{PREFIX}{name.upper()}" for name in DEFAULTS}


def test_the_example_holds_the_defaults() -> None:
    assert load(EXAMPLE).model_dump() == DEFAULTS


def test_the_example_leaves_empty_only_what_is_empty_by_default() -> None:
    blank = {key for key, value in dotenv_values(EXAMPLE).items() if not value}
    assert blank == {
        f"{PREFIX}{name.upper()}" for name, it in DEFAULTS.items() if it in (None, "", ())
    }


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(f"{PREFIX}PORT=1\n{PREFIX}MIN_MENTIONS=3\n")
    monkeypatch.setenv(f"{PREFIX}PORT", "2")
    assert (load().port, load().min_mentions) == (2, 3)


@pytest.mark.parametrize(
    ("simulator", "named", "expected"),
    [(True, None, "1s"), (False, None, "1m"), (True, "5m", "5m"), (False, "1s", "1s")],
)
def test_candles_are_a_second_long_only_in_the_built_in_market(
    monkeypatch: pytest.MonkeyPatch, simulator: bool, named: str | None, expected: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}SIMULATOR", str(simulator))
    monkeypatch.setenv(f"{PREFIX}CANDLES_TIMEFRAME", named or "")
    assert load().timeframe == expected


@pytest.mark.parametrize(
    ("key", "text", "name", "value"),
    [
        (
            "PUBLIC_ORIGINS",
            "https://a.example, http://b:81",
            "public_origins",
            ("https://a.example", "http://b:81"),
        ),
        ("PUBLIC_ORIGINS", '["https://a.example"]', "public_origins", ("https://a.example",)),
        ("ALLOWED_HOSTS", "Platform, trader.lan", "allowed_hosts", ("platform", "trader.lan")),
        (
            "TRUSTED_PROXIES",
            "10.0.0.0/8, ::1",
            "trusted_proxies",
            ("10.0.0.0/8", "::1/128"),
        ),
        ("TAKE_PROFIT_TIERS", "[[0.5, 1]]", "take_profit_tiers", ((0.5, 1.0),)),
        ("TAKE_PROFIT_TIERS", "[]", "take_profit_tiers", ()),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("SIGNALS_URL", "http://localhost:9000/", "signals_url", "http://localhost:9000"),
        (
            "DATABASE_URL",
            "postgresql+asyncpg://u@h/d",
            "database_url",
            "postgresql+asyncpg://u@h/d",
        ),
    ],
)
def test_text_becomes_a_value(
    monkeypatch: pytest.MonkeyPatch, key: str, text: str, name: str, value: object
) -> None:
    monkeypatch.setenv(f"{PREFIX}{key}", text)
    assert getattr(load(), name) == value


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("PORT", "70000", "AUTOTRADER_PORT: Input should be less than or equal to 65535, not '70"),
        ("PORTT", "1", "AUTOTRADER_PORTT: there is no such setting; did you mean AUTOTRADER_PORT?"),
        ("ZZZZZ", "1", "AUTOTRADER_ZZZZZ: there is no such setting"),
        (
            "DATABASE_URL",
            "postgresql://h/d",
            "start with sqlite+aiosqlite:// or postgresql+asyncpg",
        ),
        ("REDIS_URL", "localhost:6379", "must start with redis://"),
        ("CANDLES_URL", "ftp://h", "must start with http:// or https://"),
        ("PUBLIC_ORIGINS", "https://a.example/app", "PUBLIC_ORIGINS at 0: must be like"),
        ("PUBLIC_ORIGINS", "https://a.example/", "must be like"),
        ("ALLOWED_HOSTS", "http://a", "ALLOWED_HOSTS at 0: must be a name like platform"),
        ("ALLOWED_HOSTS", "a:8000", "without scheme and port"),
        ("TAKE_PROFIT_TIERS", "[[0.3, 0.6], [0.7, 0.6]]", "must not add up to more than 1"),
        ("TAKE_PROFIT_TIERS", "[[0.7, 0.3], [0.3, 0.3]]", "gains must rise from tier to tier"),
        ("TAKE_PROFIT_TIERS", "[[0.7, 0.0]]", "gains and portions must be positive"),
        ("TAKE_PROFIT_TIERS", "[[0.3,", "is not JSON"),
        ("RISK_PER_TRADE_PERCENT", "2", "less than or equal to 1"),
        ("SIM_VOLATILITY", "NaN", "finite number"),
        ("MIN_SYNTHETIC_SOL", "30", "MIN_SYNTHETIC_SOL is above AUTOTRADER_MAX_SYNTHETIC_SOL"),
        ("CANDLES_TIMEFRAME", "2m", "Input should be '1s', '1m' or '5m'"),
        ("HOST", "0.0.0.0", "lets others in: set AUTOTRADER_PUBLIC=tls"),  # noqa: S104  # refused
        ("HOST", "::", "lets others in"),
        ("HOST", "trader.example", "lets others in"),
        ("PUBLIC", "tls", "needs an https:// origin in PUBLIC_ORIGINS"),
        ("PUBLIC", "yes", "Input should be 'no', 'tls' or 'plain'"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy", "an address or a network like 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "an address or a network like 10.0.0.0/8"),
        ("SECURITY_CONTACT", "me@example.org", "must start with mailto: or https://"),
        ("RATE_LIMIT_FACTOR", "0", "greater than 0"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, key: str, text: str, reason: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}{key}", text)
    with pytest.raises(InvalidConfiguration) as refused:
        load()
    assert reason in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_a_host_of_this_machine_needs_no_word(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv(f"{PREFIX}HOST", host)
    assert load().public == "no"


@pytest.mark.parametrize("public", ["tls", "plain"])
def test_a_host_of_others_needs_a_word(monkeypatch: pytest.MonkeyPatch, public: str) -> None:
    monkeypatch.setenv(f"{PREFIX}HOST", "0.0.0.0")  # noqa: S104  # read, not bound
    monkeypatch.setenv(f"{PREFIX}PUBLIC", public)
    monkeypatch.setenv(f"{PREFIX}PUBLIC_ORIGINS", "https://trader.example")
    assert load().public == public


def test_a_key_in_the_file_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{PREFIX}SIMULATER=false\n")
    with pytest.raises(InvalidConfiguration, match="did you mean AUTOTRADER_SIMULATOR"):
        load()


def test_a_password_in_an_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", "mysql://user:hunter2@host/name")
    with pytest.raises(InvalidConfiguration) as refused:
        load()
    assert "hunter2" not in str(refused.value)


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().__setattr__("port", 1)


@pytest.mark.parametrize(("given", "expected"), [("0", 0), ("23", 23), ("never", "never")])
def test_the_audit_has_an_hour_or_none(
    monkeypatch: pytest.MonkeyPatch, given: str, expected: int | str
) -> None:
    monkeypatch.setenv(f"{PREFIX}AUDIT_AT", given)
    assert load().audit_at == expected


@pytest.mark.parametrize("given", ["24", "-1", "3.5", "noon"])
def test_another_hour_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(f"{PREFIX}AUDIT_AT", given)
    with pytest.raises(InvalidConfiguration, match="AUDIT_AT"):
        load()


@pytest.mark.parametrize(
    ("database", "given", "hours"),
    [
        ("sqlite+aiosqlite:///./x.db", "", 1.0),
        ("postgresql+asyncpg://me@host/db", "", 0.0),
        ("sqlite+aiosqlite:///./x.db", "0", 0.0),
        ("postgresql+asyncpg://me@host/db", "0.5", 0.5),
    ],
)
def test_a_file_is_backed_up_every_hour_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, database: str, given: str, hours: float
) -> None:
    monkeypatch.setenv("AUTOTRADER_DATABASE_URL", database)
    monkeypatch.setenv("AUTOTRADER_BACKUP_EVERY", given)
    assert load().hours_between_backups == hours

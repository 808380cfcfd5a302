"""How the platform is: what it is connected to, how far behind it is, and what runs it on."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Address, ChartTime, Out, Seconds, Time

Count = Annotated[int, Field(examples=[12])]
Counts = Annotated[dict[str, int], Field(examples=[{"sentiment_no_data": 2}])]
PerMinute = Annotated[
    float | None,
    Field(
        description="Over about the last minute; null in the first seconds.",
        examples=[59.8],
    ),
]
Milliseconds = Annotated[float, Field(description="Milliseconds.", examples=[1.8])]
ErrorText = Annotated[
    str | None,
    Field(
        description="The last error in words, without secrets.",
        examples=["GET /stream answered 503: overloaded"],
    ),
]
Name = Annotated[str, Field(examples=["127.0.0.1:47767"])]
ServiceName = Literal["signals", "tokens", "sentiment", "candles"]


class LagOut(Out):
    """How long inputs were on their way into the record over about the last minute."""

    inputs: Count
    mean_ms: Annotated[Milliseconds | None, Field(description="null: nothing came in.")]
    longest_ms: Annotated[
        Milliseconds, Field(description="An input that still waits counts as long as it waits.")
    ]


class StallsOut(Out):
    """Times when one piece of code held the event loop: no price was looked at meanwhile."""

    count: Count
    longest_ms: Milliseconds
    last_at: Time | None
    last_place: Annotated[
        str | None,
        Field(
            description="Where the loop stood.",
            examples=["app/store/sqlite.py:88 SqliteWriter.write"],
        ),
    ]


class EngineOut(Out):
    """The one that decides and writes."""

    state: Annotated[
        Literal["running", "failing", "absent", "off"],
        Field(
            description="`failing`: batches are tried again because they could not be kept. "
            "`absent`: another process runs the engine, or nobody yet. `off`: this process was "
            "told to run none."
        ),
    ]
    detail: Annotated[
        str | None, Field(description="Why none runs here.", examples=["the engine runs in box:7"])
    ]
    process: Annotated[Name, Field(description="This process: its machine and number.")]
    since: Annotated[Time, Field(description="In this state.")]
    kill_switch: Annotated[
        bool, Field(description="The operator stopped new entries for everybody; exits go on.")
    ]
    waiting: Annotated[Count, Field(description="Inputs in the inbox.")]
    lag: LagOut
    commits: Count
    commits_per_minute: PerMinute
    last_commit_at: Time | None
    failures: Count
    last_failure: ErrorText
    last_failure_at: Time | None
    loop_lag_ms: Annotated[
        Milliseconds,
        Field(description="How late the event loop was at most over about the last minute."),
    ]
    loop_stalls: StallsOut
    positions_set_aside: Annotated[
        Count, Field(description="Open positions that are not led because their row is damaged.")
    ]
    strategies_failed: Annotated[
        dict[str, str],
        Field(
            description="Strategies that are not asked any more until the next start, and why.",
            examples=[{"breakout": "ZeroDivisionError: division by zero"}],
        ),
    ]


class TaskOut(Out):
    """A background task; one that fails is started again."""

    name: Annotated[str, Field(examples=["listen"])]
    state: Annotated[
        Literal["running", "waiting", "done", "stopped"],
        Field(description="`waiting`: it failed and will be started again."),
    ]
    since: Time
    restarts: Count
    last_error: ErrorText


class AskedOut(Out):
    """How somebody outside answers."""

    requests: Count
    answers: Annotated[Count, Field(description="Each event of a stream is one.")]
    per_minute: PerMinute
    errors: Annotated[Counts, Field(examples=[{"UnavailableError": 1}])]
    last_error: ErrorText
    last_error_at: Time | None
    last_answer_at: Time | None


class ServiceOut(AskedOut):
    """A feed or a service that the platform asks."""

    name: ServiceName
    kind: Annotated[
        Literal["stream", "requests", "recording"],
        Field(description="`recording`: nobody is asked, recorded files are played."),
    ]
    hosts: Annotated[list[Name], Field(description="Whom it asks.")]
    connected: Annotated[bool | None, Field(description="Of a stream; null for requests.")]
    connected_since: Annotated[
        Time | None, Field(description="Since when it is connected, or is not.")
    ]
    last_byte_at: Annotated[Time | None, Field(description="Of a stream: heartbeats count.")]
    last_signal_at: Annotated[Time | None, Field(description="Of the signals.")]
    counts: Annotated[
        Counts,
        Field(description="What it counts of itself.", examples=[{"signals": 12, "duplicate": 1}]),
    ]


class HostOut(Out):
    """A machine that is asked, for whichever service."""

    host: Name
    requests: Count
    errors: Annotated[Counts, Field(examples=[{"UnavailableError": 1}])]
    last_error: ErrorText
    last_error_at: Time | None
    last_answer_at: Time | None
    waiting: Annotated[Count, Field(description="Requests that wait for their turn.")]
    turned_away: Annotated[Count, Field(description="Requests that would have waited too long.")]
    paused_seconds: Annotated[Seconds, Field(description="Until it may be asked again.")]


class OldestPriceOut(Out):
    """The token whose price was heard longest ago."""

    token_address: Address
    at: Time


class PricesOut(Out):
    """The prices of all tokens that are watched or held."""

    tokens: Annotated[Count, Field(description="Tokens whose prices are followed.")]
    heard: Annotated[Count, Field(description="Those of them that had a price.")]
    oldest: OldestPriceOut | None
    every_seconds: Annotated[
        Seconds, Field(description="How often a price is asked for.", examples=[1.0])
    ]
    suspect: Annotated[Count, Field(description="Single wicks that were held back.")]
    refused: Annotated[Count, Field(description="Candles that made no sense.")]


class ScreeningOut(Out):
    """What became of signals before anybody watched them."""

    screened: Count
    failed: Annotated[Counts, Field(description="By reason.")]


class DatabaseOut(Out):
    """Where the record is kept."""

    dialect: Literal["sqlite", "postgresql"]
    title: Annotated[str, Field(examples=["SQLite"])]
    version: Annotated[str | None, Field(examples=["3.51.3"])]
    ok: bool
    detail: Annotated[str | None, Field(description="Why it does not answer.")]
    round_trip_ms: Milliseconds | None
    warning: Annotated[str | None, Field(description="What is known against it.")]


class BusOut(Out):
    """What carries news from the engine to the sockets."""

    kind: Literal["memory"]
    redis_configured: Annotated[
        bool, Field(description="An address of a Redis server is set; this version uses none.")
    ]


class ReplaysOut(Out):
    """Closed trades run again on their own prices, since this process started."""

    equal: Count
    different: Annotated[Count, Field(description="Must be zero.", examples=[0])]
    unchecked: Annotated[Count, Field(description="Their prices or fills are no longer there.")]
    waiting: Count


class LastAuditOut(Out):
    """The newest proof of the record from the record alone."""

    at: Time
    seconds: Seconds
    checked: Annotated[Count, Field(description="Wallets and trades.")]
    replayed: Annotated[Count, Field(description="Closed trades run again.")]
    unchecked: Annotated[Count, Field(description="Closed trades that could not be run again.")]
    faults: Annotated[Count, Field(description="Must be zero.", examples=[0])]
    kinds: Annotated[
        list[str], Field(description="Of the first faults.", examples=[["wallet balance"]])
    ]
    chain_ok: Annotated[bool, Field(description="Whether the events follow from each other.")]
    chain_events: Count
    chain_head: Annotated[
        str,
        Field(
            description="The newest event and its seal: keep it elsewhere, and "
            "`python -m app audit --chain --head …` tells later whether it is still there.",
            examples=["1207:" + "0f" * 32],
        ),
    ]
    error: Annotated[str | None, Field(description="Why it came to no end.")]


class AuditOut(Out):
    """When the record is proved, and what came of it."""

    hour: Annotated[int | None, Field(description="UTC; null: never.", examples=[3])]
    last: LastAuditOut | None


class BackupOut(Out):
    """The backups that the platform makes of itself."""

    every_hours: Annotated[float, Field(description="0: it makes none.", examples=[1.0])]
    last_at: Annotated[Time | None, Field(description="Of the newest good one, by the machine.")]
    file: Annotated[str | None, Field(examples=["autotrader-20261121T120000Z.db"])]
    bytes: Annotated[int | None, Field(examples=[48_234_496])]
    last_error: Annotated[str | None, Field(description="Why the last try came to no good one.")]
    last_error_at: Time | None


class ProcessOut(Out):
    """The process that answers."""

    version: Annotated[str, Field(examples=["0.1.0"])]
    python: Annotated[str, Field(examples=["3.12.8"])]
    system: Annotated[str, Field(examples=["Linux 6.12 (x86_64)"])]
    started_at: Time
    uptime_seconds: Seconds
    memory_bytes: Annotated[
        int | None,
        Field(description="Resident; null where the system does not tell.", examples=[210_000_000]),
    ]
    sockets: Annotated[Count, Field(description="WebSockets that are signed in.")]


class ClockOut(Out):
    """How true the platform's time is, by what the answers of others say it is."""

    skew_ms: Annotated[
        int | None,
        Field(description="How far others are ahead; null: nobody said lately.", examples=[120]),
    ]
    within_ms: Annotated[int | None, Field(description="Give or take.", examples=[310])]
    hosts: Annotated[Count, Field(description="Who said so.")]
    off: Annotated[bool, Field(description="Certainly more than a second.")]
    set_by_ms: Annotated[
        int, Field(description="By how much the machine's clock was set and is not followed.")
    ]


class StatusOut(Out):
    """Everything at one glance; whoever reads it judges."""

    at: Annotated[Time, Field(description="By the platform's clock.")]
    process: ProcessOut
    clock: ClockOut
    engine: EngineOut
    tasks: list[TaskOut]
    services: list[ServiceOut]
    hosts: list[HostOut]
    prices: PricesOut
    screening: ScreeningOut
    database: DatabaseOut
    bus: BusOut
    replays: ReplaysOut
    audit: AuditOut
    backup: BackupOut


class SampleOut(Out):
    """Some seconds of the past."""

    time: ChartTime
    lag_ms: Annotated[
        Milliseconds | None, Field(description="The mean; null where nothing came in.")
    ]
    longest_ms: Annotated[Milliseconds, Field(description="The longest way into the record.")]
    loop_lag_ms: Annotated[Milliseconds, Field(description="At most.")]
    waiting: Annotated[Count, Field(description="Inputs in the inbox.")]
    commits: Annotated[float, Field(description="Per minute.", examples=[61.2])]
    answers: Annotated[
        dict[str, float],
        Field(
            description="Per minute, by service.",
            examples=[{"signals": 6.1, "candles": 118.0}],
        ),
    ]


class PulseOut(Out):
    """The last half hour, oldest first; it begins anew with the process."""

    sample_seconds: Annotated[Seconds, Field(examples=[10.0])]
    samples: list[SampleOut]

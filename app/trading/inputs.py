"""What may reach the engine, each a wish or a fact of the outside with the time it carries (Unix
ms).

The engine is a function of these and nothing else: the same inputs in the same order give the same
changes, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.trading.ids import SignalId, TokenId, WalletId
from app.trading.market import Candle, Token
from app.trading.plans import ExitPlan, Profile
from app.trading.signals import Screened, Sentiment, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Anything with a time."""

    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalArrived(Input):
    """A signal came in. Answer: its SignalId, or Refused `duplicate-signal`."""

    signal: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalScreened(Input):
    """A signal passed the screening: its token is watched from now on."""

    screened: Screened


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFailed(Input):
    """A signal ended before anybody watched it; `value` and `limit` are what was seen and what was
    asked.
    """

    signal: SignalId
    reason: str
    token: Token | None = None
    sentiment: Sentiment | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenNamed(Input):
    """A symbol that a wallet's settings name got its token: it is watched without a signal."""

    symbol: str
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Input):
    """Closed candles of a token from before it was watched, oldest first; they confirm nothing."""

    token: TokenId
    candles: Sequence[Candle]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeen(Input):
    """A price of a token inside a candle."""

    token: TokenId
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceUnfit(Input):
    """Something came in a price's place that cannot be one, as it was sent."""

    token: TokenId
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceGone(Input):
    """A token has no price any more, for sure: its pool is gone, or says zero."""

    token: TokenId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleClosed(Input):
    """A candle of a token closed: its close is a price, then entries may confirm."""

    token: TokenId
    candle: Candle


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat(Input):
    """Time went on: snapshots, day changes, deadlines that no price brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A wallet's settings for a symbol: `body` is what the person wrote (JSON text), `profile` what
    it means; both None where they are removed.
    """

    symbol: str
    body: str | None
    profile: Profile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Input):
    """A wallet joins with a first balance. Answer: its WalletId, or Refused `wallet-exists`.

    With an `owner` it is a shadow of that wallet (its kind is then `shadow`): it gets an address
    that nobody can sign for, begins with `settings`, and without `lamports` with what its owner is
    worth at this moment. Refused `too-many-shadows`, `shadow-of-shadow`, `invalid-settings`.
    """

    wallet_address: str = ""
    kind: str
    lamports: int | None
    owner: WalletId | None = None
    name: str | None = None
    settings: Sequence[Written] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditShadow(Input):
    """A shadow's name, settings and pause change together; None leaves what there is.

    `settings` stand for all of them: symbols that are not among them lose theirs, what stays as it
    is gets no new version. Refused `no-shadow`, `shadow-retired`, `invalid-settings`.
    """

    shadow: WalletId
    name: str | None = None
    settings: Sequence[Written] | None = None
    paused: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireShadow(Input):
    """A shadow enters nothing any more; what it holds goes on to its exits.

    Refused `no-shadow`, `shadow-retired`.
    """

    shadow: WalletId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptShadow(Input):
    """A shadow's settings become its owner's, those for `*` included, all at once.

    A symbol that the owner alone has settings for keeps them, unless `replace`: then they are
    removed. What is the same already gets no new version. Refused `no-shadow`, `shadow-retired`.
    """

    shadow: WalletId
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Input):
    """A person pauses a wallet: no new entries, exits go on."""

    wallet: WalletId
    reason: str = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Input):
    """A person lets a wallet enter again; its drawdown is counted anew from here."""

    wallet: WalletId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetWallet(Input):
    """A person lets a paper wallet begin again with so many lamports: all that it holds is sold at
    the last known prices, and its profit and its risk are counted from here.

    Answer: the list of trade ids that ended. Refused `not-paper` for any other wallet,
    `invalid-balance`.
    """

    wallet: WalletId
    lamports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePosition(Input):
    """A person sells a portion (0 to 1] of what a wallet holds of a token, at the last known price.

    Answer: the list of trade ids that sold. Refused `no-position` without one, `no-price` without
    a price.
    """

    wallet: WalletId
    mint: str
    portion: float
    strategy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlan(Input):
    """A person changes the exit plan of an open trade; nothing is sold before the next price.

    Answer: the number of the event that tells it, None when the trade has this plan already.
    Refused `no-position` for any other trade, `holding-time-stays`, `targets-taken-stay`.
    """

    wallet: WalletId
    trade: int
    plan: ExitPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings(Input):
    """A wallet's settings for a symbol get a new version; `body` is what the person wrote (JSON
    text).

    With `profile` None the symbol's settings are removed. Answer: the version.
    """

    wallet: WalletId
    symbol: str
    body: str | None
    profile: Profile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayDiffers(Input):
    """A closed trade was run again, and its record says something else: `fields` name what, and
    `differences` (JSON) hold both.
    """

    trade: int
    wallet: WalletId
    mint: str
    symbol: str
    fields: Sequence[str]
    differences: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFails(Input):
    """The record was added up again and so many places say something else.

    `fields` name what, of no wallet in particular, because everybody is told; `chain_ok` tells
    whether the events follow from each other.
    """

    faults: int
    fields: Sequence[str]
    chain_ok: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An input that changed nothing, and why: a stable slug and a sentence."""

    slug: str
    detail: str


Answer = Refused | int | list[int] | None
"""What the engine says to an input."""

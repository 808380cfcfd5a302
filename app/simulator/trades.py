"""What anybody traded in a pool, second by second, so that it adds up to the candles.

Knows no route and no wallet of the platform.
"""

import json
from dataclasses import dataclass

from app.simulator.blocks import CLOSE, HIGH, LOW, OPEN, VOLUME
from app.simulator.keys import address, draw, signature
from app.simulator.market import SECONDS_KEPT, Market
from app.simulator.recent import Recent
from app.simulator.signals import iso
from app.simulator.tokens import SimToken

MOST_TRADES = 300
_MOST_PER_SECOND = 3
_TRADERS = 400
_BUYS_IN_A_RISE = 0.75
_SLOTS_PER_SECOND = 4
_SECONDS_REMEMBERED = 8_000


@dataclass(frozen=True, slots=True)
class _Deal:
    """One trade: tokens, their price in the quote, and what it was worth in dollars."""

    number: int
    bought: bool
    amount: float
    price: float
    usd: float


class TradeFeed:
    """The newest trades of pools."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._written: Recent[tuple[int, int], tuple[tuple[float, str], ...]] = Recent(
            _SECONDS_REMEMBERED
        )

    def newest(self, token: SimToken, least_usd: float) -> list[str]:
        """Return at most MOST_TRADES trades worth more than `least_usd` as JSON, newest first."""
        found: list[str] = []
        now = int(self._market.now())
        for second in range(now - 1, now - SECONDS_KEPT, -1):
            trades = self._second(token, second)
            found += [text for worth, text in reversed(trades) if worth > least_usd]
            if len(found) >= MOST_TRADES or now - second > MOST_TRADES * 2:
                break
        return found[:MOST_TRADES]

    def _second(self, token: SimToken, second: int) -> tuple[tuple[float, str], ...]:
        return self._written.get((token.number, second), lambda: self._write(token, second))

    def _write(self, token: SimToken, second: int) -> tuple[tuple[float, str], ...]:
        """Write the trades of one second with their worth in dollars, oldest first."""
        row = self._market.seconds(token, second, second + 1)[0].tolist()
        if row[VOLUME] <= 0:
            return ()
        quote_usd = (
            1.0 if token.is_index else self._market.close(self._market.universe.index, second)
        )
        seed = self._market.config.seed
        count = 1 + int(_MOST_PER_SECOND * draw(seed, 61, token.number, second))
        shares = [0.2 + draw(seed, 62, token.number, second, number) for number in range(count)]
        written: list[tuple[float, str]] = []
        for number, share in enumerate(shares):
            amount = row[VOLUME] * share / sum(shares)
            chance = draw(seed, 63, token.number, second, number)
            price = _price(row, chance, last=number == count - 1)
            bias = _BUYS_IN_A_RISE if row[CLOSE] >= row[OPEN] else 1 - _BUYS_IN_A_RISE
            bought = draw(seed, 64, token.number, second, number) < bias
            deal = _Deal(number, bought, amount, price, amount * price * quote_usd)
            written.append((round(deal.usd, 6), self._text(token, second, deal)))
        return tuple(written)

    def _text(self, token: SimToken, second: int, deal: _Deal) -> str:
        seed = self._market.config.seed
        trader = int(_TRADERS * draw(seed, 65, token.number, second, deal.number))
        base, quote = (token.mint, deal.amount), (token.quote_mint, deal.amount * deal.price)
        sent, got = (quote, base) if deal.bought else (base, quote)
        tx_hash = signature(seed, f"trade/{token.number}/{deal.number}", second)
        block = second * _SLOTS_PER_SECOND
        attributes = {
            "block_number": block,
            "tx_hash": tx_hash,
            "tx_from_address": address(seed, "trader", trader),
            "from_token_amount": f"{sent[1]:.9f}",
            "to_token_amount": f"{got[1]:.9f}",
            "price_from_in_currency_token": f"{1.0 if deal.bought else deal.price:.12g}",
            "price_to_in_currency_token": f"{deal.price if deal.bought else 1.0:.12g}",
            "price_from_in_usd": f"{deal.usd / sent[1]:.12g}",
            "price_to_in_usd": f"{deal.usd / got[1]:.12g}",
            "block_timestamp": iso(second).replace(".000Z", "Z"),
            "kind": "buy" if deal.bought else "sell",
            "volume_in_usd": f"{deal.usd:.6f}",
            "from_token_address": sent[0],
            "to_token_address": got[0],
        }
        name = f"solana_{block}_{tx_hash}_{deal.number}_{second}"
        trade = {"id": name, "type": "trade", "attributes": attributes}
        return json.dumps(trade, separators=(",", ":"))


def _price(row: list[float], chance: float, *, last: bool) -> float:
    """Return a price inside the candle; the last trade of a second closes it."""
    return row[CLOSE] if last else row[LOW] + (row[HIGH] - row[LOW]) * chance

"""Who may write as the engine: one row, one owner, an epoch that rises with every acquisition.

A process that was paused and overtaken still believes that it is the owner. It cannot do harm:
every batch is written only where owner and epoch still match. Time is the database's, so that
clocks of machines do not matter.
"""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.store.errors import LeaseHeldError, LeaseLostError
from app.store.journal import Journal
from app.store.query import Query, table_of
from app.store.tables import EngineLease
from app.store.types import Exact, now_ms

_LEASE = table_of(EngineLease).c
_OWNER = bindparam("owner", type_=_LEASE.owner.type)
_TTL = bindparam("ttl", type_=Exact())
_EPOCH = bindparam("epoch", type_=Exact())
_MINE = (_LEASE.id == 1, _LEASE.owner == _OWNER, _LEASE.epoch == _EPOCH)
_UNTIL = now_ms() + _TTL
_NEVER_GIVEN = _LEASE.expires_at > now_ms() + 2 * _TTL
"""Nobody is given a lease for so long: the database's clock was set back since, and who has it, if
anybody lives, renews it within a second.
"""


class Grant(NamedTuple):
    """A lease that was given: its epoch, and the number of the last batch anybody committed."""

    epoch: int
    batch: int


class LeaseState(NamedTuple):
    """How the lease stands; `expires_in_ms` is negative when nobody holds it."""

    owner: str
    epoch: int
    batch: int
    expires_in_ms: int


_STATE = Query(
    select(
        _LEASE.owner,
        _LEASE.epoch,
        _LEASE.batch,
        (_LEASE.expires_at - now_ms()).label("expires_in_ms"),
    ).where(_LEASE.id == 1),
    LeaseState,
)
_ACQUIRE = Query(
    insert(EngineLease)
    .values(id=1, owner=_OWNER, epoch=1, expires_at=_UNTIL, batch=0)
    .on_conflict_do_update(
        index_elements=["id"],
        set_={"owner": _OWNER, "epoch": _LEASE.epoch + 1, "expires_at": _UNTIL},
        where=or_(_LEASE.expires_at <= now_ms(), _NEVER_GIVEN, _LEASE.owner == _OWNER),
    )
    .returning(_LEASE.epoch, _LEASE.batch),
    Grant,
)
_NOT_GIVEN_BACK = _LEASE.expires_at > 0
_RENEW: Query[Any] = Query(
    update(EngineLease).where(*_MINE, _NOT_GIVEN_BACK).values(expires_at=_UNTIL)
)
_RELEASE: Query[Any] = Query(update(EngineLease).where(*_MINE).values(expires_at=0))


class Lease:
    """One process's claim to be the engine; `owner` must name this process and no other."""

    def __init__(self, journal: Journal, owner: str, ttl_ms: int) -> None:
        self.owner = owner
        self.ttl_ms = ttl_ms
        self._journal = journal
        self._epoch = 0

    async def acquire(self) -> Grant:
        """Take the lease; from then on the journal writes batches under it.

        Raises LeaseHeldError, which says who has it, while another owner's has not expired. One
        that ends later than any that is given is of a clock that was set back: it holds nobody off.
        """
        outcome = await self._journal.execute(_ACQUIRE, owner=self.owner, ttl=self.ttl_ms)
        if not outcome.rows:
            state = await self.state()
            raise LeaseHeldError(state.owner, state.expires_in_ms)
        grant: Grant = outcome.rows[0]
        self._epoch = grant.epoch
        self._journal.lease = (self.owner, grant.epoch)
        return grant

    async def renew(self) -> None:
        """Keep it for another `ttl_ms` from now.

        Raises LeaseLostError when it is another's, or was given back: who went on renewing it then
        would keep others away and write nothing.
        """
        outcome = await self._journal.execute(
            _RENEW, owner=self.owner, epoch=self._epoch, ttl=self.ttl_ms
        )
        if outcome.changed != 1:
            self._journal.lease = None
            owner = (await self.state()).owner
            message = f"epoch {self._epoch} is over; the last to take the lease was {owner}"
            raise LeaseLostError(message)

    async def release(self) -> None:
        """Give it back, so that the next owner need not wait; harmless when it is another's."""
        self._journal.lease = None
        await self._journal.execute(_RELEASE, owner=self.owner, epoch=self._epoch)

    async def state(self) -> LeaseState:
        """Tell how the lease stands; before anybody had it, nobody holds epoch 0."""
        outcome = await self._journal.execute(_STATE)
        return outcome.rows[0] if outcome.rows else LeaseState("", 0, 0, -1)

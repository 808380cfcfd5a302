"""Signing in and out."""

from starlette.requests import Request
from starlette.responses import Response

from app.api import signing
from app.api.deps import Parts, Platform, RowId, SignedIn, not_signed_in
from app.api.entrance import (
    entered,
    failed,
    give_secret,
    hand_over,
    knock,
    may_try,
    not_verified,
    secret_of,
    take_cookie,
)
from app.api.errors import invalid, not_found, refusal
from app.api.nouns import Noun
from app.api.origins import for_sign_in, own
from app.api.rates import SIGN_IN
from app.api.shapes.sessions import (
    ChallengeIn,
    ChallengeOut,
    LoginIn,
    LoginOut,
    RefreshedOut,
    SessionsOut,
)
from app.api.wire import iso, sol
from app.store.rows import ChallengeRow
from app.store.sessions import keep_challenge, list_sessions, take_challenge
from app.store.wallets import find_address
from app.trading.amounts import to_lamports
from app.trading.inputs import Refused, Register
from app.trading.ledger import WalletRow

PUBLIC = True
MOST_CHALLENGES = 10_000
"""That may be open at once, whoever asks for them; then the oldest goes."""

router = Noun()


@router.post("/challenge", response_model=ChallengeOut)
async def create_challenge(
    request: Request, response: Response, parts: Platform, body: ChallengeIn
) -> dict[str, object]:
    """Ask for a message to sign.

    The message is Sign-In With Solana, with a nonce that is good for one sign-in within five
    minutes. A wallet with `solana:signIn` is handed `fields`; any other signs `message` as it is.
    What a browser asked for signs in that browser only: it gets a cookie that `login` wants back.
    """
    await knock(request, SIGN_IN)
    if not signing.is_key(body.wallet_address):
        raise invalid("/wallet_address", "is no wallet: base58 of 32 bytes on the curve")
    origin = for_sign_in(request, parts.settings)
    secret = give_secret(request, response)
    made = signing.challenge(body.wallet_address, origin, parts.clock.now(), secret)
    row = ChallengeRow(made.nonce, body.wallet_address, made.message, made.expires_at)
    await keep_challenge(parts.journal, row, MOST_CHALLENGES)
    return {
        "wallet_address": body.wallet_address,
        "message": made.message,
        "fields": made.fields,
        "expires_at": iso(made.expires_at),
    }


@router.post(
    "/login", response_model=LoginOut, responses={401: {"description": "It was not verified."}}
)
async def login(
    request: Request, response: Response, parts: Platform, body: LoginIn
) -> dict[str, object]:
    """Sign in with a signed message.

    `message` is the text that was signed. A wallet with `solana:signIn` writes it itself: every
    field in it must be the one that was issued, and none may be added. A wallet that signs in for
    the first time is registered as a paper wallet.
    """
    await knock(request, SIGN_IN)
    await may_try(request)
    address = body.wallet_address
    fault = await _fault_of(request, parts, body)
    if fault is not None:
        await failed(request, address, fault)
        raise not_verified()
    known = await find_address(parts.database, address)
    wallet = known or await _join(parts, address)
    agent = request.headers.get("user-agent")
    token, session = await parts.sessions.open(wallet.id, address, agent)
    await entered(request, address, "signature")
    told = hand_over(request, response, token, session)
    return {
        "wallet_address": address,
        "initial_sol_balance": sol(wallet.start_balance),
        "created_at": iso(wallet.created_at),
        "token": told,
        "expires_at": iso(session.expires_at),
        "is_new": known is None,
    }


async def _fault_of(request: Request, parts: Parts, body: LoginIn) -> str | None:
    """Check a signed message, and use it up; a word for what is wrong with it, None for nothing."""
    fields, now = signing.read(body.message), parts.clock.now()
    if fields is None:
        return "another-text"
    if not signing.is_current(fields, own(parts.settings), now):
        return "another-place-or-time"
    if fields["address"] != body.wallet_address:
        return "another-wallet"
    if not signing.is_bound(fields, secret_of(request)):
        return "another-browser"
    if not signing.is_signed(body.wallet_address, body.message, body.signature):
        return "bad-signature"
    issued = await take_challenge(parts.journal, fields["nonce"], body.wallet_address, now)
    if issued is None:
        return "unknown-or-used"
    return None if signing.is_same(fields, issued.message) else "another-message"


async def _join(parts: Parts, address: str) -> WalletRow:
    """Register a real wallet as a paper wallet; another sign-in may have been faster."""
    lamports = to_lamports(parts.settings.min_synthetic_sol)
    answer = await parts.live.submit(
        Register(at=parts.clock.now(), wallet_address=address, kind="paper", lamports=lamports)
    )
    if isinstance(answer, Refused) and answer.slug != "wallet-exists":
        raise refusal(answer)
    row = await find_address(parts.database, address)
    if row is None:
        message = f"a wallet that was registered is not in the record: {answer!r}"
        raise LookupError(message)
    return row


@router.post("/refresh", response_model=RefreshedOut)
async def refresh(
    request: Request, response: Response, parts: Platform, me: SignedIn
) -> dict[str, object]:
    """Get a new token for this session.

    The old token is void at once; the session ends thirty days after it began in any case.
    """
    renewed = await parts.sessions.renew(me)
    if renewed is None:
        raise not_signed_in()
    token, session = renewed
    told = hand_over(request, response, token, session)
    return {
        "wallet_address": session.wallet_address,
        "token": told,
        "expires_at": iso(session.expires_at),
    }


@router.post("/logout", status_code=204, response_model=None)
async def logout(request: Request, parts: Platform, me: SignedIn) -> Response:
    """End this session; its WebSockets close with 4401, and the browser empties its cache."""
    await parts.sessions.revoke(me.wallet_id, me.id, "signed-out")
    response = Response(status_code=204, headers={"Clear-Site-Data": '"cache"'})
    take_cookie(request, response)
    return response


@router.get("/sessions", response_model=SessionsOut)
async def list_own_sessions(parts: Platform, me: SignedIn) -> dict[str, object]:
    """List this wallet's sessions."""
    rows = await list_sessions(parts.database, me.wallet_id, parts.clock.now())
    return {
        "items": [
            {
                "id": row.id,
                "created_at": iso(row.created_at),
                "last_seen_at": iso(row.last_seen_at),
                "expires_at": iso(row.expires_at),
                "user_agent": row.user_agent,
                "current": row.id == me.id,
            }
            for row in rows
        ]
    }


@router.delete("/sessions/{session_id}", status_code=204, response_model=None)
async def revoke_session(parts: Platform, me: SignedIn, session_id: RowId) -> Response:
    """End another session of this wallet; its WebSockets close with 4401."""
    if not await parts.sessions.revoke(me.wallet_id, session_id):
        raise not_found()
    return Response(status_code=204)

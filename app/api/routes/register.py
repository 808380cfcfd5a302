"""Making a paper wallet."""

from solders.keypair import Keypair
from starlette.requests import Request
from starlette.responses import Response

from app.api.deps import Parts, Platform
from app.api.entrance import entered, hand_over, knock
from app.api.errors import Problem, refusal
from app.api.nouns import Noun
from app.api.once import Key, claim, claimed, digest_of
from app.api.play_money import draw
from app.api.rates import REGISTER, REGISTER_DAILY
from app.api.shapes.sessions import RegisteredOut, RegisterIn
from app.api.wire import iso, sol
from app.store.idempotency import keep_answer
from app.trading.inputs import Refused, Register

PUBLIC = True
NOBODY = 0
router = Noun()


@router.post("", status_code=201, response_model=RegisteredOut)
async def register(
    request: Request,
    response: Response,
    parts: Platform,
    body: RegisterIn | None = None,
    idempotency_key: Key = None,
) -> dict[str, object]:
    """Make a paper wallet.

    It gets an ed25519 key pair and between 10 and 20 SOL of paper money. `secret_key` is shown once
    and never stored: keep it to sign in again. Repeated with the same `Idempotency-Key` it answers
    409 instead of making a second wallet, because the first answer held a secret.
    """
    del body
    await knock(request, REGISTER, REGISTER_DAILY)
    if idempotency_key is None:
        return await _register(request, response, parts)
    key = f"register {idempotency_key}"
    if await claim(parts, NOBODY, key, digest_of(request, "")) is not None:
        detail = "This key has made a wallet; its secret was shown once and is not kept."
        raise Problem(409, "already-registered", detail)
    async with claimed(parts, NOBODY, key):
        made = await _register(request, response, parts)
    await keep_answer(parts.journal, NOBODY, key, 201, "")
    return made


async def _register(request: Request, response: Response, parts: Parts) -> dict[str, object]:
    pair = Keypair()
    address = str(pair.pubkey())
    lamports = draw(parts.settings)
    now = parts.clock.now()
    answer = await parts.live.submit(
        Register(at=now, wallet_address=address, kind="paper", lamports=lamports)
    )
    if isinstance(answer, Refused):
        raise refusal(answer)
    if not isinstance(answer, int):
        message = f"registering was answered with {answer!r}"
        raise TypeError(message)
    token, session = await parts.sessions.open(answer, address, request.headers.get("user-agent"))
    await entered(request, address, "new-paper-wallet")
    told = hand_over(request, response, token, session)
    return {
        "wallet_address": address,
        "initial_sol_balance": sol(lamports),
        "created_at": iso(now),
        "secret_key": str(pair),
        "token": told,
        "expires_at": iso(session.expires_at),
    }

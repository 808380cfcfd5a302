"""Signing in."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Address, Id, In, Out, Sol, Time

Token = Annotated[
    str | None,
    Field(
        description=(
            "For `Authorization: Bearer`. Null where `X-Requested-With: fetch` was sent: a browser"
            " gets the token as a cookie, which no script can read."
        ),
        examples=["n5Kw1b7mDhQ2l0xvQw3b6m1sZr9cTq4yJ8uXe2aLkP0"],
    ),
]
NewAddress = Annotated[str, Field(min_length=32, max_length=44, description="Base58 of 32 bytes.")]


class RegisterIn(In):
    """Nothing is asked of a paper wallet; the body may be left out."""


class SignedInOut(Out):
    """A session."""

    wallet_address: Address
    initial_sol_balance: Sol
    created_at: Time
    token: Token
    expires_at: Annotated[Time, Field(description="Unless it is used or refreshed before.")]


class LoginOut(SignedInOut):
    """A session of a wallet that showed its key."""

    is_new: Annotated[
        bool, Field(description="The wallet came for the first time: this sign-in registered it.")
    ]


class RegisteredOut(SignedInOut):
    """A new paper wallet, signed in."""

    secret_key: Annotated[
        str,
        Field(
            description="Base58 of 64 bytes, shown once, never stored: keep it to sign in.",
            examples=[
                "4Z7cXSyeFR8wNGMVXUE1TwtKn5D5Vu7FzEv69dokLv7KrQk7h6pu4LF8ZRR9yQBhc7uSM6RTTZtU1f"
                "maxiNrxXrs"
            ],
        ),
    ]


class ChallengeIn(In):
    """Who wants to sign in."""

    wallet_address: NewAddress


class SignInFields(Out):
    """The input of the Wallet Standard's `solana:signIn`, from which a wallet makes its text."""

    domain: Annotated[str, Field(examples=["127.0.0.1:8000"])]
    address: Address
    statement: Annotated[str, Field(examples=["Sign in to Auto Trader. This is no transaction."])]
    uri: Annotated[str, Field(examples=["http://127.0.0.1:8000"])]
    version: Literal["1"]
    # The standard's own names.
    chainId: Annotated[str, Field(examples=["solana:mainnet"])]  # noqa: N815
    nonce: Annotated[str, Field(examples=["f81d4fae7dec11d0a76500a0c91e6bf6"])]
    issuedAt: Time  # noqa: N815
    expirationTime: Time  # noqa: N815


class ChallengeOut(Out):
    """A message to sign, once, within five minutes."""

    wallet_address: Address
    message: Annotated[
        str,
        Field(
            description="The text to sign, byte for byte (UTF-8).",
            examples=["127.0.0.1:8000 wants you to sign in with your Solana account:\n6XnC…"],
        ),
    ]
    fields: SignInFields
    expires_at: Time


class LoginIn(In):
    """A signed message."""

    wallet_address: NewAddress
    message: Annotated[str, Field(min_length=1, max_length=4_000)]
    signature: Annotated[
        str,
        Field(
            min_length=64,
            max_length=128,
            description="The ed25519 signature of the message, base58 or base64.",
        ),
    ]


class RefreshedOut(Out):
    """The same session under a new token; the old one is void."""

    wallet_address: Address
    token: Token
    expires_at: Time


class SessionOut(Out):
    """A session of this wallet."""

    id: Id
    created_at: Time
    last_seen_at: Time
    expires_at: Time
    user_agent: Annotated[str | None, Field(examples=["Mozilla/5.0 (X11; Linux x86_64)"])]
    current: Annotated[bool, Field(description="It is the one that asks.")]


class SessionsOut(Out):
    """The sessions of this wallet that still hold, newest first."""

    items: list[SessionOut]

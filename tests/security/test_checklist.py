"""T22: the security list, item by item.

What another file proves is named in `PROVED`, and must be there, unskipped; the rest is asked here.
"""

import ast
import asyncio
import base64
import itertools
import json
import logging
from pathlib import Path

import httpx
import pytest
from solders.keypair import Keypair

from app.api import sessions, signing
from app.api.sessions import ABSOLUTE_MS, IDLE_MS, digest_of
from tests.api.stage import Person, Stage, hear, say
from tests.api.test_access import EVERYBODY, ask, operations
from tests.api.test_sessions import FETCH, challenge, login
from tests.logs import heard
from tests.security.callers import Callers, opened

TESTS = Path(__file__).parents[1]
UNSAFE = {"post", "put", "patch", "delete"}
PROVED: dict[str, list[str]] = {
    "deny by default: every route and message, everybody": [
        "security/test_matrix.py::test_every_route_is_classified",
        "security/test_matrix.py::test_who_has_no_session_gets_nothing_from_any_route",
        "security/test_matrix.py::test_the_wallet_of_another_looks_like_none",
        "security/test_matrix.py::test_the_things_of_another_look_like_none",
        "security/test_matrix.py::test_every_message_is_classified",
        "security/test_matrix.py::test_a_socket_opens_for_its_owner_only",
        "security/test_matrix.py::test_what_is_about_a_wallet_reaches_no_other",
        "api/test_access.py::test_no_wallet_route_reaches_a_shadow",
    ],
    "loopback unless told, proxies only when named": [
        "security/test_exposure.py::test_a_public_address_is_refused_unless_told",
        "security/test_exposure.py::test_the_server_does_not_start_in_public_without_a_word",
        "security/test_exposure.py::test_behind_tls_plain_requests_are_refused",
        "security/test_exposure.py::test_only_named_proxies_are_believed",
        "api/test_access.py::test_metrics_answer_this_machine_only",
    ],
    "a foreign page opens no socket (CSWSH) and gets no permission (CORS)": [
        "api/test_live.py::test_a_foreign_page_is_not_let_in",
        "api/test_live.py::test_our_own_page_is_let_in",
        "security/test_hosts.py::test_any_other_name_is_refused",
        "security/test_hosts.py::test_a_socket_is_refused_before_the_upgrade",
        "api/test_access.py::test_a_foreign_page_gets_no_permission",
    ],
    "sign-in: strict parser, single use, bound to the browser, five minutes": [
        "api/test_sign_in.py::test_a_wallet_that_signs_another_text_is_not_let_in",
        "api/test_sign_in.py::test_a_signature_has_one_form",
        "api/test_sign_in.py::test_nobody_uses_up_the_message_of_another",
        "api/test_sign_in.py::test_a_message_of_a_browser_signs_in_there_only",
        "api/test_sign_in.py::test_a_message_names_an_origin_of_the_settings",
        "api/test_sign_in.py::test_a_message_holds_for_five_minutes",
        "api/test_sessions.py::test_a_message_signs_in_once",
        "api/test_sessions.py::test_what_was_not_issued_or_not_signed_is_refused_with_the_same_words",
    ],
    "sessions: digests only, rotation, list, revoke, bounded life": [
        "api/test_sessions.py::test_neither_token_nor_secret_is_kept",
        "api/test_sessions.py::test_refreshing_voids_the_old_token",
        "api/test_sessions.py::test_a_wallet_lists_and_ends_its_sessions",
        "api/test_sessions.py::test_nobody_ends_the_session_of_another",
        "api/test_sessions.py::test_a_session_ends_a_week_after_its_last_use_and_a_month_after_its_first",
        "api/test_sessions.py::test_logging_out_ends_the_session_and_its_sockets",
        "api/test_hub.py::test_an_ended_session_is_noticed",
    ],
    "cookies: HttpOnly, SameSite, __Host- over TLS": [
        "api/test_sessions.py::test_a_browser_gets_a_cookie_and_must_say_that_it_is_ours",
        "api/test_sessions.py::test_a_cookie_is_host_bound_over_https",
        "api/test_sessions.py::test_a_program_gets_no_cookie",
    ],
    "input: strict JSON, bounded bodies, a million wild requests": [
        "api/test_bodies.py::test_a_bad_body_is_a_422_that_says_so",
        "api/test_bodies.py::test_a_large_body_is_refused",
        "fuzz/test_rest.py::test_no_request_breaks_anything",
    ],
    "errors without detail": [
        "api/test_bodies.py::test_what_nobody_foresaw_has_an_id_and_no_detail",
        "api/test_bodies.py::test_every_failure_is_a_problem",
    ],
    "rates: per address and session, Redis or memory": [
        "api/test_rates.py::test_who_asks_too_often_is_told_when_to_come_back",
        "api/test_rates.py::test_every_answer_of_a_limited_class_says_what_is_left",
        "api/test_rates.py::test_failed_sign_ins_lock_their_address_and_nothing_else",
        "api/test_rates.py::test_two_processes_count_together_in_redis",
        "api/test_rates.py::test_without_redis_a_process_counts_for_itself_and_says_so_once",
    ],
    "sockets: sizes, frames a minute, how many": [
        "api/test_hub.py::test_a_chatterbox_is_closed",
        "api/test_hub.py::test_large_and_binary_frames_end_the_talk",
        "api/test_hub.py::test_a_wallet_has_ten_sockets",
    ],
    "headers on every answer": [
        "security/test_headers.py::test_every_answer_of_every_route",
        "security/test_headers.py::test_every_other_answer",
        "security/test_headers.py::test_every_file_of_the_dashboard",
        "security/test_headers.py::test_transport_is_held_to_over_tls_only",
    ],
    "names are text, cells are no formulas": [
        "e2e/test_hostile_names.py::test_a_name_is_only_text",
        "e2e/test_hostile_names.py::test_a_name_is_no_formula",
        "api/test_exports.py::test_no_cell_is_a_formula",
    ],
}
MAY_BE_SKIPPED = {"test_every_file_of_the_dashboard"}
"""Where the dashboard is not built; `make test` builds it."""


def functions(file: Path) -> dict[str, ast.AST]:
    nodes = ast.parse(file.read_text()).body
    return {
        one.name: one for one in nodes if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("item", PROVED)
def test_what_is_said_to_prove_an_item_is_there(item: str) -> None:
    for name in PROVED[item]:
        file, _, test = name.partition("::")
        found = functions(TESTS / file)
        assert test in found, name
        marks = ast.unparse(found[test]).split("def ")[0]
        assert test in MAY_BE_SKIPPED or "skip" not in marks, name
        assert any(isinstance(one, ast.Assert) for one in ast.walk(found[test])) or "check(" in (
            ast.unparse(found[test])
        ), f"{name} asserts nothing"


async def test_csrf_no_write_with_the_cookie_from_another_page(stage: Stage) -> None:
    callers = Callers(await stage.register(), await stage.register())
    token, session = await opened(stage, callers.owner)
    cookie = {"Cookie": f"autotrader_session={token}"}
    evil = {**cookie, **FETCH, "Origin": "https://evil.example"}
    null = {**cookie, **FETCH, "Origin": "null"}
    for method, path in operations(stage):
        if method not in UNSAFE or (method, path) in EVERYBODY:
            continue
        for headers in (cookie, evil, null):
            answer = await ask(stage, method, path, callers.owner.wallet, headers)
            assert answer.status_code == 403, (method, path, headers)
    found = await stage.app.state.sessions.find(token)
    assert found is not None, "nothing of it was done"
    assert found.id == session.id


async def test_fixation_signing_in_makes_a_token_of_its_own(stage: Stage, person: Person) -> None:
    planted = {"Cookie": f"autotrader_session={'f' * 43}", **FETCH}
    made = await stage.client.post("/api/register", headers=planted)
    assert made.cookies["autotrader_session"] != "f" * 43
    known = {"Cookie": f"autotrader_session={person.token}", **FETCH}
    answer = await stage.client.post("/api/register", headers=known)
    other = answer.json()
    assert answer.cookies["autotrader_session"] != person.token
    stage.client.cookies.clear()
    path = f"/api/user/{other['wallet_address']}"
    assert (await stage.client.get(path, headers=person.headers)).status_code == 401
    path = f"/api/user/{made.json()['wallet_address']}"
    assert (await stage.client.get(path, headers=planted)).status_code == 401


async def test_entropy_tokens_have_256_bits_and_nonces_128(stage: Stage, person: Person) -> None:
    made = [(await opened(stage, person))[0] for _ in range(50)]
    raw = [base64.urlsafe_b64decode(one + "=") for one in made]
    assert {len(one) for one in raw} == {32}
    assert sessions.TOKEN_BYTES * 8 >= 256
    assert len(set(made)) == len(made)
    ones = sum(int.from_bytes(one).bit_count() for one in raw)
    assert 0.47 < ones / (len(raw) * 256) < 0.53, "a coin that is thrown 12,800 times"
    nonces = {signing.challenge("A" * 32, "https://a.example", 1).nonce for _ in range(50)}
    assert len(nonces) == 50
    assert all(len(bytes.fromhex(one)) * 8 >= 128 for one in nonces)


async def test_a_token_in_an_address_is_no_token(stage: Stage, person: Person) -> None:
    for name in ("token", "access_token", "session", "autotrader_session", "authorization"):
        path = f"/api/user/{person.wallet}?{name}={person.token}"
        async with httpx.AsyncClient(base_url=str(stage.client.base_url)) as stranger:
            assert (await stranger.get(path)).status_code == 401
    document = json.loads(stage.app.state.openapi_text())
    for methods in document["paths"].values():
        for operation in methods.values():
            named = {
                one["name"] for one in operation.get("parameters", ()) if one["in"] != "header"
            }
            assert not named & {"access_token", "session", "secret_key", "signature"}


async def test_no_token_key_or_signature_is_logged_or_redirected_to(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets: list[str] = []
    with heard() as lines:
        person = await stage.register()
        pair = Keypair()
        message = await challenge(stage, pair)
        signature = str(pair.sign_message(message.encode()))
        answers = [await login(stage, pair, message, signature=str(Keypair().sign_message(b"x")))]
        answers.append(await login(stage, pair, message))
        token = answers[-1].json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        renewed = await stage.client.post("/api/auth/refresh", headers=headers)
        secrets += [person.token, person.secret_key, signature, token, renewed.json()["token"]]
        async with stage.socket() as socket:
            data = {"token": person.token, "wallet_address": person.wallet}
            await say(socket, "AUTH", data)
            await hear(socket, "AUTH_SUCCESS")
        bad = {"Authorization": f"Bearer {person.token}x"}
        answers.append(await stage.client.get(f"/api/user/{person.wallet}", headers=bad))
        answers.append(await stage.client.post("/api/auth/logout", headers=person.headers))
        answers.append(await stage.client.post("/api/register", content=person.secret_key))
    told = json.dumps(lines, default=str) + caplog.text
    for secret in secrets:
        assert secret not in told
        assert digest_of(secret) not in told
        for answer in answers[2:]:
            assert secret not in answer.text
            assert "location" not in answer.headers


async def test_rotation_voids_the_old_token_at_once_for_requests_and_sockets(
    stage: Stage, person: Person
) -> None:
    path = f"/api/user/{person.wallet}"
    answers = await asyncio.gather(
        *(stage.client.post("/api/auth/refresh", headers=person.headers) for _ in range(5))
    )
    good = [one.json()["token"] for one in answers if one.status_code == 200]
    assert len(good) == 1, "of five at once one is answered"
    works = [
        (await stage.client.get(path, headers={"Authorization": f"Bearer {token}"})).status_code
        for token in (person.token, *good)
    ]
    assert works == [401, 200]
    async with stage.socket() as socket:
        await say(socket, "AUTH", {"token": person.token, "wallet_address": person.wallet})
        assert (await hear(socket, "ERROR"))["data"]["code"] == 4401


async def test_expiry_is_bounded_however_often_a_session_is_renewed(
    stage: Stage, person: Person
) -> None:
    token, session = await opened(stage, person)
    first = session.absolute_expires_at
    for _ in range(3):
        token, session = await stage.app.state.sessions.renew(session)
        stage.app.state.sessions._known.clear()
        assert await stage.app.state.sessions.find(token)
        assert session.absolute_expires_at == first
        assert session.expires_at <= first
    assert IDLE_MS < ABSOLUTE_MS <= 30 * 86_400_000


async def test_logging_out_of_one_session_leaves_the_others(stage: Stage, person: Person) -> None:
    token, _ = await opened(stage, person)
    other = {"Authorization": f"Bearer {token}"}
    async with stage.signed_in(person) as socket:
        await hear(socket, "AUTH_SUCCESS")
        await stage.client.post("/api/auth/logout", headers=other)
        path = f"/api/user/{person.wallet}"
        assert (await stage.client.get(path, headers=other)).status_code == 401
        assert (await stage.client.get(path, headers=person.headers)).status_code == 200
        await say(socket, "PING")
        await hear(socket, "PONG")


async def test_two_ways_to_sign_in_at_once_never_mix(stage: Stage) -> None:
    """A header counts before a cookie, and a bad header is not made good by a good cookie."""
    first, second = await stage.register(), await stage.register()
    for header, cookie in itertools.permutations((first, second)):
        headers = {**header.headers, "Cookie": f"autotrader_session={cookie.token}"}
        answer = await stage.client.get(f"/api/user/{header.wallet}", headers=headers)
        assert answer.status_code == 200
        answer = await stage.client.get(f"/api/user/{cookie.wallet}", headers=headers)
        assert answer.status_code == 404
    bad = {"Authorization": "Bearer x", "Cookie": f"autotrader_session={first.token}"}
    answer = await stage.client.get(f"/api/user/{first.wallet}", headers=bad)
    assert answer.status_code == 401


async def test_login_csrf_another_page_gets_no_cookie_set(stage: Stage) -> None:
    async with httpx.AsyncClient(base_url=str(stage.client.base_url)) as victim:
        await victim.post("/api/register", headers={"Origin": "https://evil.example"})
        assert not list(victim.cookies.jar)

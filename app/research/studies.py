"""Optuna's search of large spaces.

A study with a name is kept in a database, so that it can be gone on with, and several machines can
work on one. Beside SQLite it gets a file of its own (`studies.db`), because the platform's file has
one writer; in PostgreSQL a schema of its own, because both keep a table of migrations.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import optuna
import psycopg
from optuna.samplers import TPESampler
from optuna.storages import BaseStorage, InMemoryStorage, RDBStorage
from optuna.study import Study
from optuna.trial import Trial, TrialState
from sqlalchemy.engine import URL, make_url

from app.research.loading import Loaded, Sources
from app.research.passes import Span
from app.research.playing import Playing
from app.research.requests import MAX_COMBINATIONS, SweepRequest
from app.research.results import Tell, Unfit
from app.research.scores import objective, scores
from app.research.space import Combination, Space, Values

SCHEMA = "studies"
BATCH = 16
"""Combinations that are asked for and played together."""

ABOUT = "about"
LISTS = (int, float)

optuna.logging.set_verbosity(optuna.logging.WARNING)


class Work(NamedTuple):
    """What is searched: the space, and the span of history on which combinations are tried."""

    request: SweepRequest
    space: Space
    tokens: Sequence[Loaded]
    span: Span


def search(work: Work, sources: Sources, tell: Tell) -> tuple[list[Combination], int]:
    """Try combinations on a span, each batch chosen by what the ones before gave.

    Returns all that the study has tried, those of other runs and machines too, and how many were
    impossible. Raises Unfit, or Cancelled out of `tell`.
    """
    with _storage(work.request.search.study, sources) as storage:
        return _searched(work, _study(work, sources.wallet, storage), tell)


def _searched(work: Work, study: Study, tell: Tell) -> tuple[list[Combination], int]:
    space, wanted = work.space, work.request.search.samples
    for first in range(0, wanted, BATCH):
        tell(first / wanted)
        _batch(work, study, min(BATCH, wanted - first))
    tried: dict[str, Combination] = {}
    impossible = 0
    for trial in study.get_trials(deepcopy=False):
        if trial.state is TrialState.FAIL:
            impossible += 1
        elif trial.state is TrialState.COMPLETE:
            params = {path: _value(space.values[path], raw) for path, raw in trial.params.items()}
            tried.setdefault(repr(params), space.make(params))
    if not tried:
        raise Unfit(("search",), "every combination that was tried is impossible")
    return list(tried.values())[:MAX_COMBINATIONS], impossible


def _batch(work: Work, study: Study, many: int) -> None:
    request, space = work.request, work.space
    asked: list[tuple[Trial, Combination]] = []
    for _ in range(many):
        trial = study.ask()
        params = {path: _suggest(trial, path, values) for path, values in space.values.items()}
        try:
            asked.append((trial, space.make(params)))
        except Unfit:
            study.tell(trial, state=TrialState.FAIL)
    if not asked:
        return
    playing = Playing(request, work.tokens, [one for _, one in asked], _quietly)
    values = objective(scores(playing.play(work.span)), request.objective)
    for (trial, _), value in zip(asked, values.tolist(), strict=True):
        # Without a value it is as bad as can be: no trade, or nothing to divide by.
        study.tell(trial, value if value == value else -1e300)  # noqa: PLR0124  # NaN


def _quietly(_: float) -> None:
    """Say nothing of a batch."""


def _suggest(trial: Trial, path: str, values: Values) -> Any:
    if not values.listed:
        if values.whole:
            return trial.suggest_int(path, int(values.low), int(values.high))
        return trial.suggest_float(path, values.low, values.high)
    if all(isinstance(one, LISTS) and not isinstance(one, bool) for one in values.listed):
        return values.listed[trial.suggest_int(path, 0, len(values.listed) - 1)]
    return values.listed[trial.suggest_categorical(path, range(len(values.listed)))]


def _value(values: Values, raw: Any) -> Any:
    return values.listed[int(raw)] if values.listed else raw


def _study(work: Work, wallet: str | None, storage: BaseStorage) -> Study:
    search = work.request.search
    named = search.study
    name = None if named is None else f"{wallet or 'shared'}/{named}"
    study = optuna.create_study(
        storage=storage,
        study_name=name,
        direction="maximize",
        load_if_exists=True,
    )
    about = _about(work)
    # Whoever goes on with a study must not draw again what was drawn first.
    seed = (search.seed + len(study.get_trials(deepcopy=False))) % 2**32
    study.sampler = TPESampler(seed=seed, constant_liar=True)
    before = study.user_attrs.get(ABOUT, about)
    if before != about:
        detail = f"the study {named!r} is about other candles, values or rules: give a new name"
        raise Unfit(("search", "study"), detail)
    study.set_user_attr(ABOUT, about)
    return study


def _about(work: Work) -> str:
    """Fingerprint what all trials of a study must have in common."""
    rest = work.request.model_dump_json(exclude={"candles", "search", "walk_forward"})
    found = hashlib.sha256(rest.encode())
    found.update(repr(work.space.values).encode())
    for one in work.tokens:
        found.update(one.run.data_hash.encode())
    return found.hexdigest()


@contextmanager
def _storage(named: str | None, sources: Sources) -> Iterator[BaseStorage]:
    """Open where a study is kept: memory without a name."""
    if named is None:
        yield InMemoryStorage()
        return
    if sources.database_url is None:
        raise Unfit(("search", "study"), "there is no database to keep a study in")
    storage = RDBStorage(_address(make_url(sources.database_url)))
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _address(url: URL) -> str:
    """Name the database of studies, made if it is not there."""
    if url.get_backend_name() == "sqlite":
        return str(_beside(url))
    plain = url.set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    own = url.set(drivername="postgresql+psycopg").update_query_dict(
        {"options": f"-csearch_path={SCHEMA}"}
    )
    return own.render_as_string(hide_password=False)


def _beside(url: URL) -> URL:
    folder = (url.database or "").rpartition("/")[0]
    return URL.create("sqlite", database=f"{folder}/studies.db" if folder else "studies.db")

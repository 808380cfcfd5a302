"""What deploy/ promises: hardened services, and dashboards and alerts that name what there is."""

import asyncio
import json
import re
import shutil
import subprocess
from asyncio.subprocess import DEVNULL
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from app import main
from app.api.health import VERSION, engine_status
from app.api.metrics import Metrics
from app.api.scraping import families
from app.config import Settings
from app.providers.hosts import host_of
from app.providers.notify_apart.addresses import MAIL_PORTS, WEB_PORTS
from tests.api.stage import Stage, running
from tests.faults.services import OwnRedis
from tests.programs import found

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE: Any = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text())
SERVICES: Mapping[str, Any] = COMPOSE["services"]
RULES = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "auto-trader.json"
METRIC = re.compile(r"\b(?:autotrader|process|python)_\w+")
SELECTED = re.compile(r"(\w+)\{([^}]*)\}")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
OF_THE_TARGET = {"instance", "job"}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def alerts() -> list[Mapping[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return [panel for panel in found if panel["type"] != "row"]


def queries() -> Iterator[tuple[str, str]]:
    """Give every query of an alert or a panel, under its name."""
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> Any:
    async with running(tmp_path_factory.mktemp("deployed")) as started:
        yield started


def labels(stage: Stage) -> dict[str, set[str]]:
    """Return the labels of every sample that a platform with everything switched on can show."""
    parts: Any = stage.app.state
    status = engine_status(parts) | {
        "audit": {"at": 1, "faults": 0, "chain_ok": None, "done": True},
        "backup": {"every_hours": 1.0, "last_at": 1},
        "loop": {"stalls": 0, "longest_stall_seconds": 0.0},
    }
    metrics = Metrics()
    given: list[Any] = list(families(parts, status, 1, VERSION))
    given += [one for one in metrics.registry._collector_to_names if hasattr(one, "_labelnames")]
    found: dict[str, set[str]] = {}
    for family in given:
        name, kind = (
            (family.name, family.type)
            if hasattr(family, "samples")
            else (family._name, family._type)
        )
        own = set(family._labelnames)
        for suffix in SUFFIXES[kind]:
            found[name + suffix] = own | ({"le"} if suffix == "_bucket" else set())
    text = metrics.text([]).decode()
    processes = re.findall(r"^((?:process|python)_\w+)(\{.*\})? ", text, re.MULTILINE)
    return found | {name: {"generation"} if inner else set() for name, inner in processes}


async def test_every_query_names_metrics_and_labels_that_there_are(stage: Stage) -> None:
    known = labels(stage)
    asked = list(queries())
    assert len(asked) > 50
    for name, query in asked:
        used = METRIC.findall(query)
        assert used or query.startswith("up{"), name
        assert set(used) <= known.keys(), name
        for metric, matchers in SELECTED.findall(query):
            wanted = set(re.findall(r"(\w+)\s*[=!]~?", matchers)) - OF_THE_TARGET
            assert metric == "up" or wanted <= known[metric], name
        for group in GROUPED.findall(query):
            wanted = {label.strip() for label in group.split(",")} - OF_THE_TARGET
            assert any(wanted <= known[metric] for metric in used), name


def test_a_legend_names_labels_that_its_query_keeps() -> None:
    for panel in panels():
        for target in panel["targets"]:
            kept = {
                label.strip() for g in GROUPED.findall(target["expr"]) for label in g.split(",")
            }
            shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert shown <= kept | OF_THE_TARGET, panel["title"]


def test_every_alert_says_what_happened_and_what_to_do() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)
    assert {
        "EngineDown",
        "CommitsFailing",
        "PricesSilent",
        "SignalsSilent",
        "LoopLag",
        "AuditFault",
        "BackupOld",
        "SocketsEvicted",
        "DiskFull",
    } <= set(names)
    for rule in alerts():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"].keys() == {"summary", "description"}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_understands_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_panels_stand_beside_each_other_and_have_a_source() -> None:
    data = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text())
    uid = data["datasources"][0]["uid"]
    places: set[tuple[int, int]] = set()
    everything = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in everything}) == len(everything)
    for panel in everything:
        at = panel["gridPos"]
        own = {
            (at["x"] + right, at["y"] + down) for right in range(at["w"]) for down in range(at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not own & places, panel["title"]
        places |= own
    for panel in panels():
        assert panel["description"], panel["title"]
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {uid}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["user"].split(":")[0]) > 0
    assert service["mem_limit"]
    assert 0 < service["pids_limit"] <= 512
    assert service["healthcheck"]["test"][0] == "CMD"
    assert re.fullmatch(r"[a-z/-]+:(local|v?\d+\.\d+(\.\d+)?(-\w+)?)", service["image"])
    assert (
        not any("docker.sock" in str(volume) for volume in service["volumes"])
        if ("volumes" in service)
        else service["tmpfs"]
    )


def test_a_firewall_is_told_of_every_host() -> None:
    text = (ROOT / "docs" / "SECURITY.md").read_text().partition("## What a firewall must allow")[2]
    named = [name for name in Settings.model_fields if name.endswith(("_url", "_endpoint"))]
    assert len(named) > 6
    for name in named:
        assert f"`AUTOTRADER_{name.upper()}`" in text, name
    for url in (main.GECKO, main.JUPITER):
        assert f"{host_of(url)}:443" in text
    for port in WEB_PORTS | MAIL_PORTS:
        assert str(port) in text


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_this_machines_own(name: str) -> None:
    for port in SERVICES[name].get("ports", ()):
        assert port.startswith("127.0.0.1:"), name


def test_only_the_platform_has_a_way_out() -> None:
    networks = dict(COMPOSE["networks"])
    masquerade = "com.docker.network.bridge.enable_ip_masquerade"
    assert networks.pop("shown")["driver_opts"] == {masquerade: "false"}
    assert not networks.pop("outside")
    assert all(network == {"internal": True} for network in networks.values())
    out = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert out == {"platform"}
    assert {name for name, one in SERVICES.items() if "profiles" not in one} == {"platform"}
    profiles = {profile for one in SERVICES.values() for profile in one.get("profiles", ())}
    assert profiles == {"postgres", "redis", "monitoring"}


def test_whoever_meets_on_a_network_has_to() -> None:
    met = {
        frozenset(name for name, one in SERVICES.items() if network in one["networks"])
        for network in COMPOSE["networks"]
    }
    pairs = [("platform", "postgres"), ("platform", "redis"), ("platform", "prometheus")]
    alone = [("platform",), ("grafana",)]
    assert met == {frozenset(one) for one in [*pairs, ("prometheus", "grafana"), *alone]}


def test_each_service_is_handed_its_own_secrets_only() -> None:
    handed = {name: one.get("secrets", []) for name, one in SERVICES.items()}
    assert handed == {
        "platform": [],
        "postgres": ["postgres_password"],
        "redis": ["redis_password"],
        "prometheus": [],
        "grafana": ["grafana_password"],
    }
    mounted = {
        (name, volume)
        for name, one in SERVICES.items()
        for volume in one.get("volumes", ())
        if "secrets" in volume
    }
    assert mounted == {("platform", "./secrets/platform:/run/secrets:ro")}


async def test_redis_asks_for_its_password_and_does_not_show_it(tmp_path: Path) -> None:
    secret = tmp_path / "redis_password"
    secret.write_text("hidden-word")
    own = OwnRedis()
    shell, option, script = SERVICES["redis"]["command"]
    program = f"{found('redis-server')} --port {own.port} --bind 127.0.0.1 "
    script = script.replace("$$", "$").replace("/run/secrets/redis_password", str(secret))
    words = [shell, option, script.replace("redis-server ", program)]
    process = await asyncio.create_subprocess_exec(*words, cwd=tmp_path, stdout=DEVNULL)
    try:
        async with asyncio.timeout(30):
            said = b""
            while not said:
                said = await own.say("PING")
        assert said.startswith(b"-NOAUTH")
        assert await own.say("AUTH", "hidden-word") == b"+OK\r\n"
        assert "hidden-word" not in " ".join(psutil.Process(process.pid).cmdline())
    finally:
        process.kill()
        await process.wait()


def test_no_secret_stands_in_a_file_or_the_environment() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            secret = re.search("PASSWORD|SECRET|TOKEN|KEY", key)
            assert not secret or str(value).startswith("/run/secrets/"), (name, key)
    assert {one["file"].rpartition("/")[0] for one in COMPOSE["secrets"].values()} == {"./secrets"}
    kept = {file.relative_to(DEPLOY).as_posix() for file in (DEPLOY / "secrets").rglob("*")}
    assert kept == {"secrets/.gitignore", "secrets/platform", "secrets/platform/.gitignore"}


def test_what_is_set_for_the_platform_is_a_setting() -> None:
    for key, value in SERVICES["platform"]["environment"].items():
        field = Settings.model_fields[key.removeprefix("AUTOTRADER_").lower()]
        assert str(value).startswith(f"${{{key}"), f"{key} can be set from outside"
        assert field is not None


def test_an_address_with_a_password_may_come_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+asyncpg://trader:hidden@postgres:5432/trader"
    (tmp_path / "autotrader_database_url").write_text(url + "\n")
    monkeypatch.setenv("AUTOTRADER_DATABASE_URL", "")
    assert Settings(_env_file=None, _secrets_dir=tmp_path).database_url == url


def test_volumes_are_files_of_this_folder_or_declared() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            there = source in COMPOSE["volumes"] or (DEPLOY / source).exists()
            assert there, volume


def test_the_platform_answers_to_the_name_that_prometheus_asks() -> None:
    jobs = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"]
    targets = [one for job in jobs for static in job["static_configs"] for one in static["targets"]]
    named = SERVICES["platform"]["environment"]["AUTOTRADER_ALLOWED_HOSTS"]
    assert targets == ["platform:8000"]
    assert named == "${AUTOTRADER_ALLOWED_HOSTS:-platform}"

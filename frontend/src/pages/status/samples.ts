/** Values for tests, as the platform would send them. */
import type { Audit, Service, Status, Task } from "@/api/status";

export const NOW = Date.parse("2026-11-21T10:00:00.000Z");

/** So many milliseconds before now, as the platform writes it. */
export function ago(milliseconds: number): string {
  return new Date(NOW - milliseconds).toISOString();
}

export function service(name: Service["name"], changes: Partial<Service> = {}): Service {
  const isStream = name === "signals";
  return {
    name,
    kind: isStream ? "stream" : "requests",
    hosts: ["127.0.0.1:47767"],
    connected: isStream ? true : null,
    connected_since: isStream ? ago(3_600_000) : null,
    last_byte_at: isStream ? ago(900) : null,
    last_signal_at: isStream ? ago(20_000) : null,
    requests: 40,
    answers: 39,
    per_minute: 12.5,
    errors: {},
    last_error: null,
    last_error_at: null,
    last_answer_at: ago(500),
    counts: {},
    ...changes,
  };
}

export function task(name: string, changes: Partial<Task> = {}): Task {
  return {
    name,
    state: "running",
    since: ago(3_600_000),
    restarts: 0,
    last_error: null,
    ...changes,
  };
}

export function status(changes: Partial<Status> = {}): Status {
  return {
    at: ago(0),
    process: {
      version: "0.1.0",
      python: "3.12.8",
      system: "Linux 6.12 x86_64",
      started_at: ago(3_600_000),
      uptime_seconds: 3_600,
      memory_bytes: 210_000_000,
      sockets: 1,
    },
    engine: engine(),
    tasks: [task("listen"), task("watch"), task("compile", { state: "done" })],
    services: [service("signals"), service("candles"), service("sentiment"), service("tokens")],
    hosts: [],
    prices: {
      tokens: 3,
      heard: 3,
      oldest: { token_address: "Bonk1111", at: ago(800) },
      every_seconds: 1,
      suspect: 0,
      refused: 0,
    },
    screening: { screened: 12, failed: {} },
    database: {
      dialect: "sqlite",
      title: "SQLite",
      version: "3.51.3",
      ok: true,
      detail: null,
      round_trip_ms: 0.4,
      warning: null,
    },
    bus: { kind: "memory", redis_configured: false },
    clock: { skew_ms: 40, within_ms: 300, hosts: 2, off: false, set_by_ms: 0 },
    replays: { equal: 4, different: 0, unchecked: 0, waiting: 0 },
    audit: { hour: 3, last: audit() },
    backup: {
      every_hours: 1,
      last_at: ago(1_200_000),
      file: "autotrader-20261121T094000Z.db",
      bytes: 48_234_496,
      last_error: null,
      last_error_at: null,
    },
    ...changes,
  };
}

export function audit(changes: Partial<Audit> = {}): Audit {
  return {
    at: ago(25_200_000),
    seconds: 1.2,
    checked: 40,
    replayed: 31,
    unchecked: 0,
    faults: 0,
    kinds: [],
    chain_ok: true,
    chain_events: 1_207,
    chain_head: `1207:${"0f".repeat(32)}`,
    error: null,
    ...changes,
  };
}

export function engine(changes: Partial<Status["engine"]> = {}): Status["engine"] {
  return {
    state: "running",
    detail: null,
    process: "box:7",
    since: ago(3_600_000),
    kill_switch: false,
    waiting: 0,
    lag: { inputs: 120, mean_ms: 2.1, longest_ms: 9.8 },
    commits: 3_400,
    commits_per_minute: 61.2,
    last_commit_at: ago(700),
    failures: 0,
    positions_set_aside: 0,
    strategies_failed: {},
    last_failure: null,
    last_failure_at: null,
    loop_lag_ms: 6,
    loop_stalls: { count: 0, longest_ms: 0, last_at: null, last_place: null },
    ...changes,
  };
}

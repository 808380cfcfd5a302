import { expect, test } from "vitest";
import type { Status } from "@/api/status";
import { judge, levelOf, priceLimits } from "./health";
import { ago, audit, engine, NOW, service, status, task } from "./samples";
import { bytesInWords, errorsInWords, formatDelay } from "./words";

const nameOf = (token: string) => (token === "Bonk1111" ? "BONK" : token);
const health = (changes: Partial<Status> = {}) => judge(status(changes), NOW, nameOf);
const only = (changes: Partial<Status>) => {
  const { findings } = health(changes);
  expect(findings).toHaveLength(1);
  return findings[0];
};

test("nothing is said of what works", () => {
  expect(health()).toEqual({ level: "good", title: "Everything runs", findings: [] });
});

test("signals that are not connected say since when and what follows", () => {
  const changes = {
    connected: false,
    connected_since: ago(95_000),
    last_error: "GET /stream took too long",
  };
  const services = [service("signals", changes), service("candles")];
  expect(health({ services })).toEqual({
    level: "bad",
    title: "Something does not work",
    findings: [
      {
        level: "bad",
        what: "Signals are not connected: GET /stream took too long.",
        since: NOW - 95_000,
        means: "No new trades begin; open positions are watched as before.",
      },
    ],
  });
});

test("a connection that has just broken is not yet worth a word, soon one, then a loud one", () => {
  const levels = [1_000, 5_000, 40_000].map(
    (for_ms) =>
      health({
        services: [service("signals", { connected: false, connected_since: ago(for_ms) })],
      }).level,
  );
  expect(levels).toEqual(["good", "warn", "bad"]);
});

test("a stream that stays silent is told of, though it is connected", () => {
  const found = only({ services: [service("signals", { last_byte_at: ago(12_000) })] });
  expect(found?.what).toBe("Signals have said nothing for 12 s.");
  expect(found?.level).toBe("warn");
});

test("an old price names its token and turns red after a minute", () => {
  const old = (age: number) => {
    const { prices } = status();
    return only({ prices: { ...prices, oldest: { token_address: "Bonk1111", at: ago(age) } } });
  };
  expect(old(20_000)).toMatchObject({ level: "warn", what: "The price of BONK is 20 s old." });
  expect(old(65_000)).toMatchObject({ level: "bad", what: "The price of BONK is 1 min 5 s old." });
});

test("a price that is asked for seldom may be older", () => {
  expect(levelOf(20_000, priceLimits(1))).toBe("warn");
  expect(levelOf(20_000, priceLimits(20))).toBe("good");
});

test("an engine that cannot write comes first", () => {
  const { level, findings } = health({
    engine: engine({ state: "failing", since: ago(8_000), last_failure: "StoreFullError: full" }),
    services: [
      service("sentiment", {
        last_error: "503",
        last_error_at: ago(100),
        last_answer_at: ago(99_000),
      }),
    ],
  });
  expect(level).toBe("bad");
  expect(findings.map((it) => it.level)).toEqual(["bad", "warn"]);
  expect(findings[0]?.what).toBe("The engine cannot write: StoreFullError: full.");
  expect(findings[0]?.since).toBe(NOW - 8_000);
  expect(findings[0]?.means).toContain("Nothing is bought or sold");
});

test("an engine in another process is a caveat, none at all a fault; feeds are then not judged", () => {
  const services = [service("signals", { connected: false, connected_since: ago(99_000) })];
  const elsewhere = engine({ state: "absent", detail: "the engine runs in box:8" });
  expect(only({ engine: elsewhere, services })?.level).toBe("warn");
  const nowhere = engine({ state: "absent", detail: "the platform stopped" });
  expect(only({ engine: nowhere, services })).toMatchObject({
    level: "bad",
    what: "No engine runs: the platform stopped.",
  });
});

test("a service has failed when only errors came for a minute, or since ever", () => {
  const asked = (last_error_at: string, last_answer_at: string | null) =>
    health({ services: [service("tokens", { last_error: "no", last_error_at, last_answer_at })] });
  expect(asked(ago(100), ago(50)).level).toBe("good");
  expect(asked(ago(100), ago(30_000)).level).toBe("good");
  expect(asked(ago(100), ago(70_000)).findings[0]).toMatchObject({
    level: "warn",
    since: NOW - 70_000,
  });
  expect(asked(ago(100), null).findings[0]?.since).toBeNull();
});

test("prices that stay away show sooner", () => {
  const candles = (last_answer_at: string) =>
    health({
      services: [service("candles", { last_error: "no", last_error_at: ago(10), last_answer_at })],
    });
  expect(candles(ago(400)).level).toBe("good");
  expect(candles(ago(15_000)).level).toBe("bad");
});

test("what is over is a caveat, what lasts is a fault", () => {
  const lag = (mean_ms: number, longest_ms: number) =>
    health({ engine: engine({ lag: { inputs: 9, mean_ms, longest_ms } }) }).level;
  expect(lag(3, 60_000)).toBe("warn");
  expect(lag(700, 900)).toBe("warn");
  expect(lag(2_500, 9_000)).toBe("bad");
  expect(health({ engine: engine({ loop_lag_ms: 60_000 }) }).level).toBe("warn");
});

test.each([
  ["listen", "bad"],
  ["replay", "warn"],
  ["something new", "warn"],
])("a task that failed, %s, is %s", (name, level) => {
  const failed = task(name, { state: "waiting", last_error: "ValueError: no", restarts: 2 });
  expect(only({ tasks: [failed] })?.level).toBe(level);
});

test.each<[string, Partial<Status>, string]>([
  ["lag", { engine: engine({ lag: { inputs: 1, mean_ms: 9, longest_ms: 2_250 } }) }, "2.3 s"],
  ["loop", { engine: engine({ loop_lag_ms: 6_000 }) }, "6 s"],
  ["kill switch", { engine: engine({ kill_switch: true }) }, "kill switch"],
  [
    "database",
    { database: { ...status().database, ok: false, detail: "StoreBusyError: busy" } },
    "StoreBusyError",
  ],
  ["round trip", { database: { ...status().database, round_trip_ms: 300 } }, "300 ms"],
  ["replays", { replays: { equal: 1, different: 2, unchecked: 0, waiting: 0 } }, "2 closed trades"],
  [
    "audit",
    { audit: { hour: 3, last: audit({ faults: 2, kinds: ["wallet balance"] }) } },
    "in 2 places: wallet balance",
  ],
  [
    "backup",
    { backup: { ...status().backup, last_error: "there is no room", last_error_at: ago(60_000) } },
    "there is no room",
  ],
  ["no audit", { audit: { hour: 3, last: audit({ error: "it ended" }) } }, "could not be audited"],
])("%s is told", (_, changes, words) => {
  expect(only(changes)?.what).toContain(words);
});

test("a version with a known fault is no fault of the platform", () => {
  expect(health({ database: { ...status().database, warning: "old" } }).level).toBe("good");
});

test("counts and sizes in words", () => {
  expect(errorsInWords({ UnavailableError: 3, RejectedError: 1 })).toBe(
    "3 did not answer, 1 refused",
  );
  expect(errorsInWords({})).toBeNull();
  expect([0, 900, 2_500_000, 210_000_000].map(bytesInWords)).toEqual([
    "0 B",
    "900 B",
    "2.5 MB",
    "210 MB",
  ]);
  expect([0.42, 12.34, 1_250, 61_000].map(formatDelay)).toEqual([
    "0.42 ms",
    "12 ms",
    "1.3 s",
    "1 min 1 s",
  ]);
});

/** One glance: does everything run, and if not, what not, since when, and what that means. Pure. */
import type { Service, Status } from "@/api/status";
import { formatDuration, parseTime } from "@/lib/time";
import { clockFindings } from "./clock";
import { errorsInWords, formatDelay, serviceParts, taskPart } from "./words";

export type Level = "good" | "warn" | "bad";

export interface Finding {
  level: "warn" | "bad";
  what: string;
  /** Unix milliseconds by the platform's clock; null where nobody knows. */
  since: number | null;
  /** For the trades. */
  means: string;
}

export interface Health {
  level: Level;
  title: string;
  findings: Finding[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What an age or a delay counts as: from the first number on amber, from the second on red. */
export type Limits = readonly [amber: number, red: number];

export const limits = {
  /** On average. */
  lag: [500, 2 * SECOND],
  /** Once in a minute: what is over is no fault of now. */
  longest: [2 * SECOND, Number.POSITIVE_INFINITY],
  loop: [2 * SECOND, Number.POSITIVE_INFINITY],
  database: [250, 2 * SECOND],
  /** A connection that breaks comes back by itself, most times. */
  disconnected: [3 * SECOND, 30 * SECOND],
  /** The stream says at least every few seconds that it lives. */
  stream: [10 * SECOND, 30 * SECOND],
} satisfies Record<string, Limits>;

/** A price may be as old as it takes to ask for it twice, and never older than a minute. */
export function priceLimits(every_seconds: number): Limits {
  const every = every_seconds * SECOND;
  return [Math.max(10 * SECOND, 2.5 * every), Math.max(MINUTE, 3 * every)];
}

export function levelOf(value: number, [amber, red]: Limits): Level {
  if (value >= red) return "bad";
  return value >= amber ? "warn" : "good";
}

export function timeOf(text: string | null): number | null {
  return text === null ? null : parseTime(text);
}

type Asked = Pick<Service, "last_error_at" | "last_answer_at">;

/**
 * `hiccup`: its last word was an error, shortly after a good answer; any service on the net does
 * that. `silent`: errors only, for so long, or since ever.
 */
export function troubleOf(
  { last_error_at, last_answer_at }: Asked,
  at: number,
  patience: number = MINUTE,
): "none" | "hiccup" | "silent" {
  if (last_error_at === null) return "none";
  if (last_answer_at === null) return "silent";
  if (last_error_at <= last_answer_at) return "none";
  return at - parseTime(last_answer_at) >= patience ? "silent" : "hiccup";
}

function finding(value: number, limit: Limits, rest: Omit<Finding, "level">): Finding[] {
  const level = levelOf(value, limit);
  return level === "good" ? [] : [{ level, ...rest }];
}

const NOTHING = "Nothing is bought or sold until it runs; stops and targets wait as well.";

function engineFindings({ engine }: Status): Finding[] {
  const since = parseTime(engine.since);
  if (engine.state === "off") {
    const what = "This process was told to run no engine.";
    return [{ level: "warn", what, since, means: "Whether trades go on, another process says." }];
  }
  if (engine.state === "absent") {
    const elsewhere = engine.detail?.startsWith("the engine runs in ") ?? false;
    const what = elsewhere
      ? `Here runs no engine: ${engine.detail}.`
      : `No engine runs: ${engine.detail ?? "nobody says why"}.`;
    const means = elsewhere ? "Trades go on there; this process only shows them." : NOTHING;
    return [{ level: elsewhere ? "warn" : "bad", what, since, means }];
  }
  if (engine.state === "failing") {
    const what = `The engine cannot write: ${engine.last_failure ?? "the reason is not known"}.`;
    const means = `${NOTHING} What waits is done as soon as it can be written.`;
    return [{ level: "bad", what, since, means }];
  }
  const { mean_ms, longest_ms } = engine.lag;
  const means = "Decisions come late, so that they may fill at other prices.";
  const mean = mean_ms ?? 0;
  if (levelOf(mean, limits.lag) !== "good") {
    const what = `Inputs take ${formatDelay(mean)} into the record on average.`;
    return finding(mean, limits.lag, { what, since: null, means });
  }
  const what = `Within the last minute an input took ${formatDelay(longest_ms)} into the record.`;
  return finding(longest_ms, limits.longest, { what, since: null, means });
}

function taskFindings({ tasks }: Status): Finding[] {
  return tasks
    .filter((task) => task.state === "waiting")
    .map((task) => {
      const { title, isVital, means } = taskPart(task.name);
      const what = `A task failed and starts again: “${title}”, ${task.last_error ?? "no reason"}.`;
      return { level: isVital ? "bad" : "warn", what, since: parseTime(task.since), means };
    });
}

function signalFinding(service: Service, at: number): Finding[] {
  const { title, means } = serviceParts.signals;
  if (service.connected === false) {
    const why = service.last_error === null ? "" : `: ${service.last_error}`;
    const what = `${title} are not connected${why}.`;
    const since = timeOf(service.connected_since);
    return finding(at - (since ?? 0), limits.disconnected, { what, since, means });
  }
  const heard = timeOf(service.last_byte_at);
  if (heard === null) return [];
  const what = `${title} have said nothing for ${formatDuration(at - heard)}.`;
  return finding(at - heard, limits.stream, { what, since: heard, means });
}

function serviceFindings({ services, prices }: Status, at: number): Finding[] {
  return services.flatMap((service): Finding[] => {
    if (service.kind === "stream") return signalFinding(service, at);
    // Prices are asked for all the time: their silence shows soon.
    const patience = service.name === "candles" ? priceLimits(prices.every_seconds)[0] : MINUTE;
    if (troubleOf(service, at, patience) !== "silent") return [];
    const { title, isVital, means } = serviceParts[service.name];
    const what = `${title}: ${service.last_error ?? errorsInWords(service.errors) ?? "no answer"}.`;
    const since = timeOf(service.last_answer_at);
    return [{ level: isVital ? "bad" : "warn", what, since, means }];
  });
}

function priceFindings({ prices }: Status, at: number, nameOf: NameOf): Finding[] {
  if (prices.oldest === null) return [];
  const heard = parseTime(prices.oldest.at);
  const token = nameOf(prices.oldest.token_address);
  return finding(at - heard, priceLimits(prices.every_seconds), {
    what: `The price of ${token} is ${formatDuration(at - heard)} old.`,
    since: heard,
    means: "Its stop and targets are judged by that price, and it is not bought meanwhile.",
  });
}

function databaseFindings({ database, replays }: Status): Finding[] {
  if (!database.ok) {
    const what = `The database does not answer: ${database.detail ?? "nobody says why"}.`;
    return [{ level: "bad", what, since: null, means: NOTHING }];
  }
  const found = finding(database.round_trip_ms ?? 0, limits.database, {
    what: `The database takes ${formatDelay(database.round_trip_ms ?? 0)} for an answer.`,
    since: null,
    means: "Pages load slowly; what the engine decides is written late.",
  });
  if (replays.different === 0) return found;
  const many = replays.different === 1 ? "trade gives" : "trades give";
  const what = `${replays.different} closed ${many} another result when run again.`;
  const means = "What is recorded of it may be wrong; its badge in the trade's drawer says where.";
  return [...found, { level: "warn", what, since: null, means }];
}

/** What the last audit says; a failed one is told until the next one ends well. */
function auditFindings({ audit: { last } }: Status): Finding[] {
  if (last === null) return [];
  const since = parseTime(last.at);
  if (last.error !== null) {
    const what = `The record could not be audited: ${last.error}.`;
    const means = "Nobody knows whether it adds up; trades go on.";
    return [{ level: "warn", what, since, means }];
  }
  if (last.faults === 0) return [];
  const places = last.faults === 1 ? "one place" : `${last.faults} places`;
  const what = `The record does not add up in ${places}: ${last.kinds.join(", ")}.`;
  const changed = last.chain_ok ? "" : " The log of events was changed by somebody.";
  const means = `A balance, a trade or an event may be wrong; the log names each.${changed}`;
  return [{ level: "bad", what, since, means }];
}

function backupFindings({ backup }: Status): Finding[] {
  if (backup.last_error === null) return [];
  const [what, since] = [`The last backup failed: ${backup.last_error}.`, backup.last_error_at];
  const means = "Trades go on; a lost disk would cost what came after the last good backup.";
  return [{ level: "warn", what, since: timeOf(since), means }];
}

function restFindings({ engine }: Status): Finding[] {
  const stopped: Finding[] = engine.kill_switch
    ? [
        {
          level: "warn",
          what: "The kill switch is on: the operator stopped new entries for everybody.",
          since: null,
          means: "No new trades begin; open ones are sold by their plans.",
        },
      ]
    : [];
  const late = finding(engine.loop_lag_ms, limits.loop, {
    what: `Within the last minute the process was busy for ${formatDelay(engine.loop_lag_ms)} and answered nobody.`,
    since: null,
    means: "Prices and decisions came that much later then.",
  });
  return [...stopped, ...late];
}

type NameOf = (token: string) => string;

const titles: Record<Level, string> = {
  good: "Everything runs",
  warn: "It runs, with a caveat",
  bad: "Something does not work",
};

/** Judges what the platform told; `at` is now by its clock. The worst comes first. */
export function judge(status: Status, at: number, nameOf: NameOf): Health {
  const isHere = status.engine.state === "running" || status.engine.state === "failing";
  // Without an engine here nothing feeds one: the feeds of that other process are not known.
  const feeds = isHere
    ? [
        ...taskFindings(status),
        ...serviceFindings(status, at),
        ...priceFindings(status, at, nameOf),
      ]
    : [];
  const findings = [
    ...engineFindings(status),
    ...feeds,
    ...databaseFindings(status),
    ...auditFindings(status),
    ...backupFindings(status),
    ...clockFindings(status),
    ...restFindings(status),
  ].sort((one, other) => Number(other.level === "bad") - Number(one.level === "bad"));
  const level = findings[0]?.level ?? "good";
  return { level, title: titles[level], findings };
}

/** A sweep as the platform takes it, and how many combinations it has. Pure. */
import type { Strategy } from "@/api/wire";
import type { NumberSpec } from "@/lib/settings/fields";
import { parametersOf } from "@/lib/settings/schema";
import { exitSpecs } from "@/lib/settings/specs";
import { type Draft, TIERS, varied } from "./draft";
import { type Body, type Built, entryBody, find, marketOf, plainSpecs, Reader } from "./request";
import { readPlans, readTiers } from "./tiers";
import { MOST_COMBINATIONS, type Read, readVaried, type Sent } from "./values";

export const outOfSampleSpec: NumberSpec = {
  name: "out_of_sample",
  title: "Out of sample",
  help: "The end of the history, which chooses nothing: it shows how the best do on candles they were not chosen by.",
  unit: "percent",
  least: 0,
  most: 0.9,
};

/** Parameters that nobody touched are left to the template, then to the strategy. */
function isUntouched(given: { mode: string; fixed: string } | undefined): boolean {
  return given === undefined || (given.mode === "fixed" && given.fixed.trim() === "");
}

export interface BuiltSweep extends Built {
  /** How many values each varied parameter has, by its path; null: any number. */
  varied: Record<string, number | null>;
}

export function sweepOf(draft: Draft, strategies: Strategy[]): BuiltSweep {
  const reader = new Reader();
  const counts: Record<string, number | null> = {};
  const take = (path: string, pointer: string, mode: string, read: Read<Sent>): unknown => {
    const taken = reader.take(pointer, read);
    if (mode !== "fixed") counts[path] = taken?.count ?? null;
    return taken?.sent;
  };
  const entry = draft.entries[0] ?? { strategy: "", template: "", params: {} };
  const strategy = find(strategies, entry.strategy);
  const params: Body = {};
  for (const spec of strategy ? parametersOf(strategy) : []) {
    const given = entry.params[spec.name];
    if (given === undefined || isUntouched(given)) continue;
    const read = readVaried(spec, given, draft.method);
    params[spec.name] = take(`entry.${spec.name}`, `/entry/params/${spec.name}`, given.mode, read);
  }
  const exit: Body = {};
  for (const spec of exitSpecs) {
    const given = draft.exit[spec.name] ?? varied();
    const read = readVaried(spec, given, draft.method);
    exit[spec.name] = take(`exit.${spec.name}`, `/exit/${spec.name}`, given.mode, read);
  }
  const tiers = draft.exit[TIERS] ?? varied();
  exit[TIERS] = take(`exit.${TIERS}`, `/exit/${TIERS}`, tiers.mode, readTargets(tiers));
  const body = {
    ...marketOf(draft, reader),
    entry: entryBody(entry, params),
    exit,
    search: searchOf(draft, reader),
    objective: draft.objective,
    out_of_sample: reader.number(outOfSampleSpec, draft.out_of_sample),
    walk_forward: reader.number(plainSpecs.walk_forward, draft.walk_forward),
  };
  const many = combinationsOf(Object.values(counts));
  if (Object.keys(counts).length === 0) {
    reader.faults["/search"] = "Give at least one parameter several values to try";
  } else if (draft.method === "grid" && many !== null && many > MOST_COMBINATIONS) {
    reader.faults["/search/method"] =
      `At most ${MOST_COMBINATIONS.toLocaleString("en-US")} combinations: try fewer values, or search at random`;
  }
  return { body, faults: reader.faults, varied: counts };
}

function readTargets(given: { mode: string; fixed: string; list: string }): Read<Sent> {
  const read = given.mode === "fixed" ? readTiers(given.fixed) : readPlans(given.list);
  if (read.fault !== undefined) return read;
  const count = given.mode === "fixed" ? 1 : read.value.length;
  return { value: { sent: read.value, count } };
}

function searchOf(draft: Draft, reader: Reader): Body {
  const { method } = draft;
  if (method === "grid") return { method };
  return {
    method,
    samples: reader.number(plainSpecs.samples, draft.samples, "/search"),
    seed: reader.number(plainSpecs.seed, draft.seed, "/search"),
    ...(method === "optuna" && draft.study.trim() !== "" && { study: draft.study.trim() }),
  };
}

/** All combinations of so many values each; null as soon as one has any number of them. */
export function combinationsOf(counts: (number | null)[]): number | null {
  return counts.reduce<number | null>(
    (many, count) => (many === null || count === null ? null : many * count),
    1,
  );
}

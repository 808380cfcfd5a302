/** Two effective settings side by side: only what differs, in words. Pure. */
import type { Effective } from "@/api/wire";
import { inWords } from "@/lib/reasons";
import { type Draft, effectiveOf, type Ground } from "./draft";
import type { NumberSpec, Tier } from "./fields";
import { parametersOf } from "./schema";
import { riskSpecs } from "./specs";
import { tierText, valueInWords } from "./words";

export interface Difference {
  name: string;
  title: string;
  /** Null: there was none. */
  before: string | null;
  after: string | null;
}

type Words = Map<string, { title: string; text: string }>;

/** Every value in words, by a name that stays the same on both sides. */
function wordsOf(effective: Effective, ground: Ground): Words {
  const words: Words = new Map();
  const names = effective.entries.map((entry) => inWords(entry.strategy));
  words.set("strategies", { title: "Strategies", text: names.join(", ") });
  for (const entry of effective.entries) {
    const strategy = ground.strategies.find((it) => it.name === entry.strategy);
    for (const spec of strategy ? parametersOf(strategy) : []) {
      const title = `${inWords(entry.strategy)}: ${spec.title}`;
      const text = valueInWords(spec, entry.parameters[spec.name]);
      words.set(`${entry.strategy}/${spec.name}`, { title, text });
    }
  }
  const { exit, sizing, limits } = effective;
  const flat = { ...exit, ...sizing, ...limits } as Record<string, unknown>;
  for (const [index, tier] of ((exit.take_profit ?? []) as Tier[]).entries()) {
    words.set(`target-${index}`, { title: `Target ${index + 1}`, text: tierText(tier) });
  }
  for (const spec of riskSpecs as NumberSpec[]) {
    if (!(spec.name in flat)) continue;
    words.set(spec.name, { title: spec.title, text: valueInWords(spec, flat[spec.name]) });
  }
  return words;
}

export function differencesOf(before: Effective, after: Effective, ground: Ground): Difference[] {
  const [old, young] = [wordsOf(before, ground), wordsOf(after, ground)];
  const names = [...new Set([...old.keys(), ...young.keys()])];
  return names.flatMap((name) => {
    const [one, other] = [old.get(name), young.get(name)];
    if (one?.text === other?.text) return [];
    const title = (other ?? one)?.title ?? name;
    return [{ name, title, before: one?.text ?? null, after: other?.text ?? null }];
  });
}

export function draftDifferences(before: Effective, draft: Draft, ground: Ground): Difference[] {
  return differencesOf(before, effectiveOf(draft, ground), ground);
}

/** `Stop loss 8 %, Breakout: window 40`: the first few, for a line. */
export function inShort(differences: Difference[], most = 3): string {
  const words = differences.map(({ name, title, after }) =>
    name === "strategies" ? (after ?? "") : `${title} ${after ?? "none"}`,
  );
  const left = words.length - most;
  return words.slice(0, most).join(", ") + (left > 0 ? ` and ${left} more` : "");
}

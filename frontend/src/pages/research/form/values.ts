/** What the text of a parameter means: a value, several values, or what is wrong. Pure. */
import { readNumber } from "@/lib/read-number";
import { faultOf, type NumberSpec, storedNumber } from "@/lib/settings/fields";
import type { ParameterSpec } from "@/lib/settings/schema";
import type { Method, Varied } from "./draft";

export type Spec = NumberSpec & Partial<Pick<ParameterSpec, "kind" | "choices">>;
export type Value = number | boolean | string | null;
export type Read<T> = { value: T; fault?: undefined } | { value?: undefined; fault: string };

/** What is sent for a parameter; `count` is null for a range without a step. */
export interface Sent {
  sent: unknown;
  count: number | null;
}

export const MOST_COMBINATIONS = 20_000;
const NOTHING = /^(off|none|never|–|-)$/i;
const flags: Record<string, boolean> = { yes: true, true: true, no: false, false: false };

function readText(spec: Spec, text: string): Read<Value> {
  if (spec.kind === "flag") {
    const value = flags[text.toLowerCase()];
    return value === undefined ? { fault: "Write yes or no" } : { value };
  }
  if (spec.kind !== "choice" || spec.choices?.includes(text)) return { value: text };
  return { fault: `Choose one of ${spec.choices?.join(", ")}` };
}

/** One value; empty text is null where the parameter may have none. */
export function readValue(spec: Spec, text: string): Read<Value> {
  const written = text.trim();
  if (spec.kind !== undefined && spec.kind !== "number") return readText(spec, written);
  if (spec.none !== undefined && (written === "" || NOTHING.test(written))) return { value: null };
  if (written === "") return { fault: "Must not be empty" };
  const value = storedNumber(readNumber(written), spec.unit);
  const fault = faultOf(spec, value);
  return fault === null ? { value } : { fault };
}

/** Several values, between commas, semicolons or spaces; each counts once. */
export function readList(spec: Spec, text: string): Read<Value[]> {
  const words = text.split(/[,;\s]+/).filter(Boolean);
  if (words.length === 0) return { fault: "Write values to try, such as 5, 10, 20" };
  const values = new Set<Value>();
  for (const word of words) {
    const read = readValue(spec, word);
    if (read.fault !== undefined) return { fault: `${word}: ${read.fault.toLowerCase()}` };
    values.add(read.value);
  }
  return { value: [...values] };
}

interface Range {
  min: number;
  max: number;
  step: number | null;
}

export function readRange(spec: Spec, { min, max, step }: Varied): Read<Range> {
  const bounds = [readValue(spec, min), readValue(spec, max)];
  for (const [index, read] of bounds.entries()) {
    const place = index === 0 ? "From" : "To";
    if (read.fault !== undefined) return { fault: `${place}: ${read.fault.toLowerCase()}` };
    if (typeof read.value !== "number") return { fault: `${place}: must be a number` };
  }
  const [low, high] = bounds.map((read) => Number(read.value)) as [number, number];
  if (low >= high) return { fault: "From must be below to" };
  if (step.trim() === "") return { value: { min: low, max: high, step: null } };
  const size = storedNumber(readNumber(step), spec.unit);
  if (!(size > 0)) return { fault: "Step: must be above 0" };
  if (spec.whole && !Number.isInteger(size)) return { fault: "Step: must be a whole number" };
  return { value: { min: low, max: high, step: size } };
}

/** How many values a range has; null without a step. */
export function countOf({ min, max, step }: Range): number | null {
  return step === null ? null : Math.floor((max - min) / step + 1e-9) + 1;
}

/** A parameter of a sweep, as the platform takes it. */
export function readVaried(spec: Spec, given: Varied, method: Method): Read<Sent> {
  if (given.mode === "list") {
    const read = readList(spec, given.list);
    if (read.fault !== undefined) return read;
    return { value: { sent: read.value, count: read.value.length } };
  }
  if (given.mode === "range") {
    const read = readRange(spec, given);
    if (read.fault !== undefined) return read;
    const count = countOf(read.value);
    if (count === null && method === "grid") return { fault: "A grid needs a step" };
    if (count !== null && count > MOST_COMBINATIONS) return { fault: "Too many values" };
    const { step, ...ends } = read.value;
    return { value: { sent: step === null ? ends : { ...ends, step }, count } };
  }
  const read = readValue(spec, given.fixed);
  return read.fault !== undefined ? read : { value: { sent: read.value, count: 1 } };
}

import type { Frame } from "./wire";

const known = new Set<string>([
  "AUTH_SUCCESS",
  "RESET",
  "TRADE_SUMMARY_UPDATE",
  "NEW_TRADE_STARTING",
  "UPDATE",
  "EVENT",
  "ERROR",
] satisfies Frame["type"][]);

/** A frame of a newer platform may have a type that this dashboard does not know: null. */
export function readFrame(value: unknown): Frame | null {
  if (typeof value !== "object" || value === null) return null;
  if (!("type" in value) || !("data" in value)) return null;
  if (typeof value.type !== "string" || !known.has(value.type)) return null;
  return value as Frame;
}

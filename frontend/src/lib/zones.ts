/** Time zones to choose from, and finding one by a part of its name. Pure but for the clock. */
import { isZone } from "./preferences";

const MOST = 8;
const MINUTE = 60_000;

let known: string[] | undefined;

/** Every zone that this browser knows, UTC among them. */
export function zones(): string[] {
  known ??= [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
  return known;
}

const plain = (text: string) => text.toLowerCase().replaceAll("_", " ").trim();

/** A name as people write it: "America/New York". */
export function zoneTitle(zone: string): string {
  return zone.replaceAll("_", " ");
}

/** Zones that contain what was typed; those whose place begins with it come first. */
export function findZones(typed: string, among: string[] = zones()): string[] {
  const wanted = plain(typed);
  if (wanted === "") return [];
  const rank = (zone: string) => {
    const name = plain(zone);
    if (name === wanted) return 0;
    if (name.split("/").some((part) => part.startsWith(wanted))) return 1;
    return name.includes(wanted) ? 2 : 3;
  };
  return among
    .map((zone) => ({ zone, rank: rank(zone) }))
    .filter((it) => it.rank < 3)
    .sort((one, other) => one.rank - other.rank || one.zone.localeCompare(other.zone))
    .slice(0, MOST)
    .map((it) => it.zone);
}

/** The zone that was meant: written out, or the only one that fits; null for none. */
export function zoneOf(typed: string, among: string[] = zones()): string | null {
  const wanted = plain(typed);
  const exact = among.find((zone) => plain(zone) === wanted);
  if (exact !== undefined) return exact;
  const found = findZones(typed, among);
  if (found.length === 1) return found[0] ?? null;
  // "Etc/GMT+5" and other names that no list has.
  const spelled = typed.trim().replaceAll(" ", "_");
  return spelled !== "" && isZone(spelled) ? spelled : null;
}

/** What time it is in a zone: "14:03". */
export function clockIn(zone: string, now: number): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
  }).format(now);
}

/** How far its clock is from UTC: "UTC+02:00", "UTC−05:00", "UTC". */
export function offsetOf(zone: string, now: number): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    timeZoneName: "longOffset",
  }).formatToParts(Math.floor(now / MINUTE) * MINUTE);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  return name.replace("GMT", "UTC").replace("+00:00", "").replace("-", "−");
}

/** The zone of this device. */
export function systemZone(): string {
  return new Intl.DateTimeFormat("en-GB").resolvedOptions().timeZone;
}

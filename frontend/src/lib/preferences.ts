import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** How this browser writes numbers and times. Kept here, not on the platform. */
export interface Preferences {
  /** An IANA name, or "system" for the zone of this device. */
  zone: string;
  /** How a thousand and a half is written. */
  numbers: NumberStyle;
}

export const numberStyles = {
  point: { title: "1,234.56", locale: "en-US", decimal: "." },
  comma: { title: "1.234,56", locale: "de-DE", decimal: "," },
  space: { title: "1 234,56", locale: "fr-FR", decimal: "," },
} as const;

export type NumberStyle = keyof typeof numberStyles;

const KEY = "preferences";
const usual: Preferences = { zone: "system", numbers: "point" };

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What was kept; whatever makes no sense in it is as usual. */
function stored(): Preferences {
  let kept: unknown;
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const { zone, numbers } = Object(kept) as Partial<Record<keyof Preferences, unknown>>;
  return {
    zone: typeof zone === "string" && isZone(zone) ? zone : usual.zone,
    numbers: Object.hasOwn(numberStyles, String(numbers)) ? (numbers as NumberStyle) : "point",
  };
}

export const preferences = createStore<Preferences>(stored);

export function prefer(wish: Partial<Preferences>) {
  preferences.setState(wish);
  localStorage.setItem(KEY, JSON.stringify(preferences.getState()));
}

export function usePreferences(): Preferences {
  return useStore(preferences);
}

/** The zone as `Intl` wants it; undefined is that of the device. */
export function timeZone(): string | undefined {
  const { zone } = preferences.getState();
  return zone === "system" ? undefined : zone;
}

/** The zone by its name, for who reckons elsewhere. */
export function zoneName(): string {
  return timeZone() ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

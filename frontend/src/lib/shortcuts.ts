/** Keys that do something on every page, and what they open. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { type Place, places } from "./places";

/** What a key asks for. */
export type Command =
  | { kind: "go"; to: Place["to"] }
  | { kind: "search" }
  | { kind: "list" }
  /** The first of two keys: the next one within a moment decides. */
  | { kind: "wait" };

export interface Listed {
  keys: string[];
  title: string;
}

const FIRST = "g";

/** Single keys can be switched off (WCAG 2.1.4); Ctrl K and Esc always work. */
export const goShortcuts: Listed[] = places.map(({ key, title }) => ({
  keys: [FIRST, key],
  title,
}));
export const otherShortcuts: Listed[] = [
  { keys: ["/"], title: "Search pages, tokens, trades and actions" },
  { keys: ["?"], title: "Show this list" },
];
export const fixedShortcuts: Listed[] = [
  { keys: ["Ctrl", "K"], title: "Search, on a Mac ⌘ K" },
  { keys: ["Esc"], title: "Close what is open" },
  { keys: ["↑", "↓"], title: "Move in the list of signals, in a map, in search" },
];

/** What a key means after the one before it; null for nothing. */
export function commandOf(key: string, before: string | null): Command | null {
  if (before === FIRST) {
    const place = places.find((it) => it.key === key);
    return place === undefined ? null : { kind: "go", to: place.to };
  }
  if (key === FIRST) return { kind: "wait" };
  if (key === "/") return { kind: "search" };
  return key === "?" ? { kind: "list" } : null;
}

const KEY = "shortcuts";
const OFF = "off";

interface Shortcuts {
  /** Whether single keys do anything. */
  areOn: boolean;
  /** What lies over the page. */
  open: "palette" | "list" | null;
}

export const shortcuts = createStore<Shortcuts>(() => ({
  areOn: localStorage.getItem(KEY) !== OFF,
  open: null,
}));

export function switchShortcuts(areOn: boolean) {
  if (areOn) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, OFF);
  shortcuts.setState({ areOn });
}

export function openOverlay(open: Exclude<Shortcuts["open"], null>) {
  shortcuts.setState({ open });
}

/** Closes what lies over the page, if it is this one. */
export function closeOverlay(open: Shortcuts["open"]) {
  shortcuts.setState((now) => (now.open === open ? { open: null } : now));
}

export function useShortcuts(): Shortcuts {
  return useStore(shortcuts);
}

/** Where a letter is a letter: fields, and lists that jump to what is typed. */
const TAKES_LETTERS =
  "input:not([type=checkbox],[type=radio],[type=range],[type=button],[type=submit]), textarea, select, [contenteditable], [role=menu], [role=listbox], [role=combobox]";

/** Whether a key belongs to what has the focus, or to a dialog over the page. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.repeat) return true;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector("dialog[open]") !== null) return true;
  return event.target instanceof Element && event.target.closest(TAKES_LETTERS) !== null;
}

/**
 * Notifications of the browser: whether it allows them, which ones the person wants, showing one.
 * What is chosen stays in this browser and holds in all its tabs.
 */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export const topics = ["opened", "closed", "stopped", "link", "price"] as const;
export type Topic = (typeof topics)[number];

export interface Wishes {
  isOn: boolean;
  topics: Record<Topic, boolean>;
}

/** `missing`: the browser has none. `insecure`: it has none for pages over plain http. */
export type Permission = NotificationPermission | "missing" | "insecure";

export interface Note {
  title: string;
  body: string;
  /** Of two with one tag the browser shows the newer one. */
  tag: string;
  /** A click opens its drawer; null leads to the page only. */
  trade: number | null;
}

const KEY = "notifications";
const usual: Wishes = {
  isOn: false,
  topics: { opened: true, closed: true, stopped: true, link: true, price: true },
};

/** What was kept; whatever makes no sense in it is as usual. */
export function readWishes(text: string | null): Wishes {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "{}");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const { isOn, topics: chosen } = Object(kept) as { isOn?: unknown; topics?: unknown };
  const given = Object(chosen) as Partial<Record<Topic, unknown>>;
  const of = (topic: Topic) => [topic, given[topic] !== false] as const;
  return {
    isOn: isOn === true,
    topics: Object.fromEntries(topics.map(of)) as Wishes["topics"],
  };
}

export const wishes = createStore<Wishes>(() => readWishes(localStorage.getItem(KEY)));

export function wish(
  change: Partial<Omit<Wishes, "topics">> & { topics?: Partial<Wishes["topics"]> },
) {
  const before = wishes.getState();
  wishes.setState({ ...before, ...change, topics: { ...before.topics, ...change.topics } });
  localStorage.setItem(KEY, JSON.stringify(wishes.getState()));
}

export function useWishes(): Wishes {
  return useStore(wishes);
}

addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY) wishes.setState(newValue === null ? usual : readWishes(newValue));
});

function permissionNow(): Permission {
  if (!window.isSecureContext) return "insecure";
  return "Notification" in window ? Notification.permission : "missing";
}

const permission = createStore<{ now: Permission }>(() => ({ now: permissionNow() }));

export function lookAtPermission() {
  permission.setState({ now: permissionNow() });
}

/** What the browser allows, also after it was changed in its own settings. */
export function usePermission(): Permission {
  return useStore(permission, (it) => it.now);
}

/** Follows what is changed in the browser's settings; the returned function ends that. */
export function followPermission(): () => void {
  lookAtPermission();
  const ended = new AbortController();
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => {
      status.addEventListener("change", lookAtPermission, { signal: ended.signal });
    })
    // A browser that cannot be asked is looked at when the page comes back.
    .catch(() => undefined);
  addEventListener("focus", lookAtPermission, { signal: ended.signal });
  return () => ended.abort();
}

/** Asks the person; must follow a click. */
export async function askPermission(): Promise<Permission> {
  if ("Notification" in window) await Notification.requestPermission();
  lookAtPermission();
  return permissionNow();
}

/** It was not shown; the message says why in words. */
export class NotShown extends Error {}

const SHOWN_WITHIN = 4_000;
const BLOCKED =
  "The browser did not show it. It may be muted by the system, or by “Do not disturb”.";
const NEEDS_APP =
  "This browser shows notifications of installed apps only, not of a page. Use another one.";

/** Shows a note and waits until the browser says that it did. Raises NotShown. */
export function show(note: Note, onOpen: (note: Note) => void): Promise<void> {
  const { title, body, tag } = note;
  return new Promise((resolve, reject) => {
    let shown: Notification;
    try {
      shown = new Notification(title, { body, tag, icon: "/favicon.svg" });
    } catch (error) {
      // Chrome on Android has the constructor and refuses to call it.
      if (!(error instanceof TypeError)) throw error;
      reject(new NotShown(NEEDS_APP));
      return;
    }
    const timer = setTimeout(() => reject(new NotShown(BLOCKED)), SHOWN_WITHIN);
    shown.onshow = () => {
      clearTimeout(timer);
      resolve();
    };
    shown.onerror = () => {
      clearTimeout(timer);
      reject(new NotShown(BLOCKED));
    };
    shown.onclick = () => {
      window.focus();
      shown.close();
      onOpen(note);
    };
  });
}

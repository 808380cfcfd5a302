import { useSyncExternalStore } from "react";

/** One timer for every age on the page. */
const TICK = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function beat() {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(beat, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  // Nobody kept it up to date while nobody listened.
  if (timer === undefined) now = Date.now();
  return now;
}

/** The time in Unix milliseconds, new every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}

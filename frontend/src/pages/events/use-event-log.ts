import { useCallback, useEffect, useRef } from "react";
import { type EventQuery, eventsAfter, newestEvents } from "@/api/events";
import { live } from "@/api/live";
import type { StoredEvent } from "@/api/wire";
import type { LogKind } from "@/lib/log";
import { useWallet } from "@/lib/session";
import { useLog } from "@/lib/use-log";
import { fits } from "./filters";
import { EventTail } from "./tail";

/** Events have one order, and never change. */
export const eventKind: LogKind<StoredEvent> = {
  compare: (one, other) => other.seq - one.seq,
  isSame: () => true,
};

const heard = () => live.getState().seq ?? 0;

/** The events that fit, with a live tail: what the socket tells is merged with what was fetched. */
export function useEventLog(query: EventQuery, isFollowing: boolean) {
  const wallet = useWallet();
  const tail = useRef<EventTail | null>(null);
  /** Where the first page begins, for a tail that is made after it. */
  const start = useRef<[number, number]>([0, 0]);
  const ask = useCallback(
    async (cursor: string | undefined, signal: AbortSignal) => {
      // What was told before the question is in the answer: it was kept before it was told.
      const before = heard();
      const page = await newestEvents(wallet, query, cursor, signal);
      if (cursor === undefined) {
        start.current = [before, page.items[0]?.seq ?? 0];
        tail.current?.begin(...start.current);
      }
      return page;
    },
    [wallet, query],
  );
  const log = useLog(eventKind, ask, isFollowing);
  const { now, tell, reload } = log;

  useEffect(() => {
    const made = new EventTail({
      after: (seq) => eventsAfter(wallet, query, seq),
      heard,
      fits: (event) => fits(query, event),
      isLoaded: () => now().isLoaded,
      tell,
      reload,
    });
    tail.current = made;
    made.begin(...start.current);
    const unsubscribe = live.subscribe((state, before) => {
      if (state.resets !== before.resets) reload();
      else if (state.epoch !== before.epoch) made.later();
      if (state.told !== before.told) made.hear(state.told);
    });
    return () => {
      made.stop();
      unsubscribe();
    };
  }, [wallet, query, now, tell, reload]);
  return log;
}

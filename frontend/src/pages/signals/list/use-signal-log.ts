import { useCallback, useEffect, useRef } from "react";
import { live } from "@/api/live";
import { type ListedSignal, newestSignals, type SignalQuery } from "@/api/signals";
import { isJoined, type LogKind } from "@/lib/log";
import { parseTime } from "@/lib/time";
import { useLog } from "@/lib/use-log";

const PAGE = 100;
const LARGEST_PAGE = 500;
const SOON = 700;
const AT_LEAST_EVERY = 20_000;

/** Newest first, as the platform lists them. */
export const signalKind: LogKind<ListedSignal> = {
  compare: (one, other) =>
    parseTime(other.triggered_at) - parseTime(one.triggered_at) || other.id - one.id,
  isSame: (one, other) =>
    one.status === other.status &&
    one.reason === other.reason &&
    one.sentiment_score === other.sentiment_score &&
    one.token.symbol === other.token.symbol,
};

function isUnderWay({ status }: ListedSignal): boolean {
  return status === "Screening" || status === "Monitoring";
}

/** How many of the newest rows have to be asked for again, to know how all that go on stand. */
export function sizeOfRenewal(rows: ListedSignal[]): number {
  const last = rows.findLastIndex(isUnderWay);
  return Math.min(LARGEST_PAGE, Math.max(PAGE, last + 20));
}

/** The signals that fit, live: asked for again when the socket says that some have moved. */
export function useSignalLog(query: SignalQuery, isFollowing: boolean) {
  const ask = useCallback(
    (cursor: string | undefined, signal: AbortSignal) => newestSignals(query, PAGE, cursor, signal),
    [query],
  );
  const log = useLog(signalKind, ask, isFollowing);
  const { now, renew, reload } = log;
  const asks = useRef(query);
  asks.current = query;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const refresh = async () => {
      if (document.hidden || !now().isLoaded) return;
      const page = await newestSignals(asks.current, sizeOfRenewal(now().rows), undefined);
      if (isOver) return;
      // So many are new that there is a gap: the list begins again.
      if (isJoined(signalKind, now(), page)) renew(page);
      else reload();
    };
    const later = (delay: number) => {
      timer ??= setTimeout(() => {
        refresh()
          .catch(() => undefined) // the next one asks again; a broken link is told in the header
          .finally(() => {
            timer = undefined;
          });
      }, delay);
    };
    const unsubscribe = live.subscribe((state, before) => {
      if (state.summaries !== before.summaries || state.epoch !== before.epoch) later(SOON);
    });
    const clock = setInterval(() => later(0), AT_LEAST_EVERY);
    return () => {
      isOver = true;
      clearTimeout(timer);
      clearInterval(clock);
      unsubscribe();
    };
  }, [now, renew, reload]);
  return log;
}

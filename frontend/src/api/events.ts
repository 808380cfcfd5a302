/** Requests about the stored events of a wallet. */
import { thrown } from "./client";
import { listEvents } from "./generated/sdk.gen";
import type { ListEventsData } from "./generated/types.gen";
import { data } from "./queries";

export type EventQuery = Pick<
  NonNullable<ListEventsData["query"]>,
  "kind" | "token_address" | "from" | "to" | "q"
>;

const PAGE = 200;
const LARGEST_PAGE = 500;

/** A page of events, the newest first. */
export const newestEvents = (
  wallet: string,
  query: EventQuery,
  cursor: string | undefined,
  signal: AbortSignal,
) =>
  data(
    listEvents({
      path: { wallet },
      query: { ...query, order: "desc", limit: PAGE, cursor },
      signal,
      ...thrown,
    }),
  );

/** What was told after an event, the oldest first: as much as one answer holds. */
export const eventsAfter = (wallet: string, query: EventQuery, after: number) =>
  data(
    listEvents({
      path: { wallet },
      query: { ...query, order: "asc", after, limit: LARGEST_PAGE },
      ...thrown,
    }),
  );

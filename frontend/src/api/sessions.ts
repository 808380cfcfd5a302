/** Who is signed in with this wallet, and signing others out. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { listOwnSessions, revokeSession } from "./generated/sdk.gen";
import type { SessionOut } from "./generated/types.gen";
import { data, signedIn } from "./queries";

export type Session = SessionOut;

const REFRESH = 30_000;

export const sessionsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["sessions", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(listOwnSessions({ signal, ...thrown })),
    refetchInterval: REFRESH,
    staleTime: 0,
  });

export const endSession = (session_id: number) =>
  data(revokeSession({ path: { session_id }, ...thrown }));

/** Ends every session but this one, however many pages of them there are; answers how many. */
export async function endOtherSessions(): Promise<number> {
  let ended = 0;
  for (;;) {
    const { items } = await data(listOwnSessions(thrown));
    const others = items.filter((it) => !it.current);
    if (others.length === 0) return ended;
    for (const { id } of others) await endSession(id);
    ended += others.length;
  }
}

/** Watches what the platform tells and hands over what is worth a notification. */
import { connection, live } from "@/api/live";
import type { LiveState } from "@/api/live-state";
import {
  linkIsFine,
  linkNote,
  notesOf,
  priceNote,
  tokenName,
  watchLink,
  watchPrices,
} from "@/lib/notes";
import { type Note, wishes } from "@/lib/notifications";

const LOOK_EVERY = 5_000;

function pricedAt({ positions, pricedAt: heard }: LiveState): Map<number, number> {
  return new Map(
    Object.values(positions).flatMap(({ trade_id }) => {
      const at = heard[trade_id];
      return at === undefined ? [] : [[trade_id, at]];
    }),
  );
}

/** Calls back with every note until the returned function is called. */
export function watch(tell: (note: Note) => void): () => void {
  let seen = live.getState().seq ?? 0;
  let link = linkIsFine;
  let stale: ReadonlySet<number> = new Set();

  const hear = ({ told }: LiveState) => {
    const news = told.filter((event) => event.seq > seen);
    if (news.length === 0) return;
    seen = news.at(-1)?.seq ?? seen;
    notesOf(news, wishes.getState().topics).forEach(tell);
  };

  const look = () => {
    const chosen = wishes.getState().topics;
    const now = Date.now();
    const state = connection.getState().link;
    const broken = watchLink(link, state, now);
    link = broken.watch;
    if (broken.isNews && chosen.link) tell(linkNote);
    // Over a broken link no price comes, whatever the platform has.
    if (state !== "live") return;
    const all = live.getState();
    const prices = watchPrices(stale, pricedAt(all), now);
    stale = prices.told;
    if (!chosen.price) return;
    for (const trade of prices.news) {
      const position = all.positions[trade];
      if (position) tell(priceNote(tokenName(position.token), trade));
    }
  };

  const unsubscribe = live.subscribe(hear);
  const timer = setInterval(look, LOOK_EVERY);
  return () => {
    unsubscribe();
    clearInterval(timer);
  };
}

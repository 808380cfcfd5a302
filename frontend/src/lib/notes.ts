/** What of all that happens is worth a notification, and in which words. Pure. */

import type { EventFrame } from "@/api/generated/types.gen";
import type { Link } from "@/api/socket";
import { formatChange, formatPercentChange, formatPrice, formatSol, shortAddress } from "./format";
import type { Note, Wishes } from "./notifications";
import { inWords } from "./reasons";
import { cleanText } from "./text";

type Told = EventFrame["data"];
type Chosen = Wishes["topics"];
type Opened = Extract<Told["data"], { kind: "TradeOpened" }>;
type Closed = Extract<Told["data"], { kind: "TradeClosed" }>;

const stops = new Set(["stop_loss", "breakeven_stop", "trailing_stop"]);
const MOST_AT_ONCE = 3;
const MINUTE = 60_000;

export function tokenName({ address, symbol }: { address: string; symbol: string | null }): string {
  return symbol === null ? shortAddress(address) : cleanText(symbol, 24);
}

function opened({ token, sol_amount, price, strategy }: Opened): Pick<Note, "title" | "body"> {
  const spent = `${formatSol(sol_amount)} SOL at ${formatPrice(price)}`;
  return { title: `Bought ${tokenName(token)}`, body: `${spent} · ${inWords(strategy)}` };
}

function closed({ token, reason, pnl_sol, pnl_percent }: Closed): Pick<Note, "title" | "body"> {
  return {
    title: `Sold ${tokenName(token)}, ${formatPercentChange(pnl_percent)}`,
    body: `${formatChange(pnl_sol)} SOL · ${inWords(reason)}`,
  };
}

/** The note of a stored event; null for one that nobody wished to hear of. */
export function noteOf({ seq, trade_id: trade, data }: Told, chosen: Chosen): Note | null {
  const tag = `event-${seq}`;
  if (data.kind === "TradeOpened") return chosen.opened ? { ...opened(data), tag, trade } : null;
  if (data.kind !== "TradeClosed") return null;
  const isWanted = chosen.closed || (chosen.stopped && stops.has(data.reason));
  return isWanted ? { ...closed(data), tag, trade } : null;
}

function counted(many: number, what: string): string | null {
  if (many === 0) return null;
  return `${many} ${many === 1 ? "trade" : "trades"} ${what}`;
}

/** The notes of events that came together: a few one by one, many as one. */
export function notesOf(events: Told[], chosen: Chosen): Note[] {
  const wanted = events.flatMap((event) => {
    const note = noteOf(event, chosen);
    return note === null ? [] : [{ event, note }];
  });
  if (wanted.length <= MOST_AT_ONCE) return wanted.map((it) => it.note);
  const sold = wanted.flatMap(({ event }) =>
    event.data.kind === "TradeClosed" ? [event.data.pnl_sol] : [],
  );
  const profit = sold.reduce((sum, it) => sum + it, 0);
  const words = [
    counted(wanted.length - sold.length, "opened"),
    counted(sold.length, "closed"),
    sold.length > 0 && `${formatChange(profit)} SOL`,
  ];
  return [
    {
      title: `${wanted.length} things happened`,
      body: words.filter(Boolean).join(" · "),
      tag: wanted.at(-1)?.note.tag ?? "events",
      trade: null,
    },
  ];
}

export interface LinkWatch {
  /** Since when the link is not live (Unix ms); null while it is. */
  brokenSince: number | null;
  isTold: boolean;
}

export const linkIsFine: LinkWatch = { brokenSince: null, isTold: false };

/** Follows the link; `isNews` once when it has been broken for a minute. */
export function watchLink(
  before: LinkWatch,
  link: Link,
  now: number,
): { watch: LinkWatch; isNews: boolean } {
  if (link === "live") return { watch: linkIsFine, isNews: false };
  const brokenSince = before.brokenSince ?? now;
  const isNews = !before.isTold && now - brokenSince >= MINUTE;
  return { watch: { brokenSince, isTold: before.isTold || isNews }, isNews };
}

export const linkNote: Note = {
  title: "The link is lost",
  body: "Nothing has come from the platform for a minute. If it runs, it trades on without you.",
  tag: "link",
  trade: null,
};

/** The trades whose price is older than a minute, and those of them that were not told yet. */
export function watchPrices(
  told: ReadonlySet<number>,
  pricedAt: ReadonlyMap<number, number>,
  now: number,
): { told: ReadonlySet<number>; news: number[] } {
  const stale = [...pricedAt].filter(([, at]) => now - at >= MINUTE).map(([trade]) => trade);
  return { told: new Set(stale), news: stale.filter((trade) => !told.has(trade)) };
}

export function priceNote(token: string, trade: number): Note {
  return {
    title: `The price of ${token} is stale`,
    body: "None came for a minute: its stop and targets wait for the next one.",
    tag: `price-${trade}`,
    trade,
  };
}

export const testNote: Note = {
  title: "Auto Trader can reach you",
  body: "Trades will look like this. Nothing was bought or sold.",
  tag: "test",
  trade: null,
};

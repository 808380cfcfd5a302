/** Every stored event in one plain sentence. Pure. */
import type { StoredEvent } from "@/api/wire";
import { formatCount, formatPrice, formatSol, formatTokens, shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { fieldsOf, humanised } from "./fields";

/** A piece of a sentence: words, a name that stands out, or a profit or loss. */
export type Piece = string | { name: string } | { change: number; unit: "sol" | "percent" };

type Data = StoredEvent["data"];
type Of<Kind extends Data["kind"]> = Extract<Data, { kind: Kind }>;
type Writers = { [Kind in Data["kind"]]: (data: Of<Kind>) => Piece[] };

const SHOWN_FIELDS = 4;
const tokenOf = ({ address, symbol }: { address: string; symbol: string | null }) => ({
  name: symbol === null ? shortAddress(address) : cleanText(symbol, 24),
});
const sold = (data: Of<"TierTaken"> | Of<"TradeClosed">): string =>
  `sold ${formatTokens(data.token_amount)} at ${formatPrice(data.price)} for ${formatSol(data.sol_amount)} SOL`;
const many = (count: number, one: string, several: string) =>
  `${formatCount(count)} ${count === 1 ? one : several}`;

const writers: Writers = {
  WalletRegistered: (data) => [
    `Your wallet joined with ${formatSol(data.initial_sol_balance)} SOL.`,
  ],
  TradeOpened: (data) => [
    `Bought ${formatTokens(data.token_amount)} `,
    tokenOf(data.token),
    ` for ${formatSol(data.sol_amount)} SOL at ${formatPrice(data.price)} on ${inWords(data.strategy)}; the stop stands at ${formatPrice(data.stop_loss_price)}.`,
  ],
  TierTaken: (data) => [
    tokenOf(data.token),
    `, ${lowerFirst(inWords(data.reason))}: ${sold(data)}; ${formatTokens(data.tokens_left)} are left.`,
  ],
  TradeClosed: (data) => [
    tokenOf(data.token),
    `, ${lowerFirst(inWords(data.reason))}: ${sold(data)}. The trade made `,
    { change: data.pnl_sol, unit: "sol" },
    " SOL, ",
    { change: data.pnl_percent, unit: "percent" },
    data.reason === "max_holding" && data.price_at ? "; no newer price had come." : ".",
  ],
  PlanChanged: (data) => [
    "You changed the plan of your trade in ",
    tokenOf(data.token),
    data.stop_before === data.stop_after
      ? `; the stop stays at ${formatPrice(data.stop_after)}.`
      : `: the stop moved from ${formatPrice(data.stop_before)} to ${formatPrice(data.stop_after)}.`,
  ],
  WalletReset: (data) => [
    `Your wallet began again with ${formatSol(data.initial_sol_balance)} SOL`,
    data.closed > 0 ? `; ${many(data.closed, "open trade was", "open trades were")} closed.` : ".",
  ],
  WalletPaused: (data) => [
    data.reason === "paused"
      ? "You paused trading: no new entries, exits go on."
      : `Trading was paused, ${lowerFirst(inWords(data.reason))}: no new entries, exits go on.`,
  ],
  WalletResumed: () => ["Trading goes on: new entries are allowed again."],
  SettingsChanged: (data) => [
    "Settings for ",
    { name: data.symbol === "*" ? "every token" : cleanText(data.symbol, 64) },
    ` changed: version ${formatCount(data.version)} counts from here on.`,
  ],
  ReplayDiffered: (data) => [
    `Trade ${data.trade_id} in `,
    tokenOf(data.token),
    `, run again on its own prices, differs from its record in ${many(data.differences, "place", "places")}: ${cleanText(data.fields.join(", "), 160)}.`,
  ],
  AuditFailed: (data) => [
    `The record does not add up in ${many(data.faults, "place", "places")}: ${cleanText(data.fields.join(", "), 160)}.`,
    data.chain_ok ? "" : " The log of events was changed.",
  ],
  PriceRefused: (data) => [
    "A price of ",
    tokenOf(data.token),
    ` was refused: “${cleanText(data.price, 40)}” cannot be one.`,
  ],
  PriceStale: (data) => [
    tokenOf(data.token),
    ` has had no fresh price since it stood at ${formatPrice(data.price)}: nothing is bought, holding times go on.`,
  ],
  PriceLost: (data) => [
    tokenOf(data.token),
    data.reason === "worthless"
      ? " is worth nothing any more, its pool says. "
      : " has no pool any more. ",
    "Your position is marked at nothing and stays listed; the first price that comes back counts.",
  ],
  PriceBack: (data) => [tokenOf(data.token), ` has a price again: ${formatPrice(data.price)}.`],
  PositionSetAside: (data) => [
    `Your trade ${data.trade_id} in `,
    tokenOf(data.token),
    ` cannot be led: ${cleanText(data.reason, 160)}. The others go on.`,
  ],
  StrategyFailed: (data) => [
    { name: inWords(data.strategy) },
    " failed on ",
    tokenOf(data.token),
    ` and is not asked any more: ${cleanText(data.reason, 160)}.`,
  ],
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function isKnown(kind: string): kind is Data["kind"] {
  return Object.hasOwn(writers, kind);
}

/** A kind of a newer platform: its name, and what it holds first. */
function unknown(event: StoredEvent): Piece[] {
  const fields = fieldsOf(event.data).slice(0, SHOWN_FIELDS);
  const said = fields.map(({ title, value }) => `${lowerFirst(title)} ${value}`).join(", ");
  return [said ? `${humanised(event.kind)}: ${said}.` : `${humanised(event.kind)}.`];
}

export function sentenceOf(event: StoredEvent): Piece[] {
  if (!isKnown(event.kind)) return unknown(event);
  const write = writers[event.kind] as (data: Data) => Piece[];
  return write(event.data);
}

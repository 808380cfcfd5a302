/** What need not be kept of tokens that were shown or held once. Pure. */
import type { LiveState } from "./live-state";

/** So many tokens are kept although nobody holds or watches them: somebody may look again. */
const KEPT = 5;

function without<Value>(
  record: Record<string, Value>,
  gone: ReadonlySet<string>,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([token]) => !gone.has(token)));
}

/** Drops the candles, fills and transactions of the tokens that were first heard of longest ago. */
export function forgetOldTokens(state: LiveState): LiveState {
  const { series, strategy, fills, feed, positions, watched, stage } = state;
  const needed = new Set([
    ...Object.values(positions).map((it) => it.token.address),
    ...watched,
    stage?.address,
  ]);
  const known = new Set([series, feed, fills].flatMap((it) => Object.keys(it)));
  const idle = [...known].filter((token) => !needed.has(token));
  if (idle.length <= KEPT) return state;
  const gone = new Set(idle.slice(0, -KEPT));
  return {
    ...state,
    series: without(series, gone),
    strategy: without(strategy, gone),
    fills: without(fills, gone),
    feed: without(feed, gone),
  };
}

/** Which token the trading page is about: the chosen one, else the one the platform shows. */
import { useSelection } from "@/lib/selection";
import { useLive } from "./live";
import type { LiveState } from "./live-state";
import type { Position, StrategyState, Token } from "./wire";

export interface Shown {
  token: Token | null;
  trade: number | null;
  signal: number | null;
  /** Nothing was chosen: the newest trade is followed. */
  following: boolean;
}

/** The open position in a token: the trade asked for, else the newest. */
export function positionIn(
  positions: Record<number, Position>,
  token: string,
  trade: number | null,
): Position | undefined {
  const inToken = Object.values(positions).filter((it) => it.token.address === token);
  const newest = inToken.reduce<Position | undefined>(
    (found, it) => (found === undefined || it.trade_id > found.trade_id ? it : found),
    undefined,
  );
  return trade === null ? newest : inToken.find((it) => it.trade_id === trade);
}

/** Where the exit state machine of a token's trade stands; null without an open trade. */
export function strategyOf(
  state: Pick<LiveState, "positions" | "strategy">,
  token: string,
  trade: number | null,
): StrategyState | null {
  const position = positionIn(state.positions, token, trade);
  if (position !== undefined) {
    return {
      trade_id: position.trade_id,
      entry_price: position.entry_price,
      stop_loss_price: position.stop_loss_price,
      take_profit_tiers: position.tiers,
      highest_price_seen: position.highest_price_seen,
      phase: position.phase,
    };
  }
  const told = state.strategy[token];
  return told !== undefined && (trade === null || told.trade_id === trade) ? told : null;
}

export function useShown(): Shown {
  const selected = useSelection();
  const stage = useLive((state) => state.stage);
  const running = useLive((state) =>
    stage === null ? null : (strategyOf(state, stage.address, null)?.trade_id ?? null),
  );
  if (selected.token !== null) return { ...selected, following: false };
  return { token: stage, trade: running, signal: null, following: true };
}

/** Which token the trading page is about: the chosen one, else the one the platform shows. */
import { useShallow } from "zustand/react/shallow";
import { own } from "@/lib/own";
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

function newestOf(positions: Position[]): Position | undefined {
  return positions.reduce<Position | undefined>(
    (found, it) => (found === undefined || it.trade_id > found.trade_id ? it : found),
    undefined,
  );
}

/** The open position in a token: the trade asked for, else the newest. */
export function positionIn(
  positions: Record<number, Position>,
  token: string,
  trade: number | null,
): Position | undefined {
  const inToken = Object.values(positions).filter((it) => it.token.address === token);
  return trade === null ? newestOf(inToken) : inToken.find((it) => it.trade_id === trade);
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
  const told = own(state.strategy, token);
  return told !== undefined && (trade === null || told.trade_id === trade) ? told : null;
}

/** What to show while nothing was chosen: the stage while its trade runs, else the newest that does. */
export function followed(
  state: Pick<LiveState, "stage" | "positions" | "strategy">,
): Pick<Shown, "token" | "trade"> {
  const { stage, positions } = state;
  const running = stage === null ? null : strategyOf(state, stage.address, null);
  if (running !== null) return { token: stage, trade: running.trade_id };
  const newest = newestOf(Object.values(positions));
  return newest === undefined
    ? { token: stage, trade: null }
    : { token: newest.token, trade: newest.trade_id };
}

export function useShown(): Shown {
  const selected = useSelection();
  const { token, trade } = useLive(useShallow(followed));
  if (selected.token !== null) return { ...selected, following: false };
  return { token, trade, signal: null, following: true };
}

import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from "react";
import { effectiveFor, ruleFor, useWishes, writtenFor } from "@/api/ground";
import { useLive } from "@/api/live";
import { tradeQuery } from "@/api/queries";
import { ANY_SYMBOL } from "@/api/settings";
import { strategyOf } from "@/api/shown";
import type { StrategyState, Token } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { draftDifferences } from "@/lib/settings/diff";
import { changed, draftOf, settingOf } from "@/lib/settings/draft";
import { type Plan, planOf } from "@/lib/settings/plan";
import { cleanText } from "@/lib/text";
import { notify } from "@/ui/toast";
import { type Held, type HeldStore, holding } from "./drag";
import { type Line, linesOf } from "./lines";
import { changeOfMove, type Moves, movesOf, planAfter } from "./moves";
import { usePlanMove } from "./use-plan-move";

const MoveDialog = lazy(() => import("./move-dialog").then((it) => ({ default: it.MoveDialog })));

/** What the platform takes as a symbol; a token with another name has settings by its mint. */
const SYMBOL = /^[^\s\p{Cc}/]{1,64}$/u;

const nameOf = (token: Token) => cleanText(token.symbol ?? shortAddress(token.address), 24);

function keyOf(token: Token): string {
  const { symbol, address } = token;
  return symbol !== null && SYMBOL.test(symbol) ? symbol : address;
}

/** Where a trade's exit stands; another value only when that moved, not with every price. */
function useExitState(token: Token | null, trade: number | null): StrategyState | null {
  const text = useLive((state) =>
    JSON.stringify(token === null ? null : strategyOf(state, token.address, trade)),
  );
  return useMemo(() => JSON.parse(text) as StrategyState | null, [text]);
}

export interface LineMoves {
  lines: Line[];
  moves: Moves;
  held: HeldStore;
  /** A line was dropped: asks what that would mean. */
  drop: (held: Held) => void;
  /** Changes with the settings of the wallet. */
  stamp: string;
  dialog: ReactNode;
}

/** The exit plan by which a trade goes on; null until it is known. */
function usePlan(wallet: string, trade: number | null): Plan | null {
  const query = tradeQuery(wallet, trade ?? 0);
  const { data } = useQuery({ ...query, enabled: query.enabled !== false && trade !== null });
  return useMemo(() => (data ? planOf(data.exit_plan) : null), [data]);
}

/** What the same move would do to the settings of its token, and those settings. */
function useSettingsMove(wallet: string, token: Token | null) {
  const { wishes } = useWishes(wallet);
  const rule = wishes && token ? ruleFor(wishes, token) : null;
  const symbol = rule ?? (token ? keyOf(token) : ANY_SYMBOL);
  const of = ({ handle, distance }: Held) => {
    if (!wishes) return null;
    const effective = effectiveFor(wishes, rule ?? ANY_SYMBOL);
    const change = changeOfMove(handle, distance, effective);
    if (change === null) return null;
    const draft = changed(
      draftOf(writtenFor(wishes, symbol), wishes.ground),
      change,
      wishes.ground,
    );
    return {
      symbol,
      setting: settingOf(draft, wishes.ground),
      differences: draftDifferences(effective, draft, wishes.ground),
    };
  };
  const versions = Object.entries(wishes?.settings ?? {}).map(([key, it]) => [key, it.version]);
  return { of, isNew: rule === null, stamp: JSON.stringify(versions) };
}

/** The lines of the shown trade, which of them can be moved, and what follows when one is. */
export function useMoves(token: Token | null, trade: number | null): LineMoves {
  const wallet = useWallet();
  const state = useExitState(token, trade);
  const plan = usePlan(wallet, state?.trade_id ?? null);
  const settings = useSettingsMove(wallet, token);
  const [held] = useState(holding);
  const [dropped, setDropped] = useState<Held | null>(null);
  const letGo = () => {
    setDropped(null);
    held.setState(null, true);
  };
  const moves = useMemo(() => movesOf(state, plan), [state, plan]);
  const lines = useMemo(() => linesOf(state), [state]);
  const name = token ? nameOf(token) : "";

  const planned = usePlanMove({
    wallet,
    onRefused: (error) => {
      letGo();
      notify(error.message, { failed: true });
    },
    onSaved: (also) => {
      letGo();
      notify(
        also
          ? `Moved in this trade, and saved for ${name} from now on.`
          : "Moved in this trade: the next price is judged by it.",
      );
    },
  });

  const drop = (move: Held) => {
    if (plan === null || state === null) return;
    // It stays where it was dropped until the question is answered.
    held.setState(move, true);
    setDropped(move);
    const exit = planAfter(move.handle, move.distance, plan);
    planned.ask({ trade: state.trade_id, exit, settings: settings.of(move) });
  };
  const latest = useRef(drop);
  latest.current = drop;
  const [steady] = useState(() => (move: Held) => latest.current(move));

  const dialog = planned.preview && dropped && (
    <Suspense fallback={null}>
      <MoveDialog
        held={dropped}
        preview={planned.preview}
        name={name}
        differences={settings.of(dropped)?.differences ?? null}
        isNew={settings.isNew}
        isSaving={planned.isSaving}
        error={planned.error}
        onConfirm={planned.save}
        onCancel={() => {
          letGo();
          planned.cancel();
        }}
      />
    </Suspense>
  );
  return { lines, moves, held, drop: steady, stamp: settings.stamp, dialog };
}

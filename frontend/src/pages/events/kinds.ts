/** The kinds of events: their names and their looks. */
import {
  ArrowUpRight,
  CircleDot,
  GitCompareArrows,
  LogOut,
  MoveVertical,
  Pause,
  Play,
  RotateCcw,
  ShieldAlert,
  SlidersHorizontal,
  Sparkles,
  Target,
  TriangleAlert,
} from "lucide-react";
import { humanised } from "./fields";

interface Kind {
  title: string;
  Icon: typeof Pause;
  /** Of the icon. */
  colour: string;
}

export const kinds: Record<string, Kind> = {
  TradeOpened: { title: "Bought", Icon: ArrowUpRight, colour: "text-accent" },
  TierTaken: { title: "Part sold", Icon: Target, colour: "text-up" },
  TradeClosed: { title: "Closed", Icon: LogOut, colour: "text-text" },
  PlanChanged: { title: "Plan changed", Icon: MoveVertical, colour: "text-accent" },
  WalletPaused: { title: "Paused", Icon: Pause, colour: "text-warn" },
  WalletResumed: { title: "Resumed", Icon: Play, colour: "text-up" },
  SettingsChanged: { title: "Settings", Icon: SlidersHorizontal, colour: "text-muted" },
  ReplayDiffered: { title: "Replay differs", Icon: GitCompareArrows, colour: "text-down" },
  AuditFailed: { title: "Audit failed", Icon: ShieldAlert, colour: "text-down" },
  PriceRefused: { title: "Price refused", Icon: TriangleAlert, colour: "text-warn" },
  PriceStale: { title: "Price is old", Icon: TriangleAlert, colour: "text-warn" },
  PriceLost: { title: "Price is gone", Icon: TriangleAlert, colour: "text-down" },
  PriceBack: { title: "Price is back", Icon: TriangleAlert, colour: "text-up" },
  PositionSetAside: { title: "Set aside", Icon: TriangleAlert, colour: "text-down" },
  StrategyFailed: { title: "Strategy failed", Icon: TriangleAlert, colour: "text-down" },
  WalletReset: { title: "Reset", Icon: RotateCcw, colour: "text-warn" },
  WalletRegistered: { title: "Joined", Icon: Sparkles, colour: "text-muted" },
};

/** A kind that this page does not know yet has its own name. */
export function kindOf(kind: string): Kind {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return known ?? { title: humanised(kind), Icon: CircleDot, colour: "text-muted" };
}

/** What the platform sends, under the names the dashboard uses. Generated from the routes. */
import type {
  BotTradeOut,
  CandleOut,
  CandlesOut,
  EffectiveOut,
  EventOut,
  ExitPlan as ExitPlanOut,
  FillOut,
  Limits as LimitsOut,
  MarketTradeOut,
  OverallOut,
  PairOut,
  PortfolioOut,
  PositionOut,
  PreviewOut,
  ReplayOut,
  ServerFrame,
  SettingIn,
  SettingOut,
  ShadowDetailOut,
  ShadowOut,
  SignalDetailOut,
  Sizing as SizingOut,
  SnapshotOut,
  StepOut,
  StrategyOut,
  StrategyStateOut,
  TokenGroupOut,
  TokenOut,
  TradeDetailOut,
  TradeOut,
  VersionOut,
  VolumeOut,
  WalletOut,
} from "./generated/types.gen";

export type BotTrade = BotTradeOut;
export type Candle = CandleOut;
export type Candles = CandlesOut;
export type Effective = EffectiveOut;
export type ExitPlan = ExitPlanOut;
export type Fill = FillOut;
export type Limits = LimitsOut;
export type MarketTrade = MarketTradeOut;
export type Overall = OverallOut;
export type Pair = PairOut;
export type Parameter = number | boolean | string;
export type Portfolio = PortfolioOut;
export type Position = PositionOut;
export type Preview = PreviewOut;
export type Replay = ReplayOut;
export type Setting = SettingIn;
export type SettingState = SettingOut;
export type Shadow = ShadowOut;
export type ShadowDetail = ShadowDetailOut;
export type Signal = SignalDetailOut;
export type Sizing = SizingOut;
export type Snapshot = SnapshotOut;
export type Step = StepOut;
export type StoredEvent = EventOut;
export type Strategy = StrategyOut;
export type StrategyState = StrategyStateOut;
export type Summary = FrameData<"TRADE_SUMMARY_UPDATE">["summaries"][number];
export type SummaryStatus = Summary["status"];
export type Token = TokenOut;
export type TokenGroup = TokenGroupOut;
export type Trade = TradeOut;
export type TradeDetail = TradeDetailOut;
export type Version = VersionOut;
export type Volume = VolumeOut;
export type Wallet = WalletOut;

export type Frame = ServerFrame;
export type FrameData<Type extends Frame["type"]> = Extract<
  Frame,
  { type: Type; data: object }
>["data"];

/** What the platform sends, under the names the dashboard uses. Generated from the routes. */
import type {
  BotTradeOut,
  CandleOut,
  CandlesOut,
  FillOut,
  MarketTradeOut,
  OverallOut,
  PortfolioOut,
  PositionOut,
  ServerFrame,
  SignalDetailOut,
  SnapshotOut,
  StepOut,
  StrategyStateOut,
  SummaryOut,
  TokenGroupOut,
  TokenOut,
  TradeOut,
  VolumeOut,
  WalletOut,
} from "./generated/types.gen";

export type BotTrade = BotTradeOut;
export type Candle = CandleOut;
export type Candles = CandlesOut;
export type Fill = FillOut;
export type MarketTrade = MarketTradeOut;
export type Overall = OverallOut;
export type Portfolio = PortfolioOut;
export type Position = PositionOut;
export type Signal = SignalDetailOut;
export type Snapshot = SnapshotOut;
export type Step = StepOut;
export type StrategyState = StrategyStateOut;
export type Summary = SummaryOut;
export type SummaryStatus = SummaryOut["status"];
export type Token = TokenOut;
export type TokenGroup = TokenGroupOut;
export type Trade = TradeOut;
export type Volume = VolumeOut;
export type Wallet = WalletOut;

export type Frame = ServerFrame;
export type FrameData<Type extends Frame["type"]> = Extract<
  Frame,
  { type: Type; data: object }
>["data"];

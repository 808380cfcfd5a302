import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { barsQuery } from "@/api/candles";
import { useLive, watchToken } from "@/api/live";
import { RequestFailed } from "@/api/problem";
import { signedIn, tradeQuery } from "@/api/queries";
import { useShown } from "@/api/shown";
import { own } from "@/lib/own";
import { useWallet } from "@/lib/session";
import { BarStore } from "./bar-store";
import { markOfFill } from "./marks";
import { chooseTimeframe, useTimeframe } from "./timeframe";

const REFUSED = 422;

/** Everything that the chart has to ask for: candles, and a chosen trade's fills. */
export function useChartData() {
  const wallet = useWallet();
  const shown = useShown();
  const [store] = useState(() => new BarStore());
  const epoch = useLive((state) => state.epoch);
  const stage = useLive((state) => state.stage?.address ?? null);
  const address = shown.token?.address ?? null;
  const chosen = useTimeframe();
  const isConnected = address !== null && epoch > 0;
  const candles = useQuery({
    ...barsQuery(address ?? "", chosen, epoch),
    enabled: isConnected,
  });
  const trade = useQuery({
    ...tradeQuery(wallet, shown.trade ?? 0),
    enabled: shown.trade !== null && signedIn(wallet),
  });

  useEffect(() => store.follow(), [store]);

  // The platform sends the stage's candles by itself; others have to be asked for.
  const isWatched = isConnected && address !== stage;
  useEffect(
    () => (isWatched && address !== null ? watchToken(address) : undefined),
    [isWatched, address],
  );

  useEffect(() => {
    if (address !== null && candles.data) store.adopt(address, candles.data);
  }, [store, address, candles.data]);

  // Remembered from a platform that had finer candles.
  const isRefused = candles.error instanceof RequestFailed && candles.error.status === REFUSED;
  useEffect(() => {
    if (isRefused) chooseTimeframe(null);
  }, [isRefused]);

  const fills = trade.data?.fills;
  const marks = useMemo(() => fills?.map(markOfFill) ?? [], [fills]);
  const isHere = useStore(store.state, (now) => now.token === address && now.bars !== null);
  const isEmpty = useStore(store.state, (now) => now.bars === null || now.bars.bars.length === 0);
  const isTraded = useLive(
    (state) => address !== null && Boolean(own(state.fills, address)?.length),
  );
  return { shown, address, store, candles, marks, isHere, isEmpty, isTraded, epoch };
}

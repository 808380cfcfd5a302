import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { adoptCandles, useLive, watchToken } from "@/api/live";
import { candlesQuery, signedIn, tradeQuery } from "@/api/queries";
import { useShown } from "@/api/shown";
import { useWallet } from "@/lib/session";
import { markOfFill } from "./marks";

/** Everything that the chart has to ask for: a chosen token's candles and a chosen trade's fills. */
export function useChartData() {
  const wallet = useWallet();
  const shown = useShown();
  const epoch = useLive((state) => state.epoch);
  const stage = useLive((state) => state.stage?.address ?? null);
  const address = shown.token?.address ?? null;
  // The platform sends the stage's candles by itself; others have to be asked for.
  const isAskedFor = address !== null && address !== stage && epoch > 0;
  const candles = useQuery({ ...candlesQuery(address ?? "", epoch), enabled: isAskedFor });
  const trade = useQuery({
    ...tradeQuery(wallet, shown.trade ?? 0),
    enabled: shown.trade !== null && signedIn(wallet),
  });

  useEffect(
    () => (isAskedFor && address !== null ? watchToken(address) : undefined),
    [isAskedFor, address],
  );

  useEffect(() => {
    if (address !== null && candles.data) adoptCandles(address, candles.data);
  }, [address, candles.data]);

  const fills = trade.data?.fills;
  const marks = useMemo(() => fills?.map(markOfFill) ?? [], [fills]);
  const isEmpty = useLive((state) => address === null || !state.series[address]?.candles.length);
  const isTraded = useLive((state) => address !== null && Boolean(state.fills[address]?.length));
  return { shown, address, candles, marks, isEmpty, isAskedFor, isTraded };
}

import { useCallback } from "react";
import { useStore } from "zustand";
import { formatPrice, formatTokens } from "@/lib/format";
import { formatMoment } from "@/lib/time";
import { Twin, type TwinRow } from "@/ui/twin";
import type { BarStore } from "./bar-store";

const MOST = 200;
const headings = ["Time", "Open", "High", "Low", "Close", "Volume"];

/** The newest closed bars as a table; it changes when a bar closes, not with every price. */
export function BarTable({ store }: { store: BarStore }) {
  const key = useStore(store.state, ({ token, bars }) =>
    bars === null ? "" : `${token}/${bars.width}/${bars.bars.at(-1)?.time}`,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when there are others
  const rows = useCallback((): TwinRow[] => {
    const { bars } = store.state.getState();
    const closed = bars?.bars.slice(-MOST - 1, -1) ?? [];
    return closed.reverse().map(({ time, open, high, low, close, volume }) => ({
      key: time,
      cells: [
        formatMoment(1_000 * time),
        ...[open, high, low, close].map((price) => formatPrice(price)),
        formatTokens(volume),
      ],
    }));
  }, [store, key]);
  return (
    <Twin
      title="Candles as a table"
      headings={headings}
      rows={rows}
      className="max-h-72 xl:max-h-40"
    />
  );
}

import { Download } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Backtest } from "@/api/research";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Segments } from "@/ui/segments";
import { VirtualTable } from "@/ui/virtual-table";
import { coarserThan, fitting } from "./chunks";
import { save } from "./save";
import { SelectedTrade } from "./selected-trade";
import { TradeChart } from "./trade-chart";
import { tradeColumns } from "./trade-columns";
import { csvOf, type NumberedTrade, numbered } from "./trades";

interface Looked {
  token: string;
  timeframe: string;
}

interface ChartCardProps {
  run: Backtest;
  trades: NumberedTrade[];
  selected: NumberedTrade | null;
  looked: Looked;
  onLook: (looked: Partial<Looked>) => void;
}

function ChartCard({ run, trades, selected, looked, onLook }: ChartCardProps) {
  const used = run.tokens.find((it) => it.token.address === looked.token) ?? run.tokens[0];
  if (!used) return null;
  const tokens = run.tokens.map((it) => ({
    value: it.token.address,
    title: cleanText(it.token.symbol ?? it.token.address, 24),
  }));
  const frames = coarserThan(used.timeframe).map((it) => ({ value: it as string, title: it }));
  const timeframe = looked.timeframe || used.timeframe;
  return (
    <Card
      title={`${cleanText(used.token.symbol ?? used.token.address, 24)}, ${timeframe}`}
      actions={
        <div className="flex flex-wrap justify-end gap-2">
          {tokens.length > 1 && (
            <Segments
              label="Token"
              value={used.token.address}
              onChange={(token) => onLook({ token })}
              options={tokens}
              wraps
            />
          )}
          <Segments
            label="Candles of"
            value={timeframe}
            onChange={(next) => onLook({ timeframe: next })}
            options={frames}
            wraps
          />
        </div>
      }
    >
      <TradeChart
        key={`${used.token.address}/${timeframe}`}
        used={used}
        timeframe={timeframe}
        trades={trades}
        selected={selected}
      />
      <footer className="flex flex-wrap items-center justify-between gap-x-4 border-line border-t px-3 py-1.5 text-sm">
        {selected ? (
          <SelectedTrade trade={selected} />
        ) : (
          <span className="text-faint">Click a trade below to see it here.</span>
        )}
        <a
          href="https://www.tradingview.com/"
          target="_blank"
          rel="noreferrer"
          className="shrink-0 text-faint text-xs hover:text-text"
        >
          Charts by TradingView
        </a>
      </footer>
    </Card>
  );
}

/** A trade brings its own token and the finest candles in which all of it can be seen. */
function lookAt(run: Backtest, trade: NumberedTrade): Looked {
  const used = run.tokens.find((it) => it.token.address === trade.token.address);
  const timeframe = used?.timeframe ?? "";
  const end = trade.exit_time ?? used?.last ?? trade.entry_time;
  const from = parseTime(trade.entry_time);
  return { token: trade.token.address, timeframe: fitting(timeframe, from, parseTime(end)) };
}

/** Each trade, in the table and on the candles. */
export function TradesView({ run, name }: { run: Backtest; name: string }) {
  const trades = useMemo(() => numbered(run.trades), [run.trades]);
  const [number, setNumber] = useState<number | null>(null);
  const [looked, setLooked] = useState<Looked>({
    token: trades[0]?.token.address ?? run.tokens[0]?.token.address ?? "",
    timeframe: "",
  });
  const top = useRef<HTMLDivElement>(null);
  const selected = trades.find((trade) => trade.number === number) ?? null;
  const select = (trade: NumberedTrade) => {
    setNumber(trade.number);
    setLooked(lookAt(run, trade));
    top.current?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div ref={top} className="flex min-w-0 flex-col gap-3">
      <ChartCard
        run={run}
        trades={trades}
        selected={selected}
        looked={looked}
        onLook={(values) => setLooked((before) => ({ ...before, ...values }))}
      />
      <Card
        title={`Trades (${formatCount(trades.length)})`}
        actions={
          <Button
            size="small"
            disabled={trades.length === 0}
            onClick={() => save(csvOf(trades), `${name}-trades.csv`, "text/csv")}
          >
            <Download size={14} aria-hidden="true" />
            CSV
          </Button>
        }
      >
        {trades.length === 0 ? (
          <Empty title="No trade">
            Nothing was confirmed in this history, or a limit stood in the way of every entry.
          </Empty>
        ) : (
          <VirtualTable
            label="Trades of the run"
            columns={tradeColumns}
            rows={trades}
            keyOf={(trade) => trade.number}
            initial={{ column: "number", descending: false }}
            selected={number}
            onSelect={select}
            className="max-h-[32rem]"
          />
        )}
      </Card>
    </div>
  );
}

import type { ReactNode } from "react";
import type { Overall, Pair } from "@/api/wire";
import { formatChange, formatCount, formatPercent, formatPercentChange } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { Badge } from "@/ui/badge";
import { Change } from "@/ui/figures";
import { Scroller } from "@/ui/scroller";
import { wordsOf } from "./verdict";

const share = (value: number | null) => formatPercent(value === null ? null : 100 * value, 0);

const ratio = (value: number | null) => (value === null ? "–" : value.toFixed(2));

/** A figure's 95 % interval, where one can be told. */
function Interval({
  of,
  name,
  write,
}: {
  of: Overall;
  name: string;
  write: (it: number) => string;
}) {
  const interval = of.intervals[name];
  if (!interval) return null;
  return (
    <span className="num block text-faint text-xs">
      {write(interval.low)} to {write(interval.high)}
    </span>
  );
}

interface Row {
  title: string;
  cell: (of: Overall) => ReactNode;
}

const rows: Row[] = [
  { title: "Finished trades", cell: (of) => formatCount(of.trades) },
  { title: "P&L, SOL", cell: (of) => <Change value={of.net_pnl_sol} /> },
  { title: "Return", cell: (of) => <Change value={of.total_return_percent} unit="percent" /> },
  {
    title: "Win rate",
    cell: (of) => (
      <>
        {share(of.win_rate)}
        <Interval of={of} name="win_rate" write={share} />
      </>
    ),
  },
  {
    title: "P&L a trade, SOL",
    cell: (of) => (
      <>
        {formatChange(of.expectancy_sol)}
        <Interval of={of} name="expectancy_sol" write={formatChange} />
      </>
    ),
  },
  {
    title: "Profit factor",
    cell: (of) => (
      <>
        {ratio(of.profit_factor)}
        <Interval of={of} name="profit_factor" write={ratio} />
      </>
    ),
  },
  { title: "Deepest drawdown", cell: (of) => formatPercent(of.max_drawdown_percent) },
];

interface SpreadProps {
  title: string;
  of: { value: number; low: number; high: number } | null;
  write: (value: number) => string;
  missing: string;
}

function Spread({ title, of, write, missing }: SpreadProps) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-3">
      <dt className="text-muted">{title}</dt>
      <dd className="num">
        {of === null ? (
          <span className="text-faint">{missing}</span>
        ) : (
          <>
            <span className="font-medium">{write(of.value)}</span>
            <span className="text-faint text-sm">
              {" "}
              ({write(of.low)} to {write(of.high)})
            </span>
          </>
        )}
      </dd>
    </div>
  );
}

/** A shadow beside the wallet since the shadow began: figures, differences, verdict. */
export function PairTable({ pair }: { pair: Pair }) {
  const words = wordsOf(pair);
  const name = cleanText(pair.name, 60);
  return (
    <section
      aria-label={`${name} beside mine`}
      className="flex min-w-0 flex-col gap-2 border-line border-t px-3 py-3 sm:px-4"
    >
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="font-semibold">{name}</span>
        <Badge tone={words.tone}>{words.title}</Badge>
        <span className="text-muted text-sm">{words.more}.</span>
      </p>
      <Scroller label={`Figures of ${name} and mine`}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-line border-b text-muted">
              <th scope="col" className="py-1 pr-2 text-left font-medium">
                Since it began
              </th>
              <th scope="col" className="py-1 pr-2 text-right font-medium">
                Mine
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Shadow
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ title, cell }) => (
              <tr key={title} className="border-line border-b align-top last:border-b-0">
                <th scope="row" className="py-1 pr-2 text-left font-normal text-muted">
                  {title}
                </th>
                <td className="num py-1 pr-2 text-right">{cell(pair.wallet)}</td>
                <td className="num py-1 text-right">{cell(pair.shadow)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <dl className="text-sm">
        <Spread
          title="Difference a day, 95 % interval"
          of={pair.daily_return_percent}
          write={(value) => formatPercentChange(value, 2)}
          missing="after 10 days"
        />
        <Spread
          title="Difference a trade, SOL"
          of={pair.trade_pnl_sol}
          write={formatChange}
          missing="after 10 days and 10 trades of both"
        />
      </dl>
    </section>
  );
}

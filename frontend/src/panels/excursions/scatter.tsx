import { formatPercent, formatPercentChange } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { marksTo, type Seen } from "./scale";

interface ScatterProps {
  seen: Seen[];
  onOpen: (trade: number) => void;
}

const WHOLE = 100;

interface Axes {
  worst: number[];
  best: number[];
}

/** Left to right from the deepest fall to none, bottom to top from no rise to the highest. */
function placeOf({ worst, best }: Seen, axes: Axes): { x: number; y: number } {
  const [deepest, highest] = [axes.worst.at(-1) ?? 1, axes.best.at(-1) ?? 1];
  return { x: WHOLE * (1 + worst / deepest), y: WHOLE * (1 - best / highest) };
}

function Dot({ seen, axes, onOpen }: { seen: Seen; axes: Axes } & Pick<ScatterProps, "onOpen">) {
  const { trade, worst, best } = seen;
  const { x, y } = placeOf(seen, axes);
  const won = trade.pnl_percent > 0;
  const name = cleanText(trade.token.symbol ?? trade.token.address, 24);
  const about = `${name}: ${formatPercentChange(trade.pnl_percent)}, was between ${formatPercentChange(worst)} and ${formatPercentChange(best)}`;
  const shared = { className: "cursor-pointer", onClick: () => onOpen(trade.trade_id) };
  return won ? (
    <circle cx={`${x}%`} cy={`${y}%`} r={4} {...shared} className="cursor-pointer fill-up/70">
      <title>{about}</title>
    </circle>
  ) : (
    <rect
      x={`${x}%`}
      y={`${y}%`}
      width={7}
      height={7}
      transform="translate(-3.5 -3.5)"
      {...shared}
      className="cursor-pointer fill-surface stroke-2 stroke-down"
    >
      <title>{about}</title>
    </rect>
  );
}

function Grid({ axes }: { axes: Axes }) {
  const [deepest, highest] = [axes.worst.at(-1) ?? 1, axes.best.at(-1) ?? 1];
  return (
    <g className="stroke-line">
      {axes.worst.map((mark) => {
        const x = `${WHOLE * (1 - mark / deepest)}%`;
        return <line key={mark} x1={x} x2={x} y1="0%" y2="100%" />;
      })}
      {axes.best.map((mark) => {
        const y = `${WHOLE * (1 - mark / highest)}%`;
        return <line key={mark} x1="0%" x2="100%" y1={y} y2={y} />;
      })}
    </g>
  );
}

function Labels({ axes }: { axes: Axes }) {
  const [deepest, highest] = [axes.worst.at(-1) ?? 1, axes.best.at(-1) ?? 1];
  const label = "num absolute text-faint text-xs";
  return (
    <div aria-hidden="true">
      {axes.best.map((mark) => (
        <span
          key={`best ${mark}`}
          className={`${label} -left-2 -translate-x-full translate-y-1/2`}
          style={{ bottom: `${(WHOLE * mark) / highest}%` }}
        >
          {formatPercent(mark, 0)}
        </span>
      ))}
      {axes.worst.map((mark) => (
        <span
          key={`worst ${mark}`}
          className={`${label} top-full -translate-x-1/2 pt-1.5`}
          style={{ left: `${WHOLE * (1 - mark / deepest)}%` }}
        >
          {formatPercent(mark === 0 ? 0 : -mark, 0)}
        </span>
      ))}
    </div>
  );
}

/** Each trade by how far it fell and rose while it was open; the table below says the same. */
export function Scatter({ seen, onOpen }: ScatterProps) {
  const axes = {
    worst: marksTo(Math.max(...seen.map(({ worst }) => -worst))),
    best: marksTo(Math.max(...seen.map(({ best }) => best))),
  };
  return (
    <div className="px-3 pt-3 pb-2">
      <p className="pb-2 text-muted text-xs">Best on the way ↑</p>
      <div className="relative mr-4 mb-7 ml-12 h-72">
        <Labels axes={axes} />
        <svg
          role="img"
          aria-label="Best and worst unrealised return of each trade"
          className="size-full overflow-visible"
        >
          <Grid axes={axes} />
          {seen.map((it) => (
            <Dot key={it.trade.trade_id} seen={it} axes={axes} onOpen={onOpen} />
          ))}
        </svg>
      </div>
      <p className="text-right text-muted text-xs">← Worst on the way</p>
    </div>
  );
}

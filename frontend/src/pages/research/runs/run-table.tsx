import { Link } from "@tanstack/react-router";
import { Trash2, X } from "lucide-react";
import { isGoing } from "@/api/research";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { IconButton } from "@/ui/button";
import { Change } from "@/ui/figures";
import { Progress } from "@/ui/progress";
import { Scroller } from "@/ui/scroller";
import { MOST_COMPARED } from "../places";
import { kindsInWords, titleOf, tokensOf } from "../titles";
import type { KindedRun } from "./filter";
import { StatusBadge } from "./status";
import { useCancel } from "./use-runs";

interface RunTableProps {
  runs: KindedRun[];
  picked: number[];
  onPick: (id: number, picked: boolean) => void;
  onDelete: (run: KindedRun) => void;
}

const headings: [string, string][] = [
  ["Run", "text-left"],
  ["Net P&L, SOL", "text-right"],
  ["Return", "text-right"],
  ["Max drawdown", "text-right"],
  ["Trades", "text-right"],
  ["Win rate", "text-right"],
  ["Profit factor", "text-right"],
  ["Sharpe", "text-right"],
  ["Asked for", "text-left"],
];

function Figures({ run }: { run: KindedRun }) {
  const figures = run.summary?.figures;
  if (!figures) {
    return (
      <td colSpan={7} className="px-3 py-2 text-faint text-sm">
        {run.error ? <span className="text-down">{run.error.detail}</span> : ""}
      </td>
    );
  }
  const cell = "num px-3 py-2 text-right";
  const { win_rate: won } = figures;
  return (
    <>
      <td className={cell}>
        <Change value={figures.net_pnl_sol} />
      </td>
      <td className={cell}>
        <Change value={figures.total_return_percent} unit="percent" />
      </td>
      <td className={cell}>{formatPercent(figures.max_drawdown_percent)}</td>
      <td className={cell}>{formatCount(figures.trades)}</td>
      <td className={cell}>{formatPercent(won === null ? null : 100 * won, 0)}</td>
      <td className={cell}>
        {formatNumber(figures.profit_factor && round(figures.profit_factor))}
      </td>
      <td className={cell}>{formatNumber(figures.sharpe && round(figures.sharpe))}</td>
    </>
  );
}

const round = (value: number) => Number(value.toFixed(2));

/** What is finished shows its figures and needs no word for it. */
function State({ run }: { run: KindedRun }) {
  if (run.status === "finished") return null;
  return (
    <span className="mt-1 flex items-center gap-2">
      <StatusBadge status={run.status} />
      {isGoing(run) && (
        <Progress
          label={`Progress of ${titleOf(run)}`}
          share={run.status === "running" ? run.progress : 0}
          className="max-w-40"
        />
      )}
    </span>
  );
}

function Name({ run }: { run: KindedRun }) {
  const many = run.summary?.combinations;
  return (
    <td className="max-w-52 px-3 py-2 sm:max-w-96">
      <Link
        to="/research"
        search={{ view: run.kind, id: run.id }}
        className="block truncate font-semibold hover:underline"
      >
        {titleOf(run)}
      </Link>
      <span className="block truncate text-muted text-sm">
        {kindsInWords[run.kind]}
        {many ? `, ${formatCount(many)} sets, figures of the best` : ""}, {tokensOf(run).join(", ")}
        {run.adopted_symbol && `, adopted for ${run.adopted_symbol}`}
      </span>
      <State run={run} />
    </td>
  );
}

function Row({ run, picked, onPick, onDelete }: RunTableProps & { run: KindedRun }) {
  const cancel = useCancel();
  const isPicked = picked.includes(run.id);
  const canCompare = run.kind === "backtest" && run.status === "finished";
  const title = titleOf(run);
  return (
    <tr className="border-line border-b last:border-b-0 hover:bg-hover">
      <td className="w-9 py-2 pl-3">
        {canCompare && (
          <input
            type="checkbox"
            aria-label={`Compare ${title}`}
            checked={isPicked}
            disabled={!isPicked && picked.length >= MOST_COMPARED}
            onChange={(event) => onPick(run.id, event.target.checked)}
            className="size-4 accent-accent-strong align-middle"
          />
        )}
      </td>
      <Name run={run} />
      <Figures run={run} />
      <td className="whitespace-nowrap px-3 py-2 text-muted">
        <Ago at={parseTime(run.created_at)} />
      </td>
      <td className="whitespace-nowrap pr-2 text-right">
        {isGoing(run) && (
          <IconButton label={`Cancel ${title}`} onClick={() => cancel.mutate(run)}>
            <X size={15} aria-hidden="true" />
          </IconButton>
        )}
        <IconButton label={`Delete ${title}`} onClick={() => onDelete(run)}>
          <Trash2 size={15} aria-hidden="true" />
        </IconButton>
      </td>
    </tr>
  );
}

export function RunTable(props: RunTableProps) {
  return (
    <Scroller label="List of runs">
      <table className="w-full" aria-label="Runs">
        <thead>
          <tr className="border-line border-b text-muted text-sm">
            <th scope="col" className="w-9">
              <span className="sr-only">Compare</span>
            </th>
            {headings.map(([title, side]) => (
              <th
                key={title}
                scope="col"
                className={`whitespace-nowrap px-3 py-2 font-medium ${side}`}
              >
                {title}
              </th>
            ))}
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.runs.map((run) => (
            <Row key={run.id} run={run} {...props} />
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

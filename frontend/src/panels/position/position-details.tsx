import type { ReactNode } from "react";
import { useLive } from "@/api/live";
import type { Position } from "@/api/wire";
import { useNow } from "@/lib/clock";
import { formatPercent, formatTokens } from "@/lib/format";
import { own } from "@/lib/own";
import { inWords } from "@/lib/reasons";
import { formatAge, formatDuration, parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { classes } from "@/ui/classes";
import { Definition } from "@/ui/definition";
import { Price, Sol } from "@/ui/figures";
import { type Freshness, freshnessOf } from "./age";
import { phases } from "./phases";
import { RangeBar } from "./range-bar";

const colours: Record<Freshness, string> = {
  fresh: "text-faint",
  ageing: "font-medium text-warn",
  old: "font-semibold text-down",
};
const warnings: Record<Freshness, string> = {
  fresh: "",
  ageing: " · slow",
  old: " · too old to trade on",
};

function PriceAge({ trade }: { trade: number }) {
  const at = useLive((state) => state.pricedAt[trade]);
  const age = Math.max(0, useNow() - (at ?? Date.now()));
  const freshness = freshnessOf(age);
  const text = formatAge(age);
  return (
    <span className={classes("num text-sm", colours[freshness])} title="How old the price is">
      {text === "now" ? text : `${text} ago`}
      {warnings[freshness]}
    </span>
  );
}

/** When the plan sells whatever is left. */
function Deadline({ at }: { at: number }) {
  const left = at - useNow();
  return left > 0 ? `in ${formatDuration(left)}` : "now";
}

interface RowProps {
  label: string;
  children: ReactNode;
  /** Takes both columns. */
  wide?: boolean;
}

function Row({ label, children, wide = false }: RowProps) {
  return (
    <div
      className={classes(
        "flex min-w-0 items-baseline justify-between gap-2 py-0.5",
        wide && "col-span-2",
      )}
    >
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="flex min-w-0 items-baseline justify-end gap-x-1.5 truncate">{children}</dd>
    </div>
  );
}

const faint = "num text-faint text-sm";

export function PositionDetails({ position }: { position: Position }) {
  const left = (100 * position.tokens) / position.initial_tokens;
  const { deadline } = position;
  return (
    <div className="flex flex-col gap-2">
      <RangeBar position={position} />
      <dl className="grid grid-cols-2 gap-x-5">
        <Row label="Price" wide>
          <PriceAge trade={position.trade_id} />
          <Price value={position.price} className="font-medium" />
        </Row>
        <Row label="Value">
          <Sol value={position.value} />
        </Row>
        <Row label="Cost">
          <Sol value={position.cost_basis} />
        </Row>
        <Row label="Size">
          {left < 99.95 && <span className={faint}>{formatPercent(left, 0)} of</span>}
          <span className="num">{formatTokens(position.initial_tokens)}</span>
        </Row>
        <Row label="Entry">
          <Price value={position.entry_price} />
        </Row>
        {position.sol_returned > 0 && (
          <Row label="Sold so far" wide>
            <Sol value={position.sol_returned} /> <span className={faint}>SOL</span>
          </Row>
        )}
        <Row label="Phase" wide>
          <Definition text={own(phases, position.phase) ?? inWords(position.phase)}>
            <Badge tone={position.phase === "INITIAL" ? "neutral" : "up"}>
              {inWords(position.phase)}
            </Badge>
          </Definition>
        </Row>
        <Row label="Opened" wide>
          <span className={faint}>by {inWords(position.strategy)}</span>
          <Ago at={parseTime(position.entry_time)} />
        </Row>
        {deadline !== null && (
          <Row label="Sold at the latest" wide>
            <span className="num">
              <Deadline at={parseTime(deadline)} />
            </span>
          </Row>
        )}
      </dl>
    </div>
  );
}

import type { ReactNode } from "react";
import { useLive } from "@/api/live";
import type { Position } from "@/api/wire";
import { useNow } from "@/lib/clock";
import { formatPercent, formatPercentChange, formatTokens } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { formatAge, parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { classes } from "@/ui/classes";
import { Price, Sol } from "@/ui/figures";
import { type Freshness, freshnessOf } from "./age";

const colours: Record<Freshness, string> = {
  fresh: "text-muted",
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
    <span className={classes("num text-sm", colours[freshness])}>
      {text === "now" ? text : `${text} ago`}
      {warnings[freshness]}
    </span>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3 py-0.5">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="flex min-w-0 flex-wrap items-baseline justify-end gap-x-2">{children}</dd>
    </div>
  );
}

const faint = "num text-faint text-sm";

function gainTo(price: number, from: number): string {
  return formatPercentChange(100 * (price / from - 1));
}

export function PositionDetails({ position }: { position: Position }) {
  const { next_tier: next, price } = position;
  const left = (100 * position.tokens) / position.initial_tokens;
  return (
    <dl>
      <Row label="Size">
        <span className="num">{formatTokens(position.tokens)}</span>
        {left < 99.95 && <span className={faint}>{formatPercent(left, 0)} left</span>}
      </Row>
      <Row label="Cost">
        <Sol value={position.cost_basis} /> <span className={faint}>SOL</span>
      </Row>
      <Row label="Value">
        <Sol value={position.value} /> <span className={faint}>SOL</span>
      </Row>
      {position.sol_returned > 0 && (
        <Row label="Sold so far">
          <Sol value={position.sol_returned} /> <span className={faint}>SOL</span>
        </Row>
      )}
      <Row label="Entry">
        <Price value={position.entry_price} />
      </Row>
      <Row label="Price">
        <PriceAge trade={position.trade_id} />
        <Price value={price} />
      </Row>
      <Row label="Stop">
        <span className={faint}>{gainTo(position.stop_loss_price, price)}</span>
        <Price value={position.stop_loss_price} />
      </Row>
      <Row label="Next target">
        {next === null ? (
          <span className="text-faint">all taken</span>
        ) : (
          <>
            <span className={faint}>
              {gainTo(next.price, price)}, sells {formatPercent(100 * next.portion, 0)}
            </span>
            <Price value={next.price} />
          </>
        )}
      </Row>
      <Row label="Phase">
        <Badge tone={position.phase === "INITIAL" ? "neutral" : "up"}>
          {inWords(position.phase)}
        </Badge>
      </Row>
      <Row label="Opened">
        <Ago at={parseTime(position.entry_time)} />
        <span className={faint}>{inWords(position.strategy)}</span>
      </Row>
    </dl>
  );
}

import type { ReactNode } from "react";
import type { Status } from "@/api/status";
import { formatCount, formatNumber } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { formatDuration, formatMoment, parseTime } from "@/lib/time";
import { Badge, type Tone } from "@/ui/badge";
import { Card } from "@/ui/card";
import { Age } from "./age";
import { priceLimits, timeOf } from "./health";
import { bytesInWords, formatDelay } from "./words";

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card title={title} className="flex flex-col px-3 py-2">
      {children}
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3 py-0.5">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="wrap-anywhere min-w-0 text-right">{children}</dd>
    </div>
  );
}

const faint = "text-faint text-sm";

const states: Record<Status["engine"]["state"], { tone: Tone; word: string }> = {
  running: { tone: "up", word: "runs" },
  failing: { tone: "down", word: "cannot write" },
  absent: { tone: "warn", word: "not here" },
  off: { tone: "neutral", word: "switched off" },
};

interface PartProps {
  status: Status;
  at: number;
}

export function EngineFacts({ status: { engine }, at }: PartProps) {
  const { tone, word } = states[engine.state];
  const perMinute = engine.commits_per_minute;
  return (
    <Facts title="Engine">
      <dl>
        <Fact label="State">
          <Badge tone={tone}>{word}</Badge>
        </Fact>
        {engine.detail !== null && <Fact label="Because">{cleanText(engine.detail, 120)}</Fact>}
        <Fact label="Since">{formatMoment(parseTime(engine.since))}</Fact>
        <Fact label="This process">{cleanText(engine.process, 80)}</Fact>
        <Fact label="In the inbox">{formatCount(engine.waiting)}</Fact>
        <Fact label="Inputs, last minute">{formatCount(engine.lag.inputs)}</Fact>
        <Fact label="Commits">
          {formatCount(engine.commits)}{" "}
          {perMinute !== null && (
            <span className={faint}>{formatNumber(Math.round(perMinute))} / min</span>
          )}
        </Fact>
        <Fact label="Failed batches">{formatCount(engine.failures)}</Fact>
        {engine.positions_set_aside > 0 && (
          <Fact label="Positions set aside">{formatCount(engine.positions_set_aside)}</Fact>
        )}
        {Object.keys(engine.strategies_failed).length > 0 && (
          <Fact label="Strategies that failed">
            {Object.keys(engine.strategies_failed).map(inWords).join(", ")}
          </Fact>
        )}
        <Fact label="Event loop late">at most {formatDelay(engine.loop_lag_ms)}</Fact>
      </dl>
      {engine.last_failure !== null && (
        <p className="wrap-anywhere mt-1 text-muted text-sm">
          <span className="text-faint">
            Last failure, <Age of={timeOf(engine.last_failure_at)} at={at} />:{" "}
          </span>
          {cleanText(engine.last_failure, 200)}
        </p>
      )}
    </Facts>
  );
}

interface MarketProps extends PartProps {
  nameOf: (token: string) => string;
}

export function MarketFacts({ status: { prices, screening }, at, nameOf }: MarketProps) {
  const failed = Object.entries(screening.failed).sort(([, one], [, other]) => other - one);
  const missing = prices.tokens - prices.heard;
  return (
    <Facts title="Market">
      <dl>
        <Fact label="Tokens followed">
          {formatCount(prices.tokens)}{" "}
          {missing > 0 && <span className={faint}>{formatCount(missing)} without a price</span>}
        </Fact>
        <Fact label="Oldest price">
          <Age
            of={timeOf(prices.oldest?.at ?? null)}
            at={at}
            limits={priceLimits(prices.every_seconds)}
            none="none"
          />{" "}
          {prices.oldest && <span className={faint}>{nameOf(prices.oldest.token_address)}</span>}
        </Fact>
        <Fact label="Asked">every {formatNumber(prices.every_seconds)} s</Fact>
        <Fact label="Single wicks held back">{formatCount(prices.suspect)}</Fact>
        <Fact label="Candles refused">{formatCount(prices.refused)}</Fact>
        <Fact label="Signals screened">{formatCount(screening.screened)}</Fact>
        {failed.map(([reason, count]) => (
          <Fact key={reason} label={cleanText(inWords(reason), 60)}>
            {formatCount(count)}
          </Fact>
        ))}
      </dl>
    </Facts>
  );
}

/** What the nightly audit came to. */
function auditInWords({ hour, last }: Status["audit"]): ReactNode {
  if (last === null) return hour === null ? "switched off" : "none yet";
  if (last.error !== null) return <span className="text-warn">came to no end</span>;
  if (last.faults > 0) {
    return <span className="font-semibold text-down">{formatCount(last.faults)} faults</span>;
  }
  return "no fault";
}

function AuditFacts({ audit }: { audit: Status["audit"] }) {
  const { last } = audit;
  return (
    <>
      <Fact label="Last audit">
        {auditInWords(audit)}{" "}
        {last && <span className={faint}>{formatMoment(parseTime(last.at))}</span>}
      </Fact>
      {last && last.error === null && (
        <Fact label="Chain of events">
          {last.chain_ok ? (
            <span title={last.chain_head}>{formatCount(last.chain_events)} hold</span>
          ) : (
            <span className="font-semibold text-down">broken</span>
          )}
        </Fact>
      )}
    </>
  );
}

export function RecordFacts({
  status: { database, bus, replays, audit, backup },
}: {
  status: Status;
}) {
  const { equal, different, unchecked, waiting } = replays;
  return (
    <Facts title="Record">
      <dl>
        <Fact label="Database">
          {database.title} {database.version ?? "–"}
        </Fact>
        <Fact label="State">
          <Badge tone={database.ok ? "up" : "down"}>
            {database.ok ? "answers" : "does not answer"}
          </Badge>
        </Fact>
        <Fact label="News travels">in this process</Fact>
        <Fact label="Redis">{bus.redis_configured ? "set, but not used" : "not used"}</Fact>
        <Fact label="Replays equal">
          {formatCount(equal)} <span className={faint}>of {formatCount(equal + different)}</span>
        </Fact>
        <Fact label="Replays different">
          <span className={different > 0 ? "font-semibold text-down" : undefined}>
            {formatCount(different)}
          </span>
        </Fact>
        <Fact label="Cannot be replayed">{formatCount(unchecked)}</Fact>
        <Fact label="Still to replay">{formatCount(waiting)}</Fact>
        <AuditFacts audit={audit} />
        <Fact label="Last backup">
          {backup.last_at === null ? (
            <span className={faint}>{backup.every_hours > 0 ? "none yet" : "switched off"}</span>
          ) : (
            <span title={backup.file ?? undefined}>{formatMoment(parseTime(backup.last_at))}</span>
          )}
        </Fact>
      </dl>
      <p className="mt-auto pt-2 text-faint text-sm">
        <code className="font-mono">python -m app audit</code> proves every balance from the record.
      </p>
    </Facts>
  );
}

export function ProcessFacts({ status: { process } }: { status: Status }) {
  return (
    <Facts title="Process">
      <dl>
        <Fact label="Auto Trader">{process.version}</Fact>
        <Fact label="Python">{process.python}</Fact>
        <Fact label="System">{cleanText(process.system, 80)}</Fact>
        <Fact label="Started">{formatMoment(parseTime(process.started_at))}</Fact>
        <Fact label="Running for">{formatDuration(1_000 * process.uptime_seconds)}</Fact>
        <Fact label="Memory">
          {process.memory_bytes === null ? "not known" : bytesInWords(process.memory_bytes)}
        </Fact>
        <Fact label="WebSockets">{formatCount(process.sockets)}</Fact>
      </dl>
    </Facts>
  );
}

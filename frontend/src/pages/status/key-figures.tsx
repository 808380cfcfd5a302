import type { ReactNode } from "react";
import type { Status } from "@/api/status";
import { formatDuration } from "@/lib/time";
import { classes } from "@/ui/classes";
import { Age, colours } from "./age";
import { type Level, levelOf, limits, priceLimits, timeOf } from "./health";
import { formatDelay } from "./words";

interface FigureProps {
  label: string;
  level?: Level;
  /** Small, below. */
  about?: ReactNode;
  children: ReactNode;
}

function Figure({ label, level = "good", about, children }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 py-2">
      <dt className="truncate text-muted text-sm">{label}</dt>
      <dd className="flex min-w-0 flex-col">
        <span className={classes("num font-semibold text-lg", colours[level])}>{children}</span>
        <span className="truncate text-faint text-sm">{about ?? " "}</span>
      </dd>
    </div>
  );
}

interface KeyFiguresProps {
  status: Status;
  at: number;
  nameOf: (token: string) => string;
}

/** The six numbers that tell most. */
export function KeyFigures({ status, at, nameOf }: KeyFiguresProps) {
  const { engine, prices, services, database, process } = status;
  const { mean_ms, longest_ms } = engine.lag;
  const signals = services.find((it) => it.name === "signals");
  const trip = database.round_trip_ms;
  return (
    <dl
      aria-label="Key figures"
      className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-3 lg:grid-cols-6"
    >
      <Figure
        label="Into the record"
        level={levelOf(mean_ms ?? 0, limits.lag)}
        about={`at most ${formatDelay(longest_ms)}`}
      >
        {mean_ms === null ? "–" : formatDelay(mean_ms)}
      </Figure>
      <Figure
        label="Last commit"
        about={engine.waiting === 0 ? "nothing waits" : `${engine.waiting} wait`}
      >
        <Age of={timeOf(engine.last_commit_at)} at={at} none="none yet" />
      </Figure>
      <Figure
        label="Oldest price"
        about={prices.oldest ? nameOf(prices.oldest.token_address) : "no token is watched"}
      >
        <Age
          of={timeOf(prices.oldest?.at ?? null)}
          at={at}
          limits={priceLimits(prices.every_seconds)}
          none="–"
        />
      </Figure>
      <Figure
        label="Last signal"
        level={signals?.connected === false ? "bad" : "good"}
        about={signals?.connected ? "connected" : "not connected"}
      >
        <Age of={timeOf(signals?.last_signal_at ?? null)} at={at} none="none yet" />
      </Figure>
      <Figure
        label="Database answers in"
        level={trip === null ? "bad" : levelOf(trip, limits.database)}
        about={`${database.title} ${database.version ?? ""}`}
      >
        {trip === null ? "no answer" : formatDelay(trip)}
      </Figure>
      <Figure
        label="Running for"
        about={process.sockets === 1 ? "1 page connected" : `${process.sockets} pages connected`}
      >
        {formatDuration(1_000 * process.uptime_seconds)}
      </Figure>
    </dl>
  );
}

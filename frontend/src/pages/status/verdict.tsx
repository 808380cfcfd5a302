import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { RequestFailed } from "@/api/problem";
import type { Status } from "@/api/status";
import { cleanText } from "@/lib/text";
import { formatAge, formatClock, formatDuration, formatFull, parseTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { classes } from "@/ui/classes";
import type { Finding, Health, Level } from "./health";
import { formatDelay } from "./words";

const looks = {
  good: { Icon: CircleCheck, colour: "text-up", edge: "border-l-up" },
  warn: { Icon: TriangleAlert, colour: "text-warn", edge: "border-l-warn" },
  bad: { Icon: CircleX, colour: "text-down", edge: "border-l-down" },
};

interface BannerProps {
  level: Level;
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

function Banner({ level, title, actions, children }: BannerProps) {
  const { Icon, colour, edge } = looks[level];
  return (
    <section
      aria-label="Health"
      className={classes("rounded-lg border border-line border-l-4 bg-surface p-3 sm:p-4", edge)}
    >
      <div className="flex items-start gap-3">
        <Icon size={24} aria-hidden="true" className={classes("mt-px shrink-0", colour)} />
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <h2 className="font-semibold text-xl">
              <span role="status">{title}</span>
            </h2>
            {actions}
          </div>
          {children}
        </div>
      </div>
    </section>
  );
}

function Since({ since, at }: { since: number; at: number }) {
  return (
    <time
      dateTime={new Date(since).toISOString()}
      title={formatFull(since)}
      className="num text-muted text-sm"
    >
      since {formatClock(since)}, {formatAge(Math.max(0, at - since))}
    </time>
  );
}

function Row({ finding, at }: { finding: Finding; at: number }) {
  const { Icon, colour } = looks[finding.level];
  return (
    <li className="flex items-start gap-2">
      <Icon size={16} aria-hidden="true" className={classes("mt-0.5 shrink-0", colour)} />
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="wrap-anywhere font-medium">{cleanText(finding.what, 300)}</span>
          {finding.since !== null && <Since since={finding.since} at={at} />}
        </p>
        <p className="text-muted">{finding.means}</p>
      </div>
    </li>
  );
}

/** "Signals and prices come in…": what "everything" is. */
function summaryOf({ engine, process }: Status): string {
  const up = formatDuration(1_000 * process.uptime_seconds);
  const { mean_ms } = engine.lag;
  const lag = mean_ms === null ? "" : `, on average ${formatDelay(mean_ms)} after it came in`;
  return `Signals and prices come in, and whatever the engine decides is in the record${lag}. Running for ${up}.`;
}

interface VerdictProps {
  health: Health;
  status: Status;
  at: number;
}

/** The one glance. */
export function Verdict({ health, status, at }: VerdictProps) {
  const age = formatAge(Math.max(0, at - parseTime(status.at)));
  const checked = (
    <span className="num text-faint text-sm">
      Checked {age === "now" ? "just now" : `${age} ago`}
    </span>
  );
  return (
    <Banner level={health.level} title={health.title} actions={checked}>
      {health.findings.length === 0 ? (
        <p className="text-muted">{summaryOf(status)}</p>
      ) : (
        <ul className="mt-1 flex flex-col gap-2">
          {health.findings.map((finding) => (
            <Row key={finding.what} finding={finding} at={at} />
          ))}
        </ul>
      )}
    </Banner>
  );
}

interface SilenceProps {
  error: Error;
  /** When it last answered, Unix milliseconds of this device. */
  since: number;
  onRetry: () => void;
  isAsking: boolean;
}

/** The platform does not answer: what that means, and that it is asked on. */
export function Silence({ error, since, onRetry, isAsking }: SilenceProps) {
  return (
    <Banner
      level="bad"
      title="The platform does not answer"
      actions={
        <Button size="small" onClick={onRetry} busy={isAsking}>
          Ask now
        </Button>
      }
    >
      {error instanceof RequestFailed && error.status > 0 && <p>{cleanText(error.message, 300)}</p>}
      <p>Its last answer came at {formatClock(since)}; it is asked again every few seconds.</p>
      <p className="text-muted">
        If only your link is broken, it trades on without you. If it has stopped, nothing is bought
        or sold, stops included, until it runs again; then it goes on from its record.
      </p>
    </Banner>
  );
}

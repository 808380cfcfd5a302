import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useMemo } from "react";
import { calendarQuery, type Day } from "@/api/analytics";
import { formatCount } from "@/lib/format";
import { layMonth, monthOf, monthsAfter, type Sum } from "@/lib/month";
import { zoneName } from "@/lib/preferences";
import { useProfile } from "@/lib/profile";
import { useWallet } from "@/lib/session";
import { dayOf, formatTime, startOfDay } from "@/lib/time";
import { Button, IconButton } from "@/ui/button";
import { CalendarMonth } from "@/ui/calendar-month";
import { Card } from "@/ui/card";
import { ExportMenu } from "@/ui/export-menu";
import { Failure } from "@/ui/failure";
import { Change } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";

const plural = (count: number, one: string) =>
  `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;

/** What the month came to; where nothing ended, what will stand here. */
function Total({ sum, hasTraded }: { sum: Sum; hasTraded: boolean }) {
  if (sum.days === 0) {
    return (
      <p className="text-muted text-sm">
        {hasTraded
          ? "No trade ended in this month."
          : "A day gets its result with the first trade that ends on it."}
      </p>
    );
  }
  return (
    <p className="num flex flex-wrap items-baseline gap-x-4 gap-y-1 text-muted text-sm">
      <span className="flex items-baseline gap-1.5">
        <Change value={sum.pnl} className="font-semibold text-lg" />
        SOL
      </span>
      <span>{plural(sum.trades, "trade")}</span>
      <span>
        {formatCount(sum.wins)} won, {formatCount(sum.losses)} lost
      </span>
      <span>
        {sum.green} of {plural(sum.days, "day")} in profit
      </span>
    </p>
  );
}

interface SwitchProps {
  title: string;
  month: string;
  newest: string;
  onChange: (month: string) => void;
}

function MonthSwitch({ title, month, newest, onChange }: SwitchProps) {
  return (
    <div className="flex items-center gap-1">
      <h3 className="mr-1 font-medium">{title}</h3>
      {month !== newest && (
        <Button size="small" look="quiet" onClick={() => onChange(newest)}>
          This month
        </Button>
      )}
      <IconButton label="Month before" onClick={() => onChange(monthsAfter(month, -1))}>
        <ChevronLeft size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label="Month after"
        disabled={month >= newest}
        onClick={() => onChange(monthsAfter(month, 1))}
        className="disabled:cursor-not-allowed disabled:opacity-40"
      >
        <ChevronRight size={16} aria-hidden="true" />
      </IconButton>
    </div>
  );
}

function MonthOfDays({ days }: { days: Day[] }) {
  const { search, show, openTrades } = useProfile();
  const today = dayOf(Date.now());
  const newest = monthOf(today);
  const month = search.month ?? newest;
  const title = formatTime(startOfDay(`${month}-01`) ?? 0, { month: "long", year: "numeric" });
  const results = useMemo(() => new Map(days.map((it) => [it.day, it])), [days]);
  const laid = useMemo(() => layMonth(month, results), [month, results]);
  const open = (next: string, replace: boolean) =>
    show({ month: next === newest ? undefined : next }, { replace });
  return (
    <div className="flex flex-col gap-2 p-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <MonthSwitch
          title={title}
          month={month}
          newest={newest}
          onChange={(next) => open(next, false)}
        />
        <Total sum={laid.sum} hasTraded={days.length > 0} />
      </div>
      <CalendarMonth
        label={`P&L by day, ${title}`}
        month={laid}
        today={today}
        onOpen={(day) => openTrades({ status: "finished", from: day, to: day, ended: true })}
        onMonth={(next) => open(next, true)}
      />
      <p className="text-faint text-xs">
        Choose a day to see its trades. The deeper the colour, the larger the gain or loss within
        the month. Days begin at midnight, {zoneName()}.
      </p>
    </div>
  );
}

export function Calendar() {
  const query = useQuery(calendarQuery(useWallet()));
  return (
    <Card
      title="P&L calendar, SOL"
      actions={<ExportMenu name="per-day" filters={{ zone: zoneName() }} />}
    >
      {query.isPending && <Skeleton label="The calendar loads" rows={8} />}
      {query.isError && !query.data && (
        <Failure
          title="Your calendar could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data && <MonthOfDays days={query.data} />}
    </Card>
  );
}

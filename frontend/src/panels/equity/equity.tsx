import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useLive } from "@/api/live";
import { equityQuery, type Resolution } from "@/api/queries";
import { useWallet } from "@/lib/session";
import { themes } from "@/lib/theme";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Segments } from "@/ui/segments";
import { Skeleton } from "@/ui/skeleton";
import { Drawing } from "./drawing";
import { type Lines, linesOf, withNow } from "./points";

const FEWEST_POINTS = 2;
const resolutions: { value: Resolution; title: string }[] = [
  { value: "1m", title: "Minutes" },
  { value: "1h", title: "Hours" },
  { value: "1d", title: "Days" },
];

function EquityChart({ lines }: { lines: Lines }) {
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  useEffect(() => {
    if (container.current === null) return;
    const made = new Drawing(container.current);
    drawing.current = made;
    const unsubscribe = themes.subscribe(() => made.recolour());
    return () => {
      unsubscribe();
      made.remove();
    };
  }, []);
  useEffect(() => drawing.current?.show(lines), [lines]);
  return <div ref={container} role="img" aria-label="Equity and drawdown" className="h-full" />;
}

export function Equity() {
  const [resolution, setResolution] = useState<Resolution>("1m");
  const query = useQuery(equityQuery(useWallet(), resolution));
  const value = useLive((state) => state.portfolio?.total_value ?? null);
  const lines = useMemo(() => (query.data ? linesOf(query.data) : null), [query.data]);
  const shown = useMemo(() => lines && withNow(lines, value, Date.now()), [lines, value]);
  const isEnough = shown !== null && shown.equity.length >= FEWEST_POINTS;
  return (
    <Card
      title="Equity and drawdown, SOL"
      actions={
        <Segments
          label="Resolution"
          value={resolution}
          onChange={setResolution}
          options={resolutions}
        />
      }
    >
      <div className="h-80">
        {query.isPending && <Skeleton label="Equity loads" rows={8} />}
        {query.isError && !lines && (
          <Failure
            title="Your equity could not be loaded"
            error={query.error}
            onRetry={query.refetch}
            busy={query.isFetching}
          />
        )}
        {shown !== null && !isEnough && (
          <Empty title="Not enough to draw yet">
            Your wallet's worth is marked every minute; the line starts with the second mark.
          </Empty>
        )}
        {shown !== null && isEnough && <EquityChart lines={shown} />}
      </div>
    </Card>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { equityWithinQuery } from "@/api/analytics";
import { useLive } from "@/api/live";
import { type Resolution, walletQuery } from "@/api/queries";
import { formatPercent } from "@/lib/format";
import { useProfile } from "@/lib/profile";
import { useWallet } from "@/lib/session";
import { formatMoment, parseTime } from "@/lib/time";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { ExportMenu } from "@/ui/export-menu";
import { Failure } from "@/ui/failure";
import { Sol } from "@/ui/figures";
import { Segments } from "@/ui/segments";
import { Skeleton } from "@/ui/skeleton";
import { Twin } from "@/ui/twin";
import { EquityChart } from "./equity-chart";
import { type Lines, linesOf, thinned, withNow } from "./points";
import { usualResolution } from "./resolution";

const FEWEST_POINTS = 2;
const TWIN_ROWS = 200;
const resolutions: { value: Resolution; title: string }[] = [
  { value: "1m", title: "Minutes" },
  { value: "1h", title: "Hours" },
  { value: "1d", title: "Days" },
];

function EquityTable({ lines }: { lines: Lines }) {
  const rows = thinned(lines, TWIN_ROWS).map(({ time, value, drawdown }) => ({
    key: time,
    cells: [
      formatMoment(time * 1000),
      <Sol key="value" value={value} />,
      formatPercent(Math.abs(drawdown), 2),
    ],
  }));
  return (
    <Twin
      title="Equity and drawdown as a table"
      headings={["Time", "Value, SOL", "Below its highest"]}
      rows={rows}
    />
  );
}

export function Equity() {
  const wallet = useWallet();
  const { search, within, show } = useProfile();
  const owner = useQuery(walletQuery(wallet));
  const now = Date.now();
  const usual = usualResolution(within, owner.data?.created_at, now);
  const resolution = search.resolution ?? usual;
  const query = useQuery(equityWithinQuery(wallet, resolution, within));
  const reachesNow = within.to === undefined || parseTime(within.to) > now;
  const value = useLive((state) => (reachesNow ? (state.portfolio?.total_value ?? null) : null));
  const lines = useMemo(() => (query.data ? linesOf(query.data) : null), [query.data]);
  const shown = useMemo(() => lines && withNow(lines, value, Date.now()), [lines, value]);
  const isEnough = shown !== null && shown.equity.length >= FEWEST_POINTS;
  return (
    <Card
      title="Equity, SOL"
      actions={
        <div className="flex items-center gap-2">
          <Segments
            label="Resolution"
            value={resolution}
            onChange={(chosen) => show({ resolution: chosen }, { replace: true })}
            options={resolutions}
          />
          <ExportMenu name="equity" filters={{ resolution, ...within }} />
        </div>
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
          <Empty title={reachesNow ? "Not enough to draw yet" : "Nothing was marked in this time"}>
            {reachesNow
              ? "Your wallet's worth is marked every minute; the line starts with the second mark."
              : "Choose another time above, or all of it."}
          </Empty>
        )}
        {shown !== null && isEnough && <EquityChart lines={shown} />}
      </div>
      {shown !== null && isEnough && <EquityTable lines={shown} />}
    </Card>
  );
}

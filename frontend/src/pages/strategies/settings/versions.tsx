import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Wishes } from "@/api/ground";
import { ANY_SYMBOL, versionsQuery } from "@/api/settings";
import type { Effective, Version } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { type Difference, differencesOf, inShort } from "@/lib/settings/diff";
import { draftOf, effectiveOf } from "@/lib/settings/draft";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Dialog } from "@/ui/dialog";
import { DiffTable } from "@/ui/diff-table";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";

interface VersionsProps {
  symbol: string;
  wishes: Wishes;
  onRevert: (version: Version) => void;
}

/** What a version came to; a removed one follows every token, or the platform's own. */
function effectiveIn(version: Version | undefined, symbol: string, wishes: Wishes): Effective {
  const { ground, settings } = wishes;
  if (version?.settings) return effectiveOf(draftOf(version.settings, ground), ground);
  if (symbol === ANY_SYMBOL) return ground.standard;
  return settings[ANY_SYMBOL]?.effective ?? ground.standard;
}

function VersionRow({
  version,
  isNow,
  changes,
  onCompare,
  onRevert,
}: {
  version: Version;
  isNow: boolean;
  changes: Difference[];
  onCompare: () => void;
  onRevert: () => void;
}) {
  const wallet = useWallet();
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-line border-b px-3 py-2 last:border-b-0 sm:px-4">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold">Version {version.version}</span>
          {isNow && <Badge tone="accent">now</Badge>}
          <span className="text-faint text-sm" title={wallet}>
            <Ago at={parseTime(version.created_at)} /> by you ({shortAddress(wallet)})
          </span>
        </p>
        <p className="text-muted text-sm">
          {version.settings === null && "Removed. "}
          {changes.length > 0 ? inShort(changes) : "Nothing differed from before"}
        </p>
      </div>
      {!isNow && (
        <div className="flex gap-1">
          <Button size="small" look="quiet" onClick={onCompare}>
            Compare<span className="sr-only"> version {version.version}</span> with now
          </Button>
          <Button size="small" onClick={onRevert}>
            Revert<span className="sr-only"> to version {version.version}</span>
          </Button>
        </div>
      )}
    </li>
  );
}

/** Every version of a symbol's settings, the newest first, each with what it changed. */
export function Versions({ symbol, wishes, onRevert }: VersionsProps) {
  const [compared, setCompared] = useState<Version | null>(null);
  const query = useQuery(versionsQuery(useWallet(), symbol));
  const versions = query.data?.items ?? [];
  const comesTo = (version: Version | undefined) => effectiveIn(version, symbol, wishes);
  const between = (one: Version | undefined, other: Version | undefined) =>
    differencesOf(comesTo(one), comesTo(other), wishes.ground);
  const rows = compared ? between(compared, versions[0]) : [];
  return (
    <Card title="History of changes">
      {query.isPending && <Skeleton label="The history loads" rows={3} />}
      {query.isError && !query.data && (
        <Failure
          title="The history could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.isSuccess && versions.length === 0 && (
        <Empty title="No change yet">
          Each save is kept here with what it changed, and can be taken back.
        </Empty>
      )}
      <ul>
        {versions.map((version, index) => (
          <VersionRow
            key={version.version}
            version={version}
            isNow={index === 0}
            changes={between(versions[index + 1], version)}
            onCompare={() => setCompared(version)}
            onRevert={() => onRevert(version)}
          />
        ))}
      </ul>
      <Dialog
        open={compared !== null}
        wide
        onClose={() => setCompared(null)}
        title={`From version ${compared?.version ?? ""} to now`}
      >
        {rows.length === 0 ? (
          <p className="text-muted">Both come to the same.</p>
        ) : (
          <DiffTable label="Then and now" rows={rows} />
        )}
      </Dialog>
    </Card>
  );
}

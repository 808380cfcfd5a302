import { Check, Clock, Minus, X } from "lucide-react";
import { shortAddress } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Steps } from "@/ui/steps";
import type { Reasoning } from "./reasoning";
import { useWhy } from "./use-why";
import { WatchProgress } from "./watch-progress";

const tones = {
  up: { Icon: Check, colour: "text-up" },
  down: { Icon: X, colour: "text-down" },
  warn: { Icon: Clock, colour: "text-warn" },
  neutral: { Icon: Minus, colour: "text-muted" },
};

function Found({ found }: { found: Reasoning }) {
  const { Icon, colour } = tones[found.tone];
  return (
    <div className="px-3 py-2">
      <p className="flex items-baseline justify-between gap-2">
        <span className={classes("flex min-w-0 items-center gap-1.5 font-semibold", colour)}>
          <Icon size={14} aria-hidden="true" className="shrink-0" />
          {found.verdict}
        </span>
        {found.at && <Ago at={parseTime(found.at)} className="num shrink-0 text-muted text-sm" />}
      </p>
      {found.watch && <WatchProgress watch={found.watch} />}
      <Steps steps={found.steps} isWaiting={found.watch !== null} />
    </div>
  );
}

export function Why() {
  const { token, isAsked, query, found } = useWhy();
  const symbol = token && (token.symbol ?? shortAddress(token.address));
  const title = isAsked && symbol !== null ? `Why ${cleanText(symbol, 24)}` : "Why";
  return (
    <div className="flex min-h-0 flex-col xl:flex-1">
      <Card title={title} fill scrolls>
        {!isAsked && (
          <Empty title="Nothing to explain yet">
            Choose a signal or a trade, or wait for the first: each step shows what was seen beside
            its limit.
          </Empty>
        )}
        {isAsked && !found && query.isPending && <Skeleton label="The reasons load" />}
        {isAsked && !found && query.isError && (
          <Failure
            title="The reasons could not be loaded"
            error={query.error}
            onRetry={query.refetch}
            busy={query.isFetching}
          />
        )}
        {isAsked && !found && query.isSuccess && (
          <Empty title="Nothing was decided yet">
            The reasons appear with the first step that was taken on this token.
          </Empty>
        )}
        {found && <Found found={found} />}
      </Card>
    </div>
  );
}

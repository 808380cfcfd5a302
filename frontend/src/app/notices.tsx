import { useQuery } from "@tanstack/react-query";
import { Check, CirclePause, CloudOff, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { usePause } from "@/api/pause";
import { RequestFailed } from "@/api/problem";
import { walletQuery } from "@/api/queries";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { classes } from "@/ui/classes";
import { useSilence } from "./link-state";

const looks = {
  warn: "bg-warn-soft text-warn",
  down: "bg-down-soft text-down",
  up: "bg-up-soft text-up",
};

interface NoticeProps {
  look: keyof typeof looks;
  Icon: typeof Check;
  children: ReactNode;
}

function Notice({ look, Icon, children }: NoticeProps) {
  return (
    <p
      className={classes(
        "flex items-start gap-2 border-line border-b px-3 py-1.5 font-medium text-sm sm:items-center",
        looks[look],
      )}
    >
      <Icon size={15} aria-hidden="true" className="mt-0.5 shrink-0 sm:mt-0" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}

const UNAVAILABLE = 503;
const AGAIN = 5_000;

/** Why the platform cannot answer now, in its own words; asked again until it can. */
function useAbsence(wallet: string): string | null {
  const { error } = useQuery({
    ...walletQuery(wallet),
    refetchInterval: ({ state }) => (state.error === null ? false : AGAIN),
  });
  return error instanceof RequestFailed && error.status === UNAVAILABLE ? error.message : null;
}

function Broken() {
  const { link, since, caughtUp } = useSilence();
  if (caughtUp !== null && link === "live") {
    return (
      <Notice look="up" Icon={Check}>
        The connection is back. {caughtUp}.
      </Notice>
    );
  }
  if (link === "live" || link === "connecting" || since === null) return null;
  return (
    <Notice look={link === "offline" ? "down" : "warn"} Icon={CloudOff}>
      The connection broke. What you see is of {since}; the page catches up by itself.
    </Notice>
  );
}

function Paused({ wallet }: { wallet: string }) {
  const { paused, reason } = usePause(wallet);
  if (!paused) return null;
  return (
    <Notice look="warn" Icon={CirclePause}>
      Paused: no new entries, exits go on.{" "}
      {reason !== null && reason !== "paused" && `${inWords(reason)}.`}
    </Notice>
  );
}

/** What concerns the whole page: a broken link, an engine that is away, a wallet that is paused. */
export function Notices() {
  const wallet = useWallet();
  const absence = useAbsence(wallet);
  return (
    <div role="status" aria-label="Notices">
      <Broken />
      {absence !== null && (
        <Notice look="down" Icon={TriangleAlert}>
          The platform cannot trade now. {absence}
        </Notice>
      )}
      <Paused wallet={wallet} />
    </div>
  );
}

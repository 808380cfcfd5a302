import { useStore } from "zustand";
import { connection } from "@/api/live";
import type { Link } from "@/api/socket";
import { useNow } from "@/lib/clock";
import { formatAge, formatClock } from "@/lib/time";
import { classes } from "@/ui/classes";

const looks: Record<Link, { name: string; dot: string; text: string }> = {
  connecting: { name: "Connecting", dot: "bg-warn animate-pulse", text: "text-warn" },
  live: { name: "Live", dot: "bg-up", text: "text-muted" },
  reconnecting: { name: "Reconnecting", dot: "bg-warn animate-pulse", text: "text-warn" },
  offline: { name: "Offline", dot: "bg-down", text: "text-down" },
};

/** How long it says that it has caught up. */
const SAID_FOR = 10_000;

/** The age of the last message. It is read each second: messages come far more often. */
function useAge(now: number): string | null {
  const { heardAt } = connection.getState();
  return heardAt === null ? null : formatAge(Math.max(0, now - heardAt));
}

function useCaughtUp(now: number): string | null {
  const caughtUp = useStore(connection, (state) => state.caughtUp);
  return caughtUp !== null && now - caughtUp.at < SAID_FOR ? caughtUp.words : null;
}

function aboutOf(age: string | null, caughtUp: string | null): string {
  const last =
    age === null ? "No message yet" : `Last message: ${age === "now" ? age : `${age} ago`}`;
  return caughtUp === null ? last : `${last}. ${caughtUp}.`;
}

/** Whether what is on the page is of now, and how old the last message is. */
export function LinkState() {
  const link = useStore(connection, (state) => state.link);
  const now = useNow();
  const age = useAge(now);
  const caughtUp = useCaughtUp(now);
  const { name, dot, text } = looks[link];
  return (
    <span
      className={classes("flex shrink-0 items-center gap-1.5 font-medium text-sm", text)}
      title={aboutOf(age, caughtUp)}
    >
      <span aria-hidden="true" className={classes("size-2 rounded-full", dot)} />
      <span role="status">{name}</span>
      {link !== "live" && age !== null && (
        <span className="num text-faint md:hidden lg:inline">{age}</span>
      )}
    </span>
  );
}

/** Since when nothing was heard, for the notice below the header. */
export function useSilence(): { link: Link; since: string | null; caughtUp: string | null } {
  const link = useStore(connection, (state) => state.link);
  const caughtUp = useCaughtUp(useNow());
  const { heardAt } = connection.getState();
  return { link, since: heardAt === null ? null : formatClock(heardAt), caughtUp };
}

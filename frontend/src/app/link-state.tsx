import { useConnection } from "@/api/live";
import type { Link } from "@/api/socket";
import { useNow } from "@/lib/clock";
import { formatAge } from "@/lib/time";
import { classes } from "@/ui/classes";

const looks: Record<Link, { name: string; dot: string; text: string }> = {
  connecting: { name: "Connecting", dot: "bg-warn animate-pulse", text: "text-warn" },
  live: { name: "Live", dot: "bg-up", text: "text-muted" },
  reconnecting: { name: "Reconnecting", dot: "bg-warn animate-pulse", text: "text-warn" },
  offline: { name: "Offline", dot: "bg-down", text: "text-down" },
};

/** Whether what is on the page is of now, and how old the last message is. */
export function LinkState() {
  const { link, heardAt } = useConnection();
  const now = useNow();
  const { name, dot, text } = looks[link];
  const age = heardAt === null ? null : formatAge(Math.max(0, now - heardAt));
  return (
    <span
      className={classes("flex items-center gap-1.5 font-medium text-sm", text)}
      title={
        age === null ? "No message yet" : `Last message: ${age === "now" ? age : `${age} ago`}`
      }
    >
      <span aria-hidden="true" className={classes("size-2 rounded-full", dot)} />
      <span role="status">{name}</span>
      {link !== "live" && age !== null && <span className="num text-faint">{age}</span>}
    </span>
  );
}

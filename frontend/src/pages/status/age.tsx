import { formatAge, formatFull } from "@/lib/time";
import { classes } from "@/ui/classes";
import { type Level, type Limits, levelOf } from "./health";

export const colours: Record<Level, string> = {
  good: "",
  warn: "font-medium text-warn",
  bad: "font-semibold text-down",
};
const words: Record<Level, string> = { good: "", warn: " · slow", bad: " · too old" };

interface AgeProps {
  /** Unix milliseconds by the platform's clock. */
  of: number | null;
  /** Now, by the same clock. */
  at: number;
  /** Beyond which it is amber, then red, and says so. */
  limits?: Limits;
  /** Where there is nothing. */
  none?: string;
}

/** How long ago by the platform's clock. */
export function Age({ of, at, limits, none = "never" }: AgeProps) {
  if (of === null) return <span className="text-faint">{none}</span>;
  const age = Math.max(0, at - of);
  const text = formatAge(age);
  const level = limits ? levelOf(age, limits) : "good";
  return (
    <time
      dateTime={new Date(of).toISOString()}
      title={formatFull(of)}
      className={classes("num", colours[level])}
    >
      {text === "now" ? text : `${text} ago`}
      {words[level]}
    </time>
  );
}

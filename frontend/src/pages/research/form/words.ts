/** A draft in words, before it is run. Pure. */
import { formatCount } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import type { Draft } from "./draft";
import { combinationsOf } from "./sweep-request";

/** `3 × 4 × 2 = 24 combinations`, while it is typed. */
export function combinationsText(
  draft: Pick<Draft, "method" | "samples">,
  varied: Record<string, number | null>,
): string {
  const counts = Object.values(varied);
  if (counts.length === 0) return "Nothing varies yet";
  const many = combinationsOf(counts);
  const product = counts.map((count) => (count === null ? "any" : formatCount(count))).join(" × ");
  const all =
    many === null
      ? `${product} combinations`
      : counts.length === 1
        ? `${formatCount(many)} combinations`
        : `${product} = ${formatCount(many)} combinations`;
  if (draft.method === "grid") return all;
  return `${draft.samples || "?"} of ${all}`;
}

export function strategiesText(draft: Draft): string {
  const entries = draft.kind === "sweep" ? draft.entries.slice(0, 1) : draft.entries;
  return entries
    .map(({ strategy, template }) =>
      template ? `${inWords(strategy)}, ${template}` : inWords(strategy),
    )
    .join("; ");
}

const places: Record<string, string> = {
  candles: "History",
  entry: "Entry",
  exit: "Exit",
  search: "Search",
  risk: "Limits",
};

/** Where a fault is, for a list beside the button: `/exit/stop_loss` is Exit, stop loss. */
export function placeInWords(pointer: string): string {
  const names = pointer.split("/").filter((part) => part !== "" && part !== "params");
  const words = names.map((name, index) =>
    index === 0 ? (places[name] ?? inWords(name)) : name.replaceAll("_", " "),
  );
  return words.join(", ") || "The run";
}

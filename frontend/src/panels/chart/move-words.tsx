import type { PlanPreview } from "@/api/plans";
import { formatCount } from "@/lib/format";
import { Badge, type Tone } from "@/ui/badge";
import { Price } from "@/ui/figures";
import type { Held } from "./drag";
import { distanceText, priceOf } from "./moves";

const meanings = {
  stop_loss: "All is sold when the price falls that far.",
  trailing_stop: "All is sold when the price falls that far below its highest.",
  take_profit: "Its part is sold when the price rises that far.",
} as const;

const effects: Record<PlanPreview["effect"], { tone: Tone; text: string }> = {
  none: { tone: "neutral", text: "stays" },
  moves: { tone: "warn", text: "moves" },
  closes: { tone: "down", text: "would sell" },
};

const explained: Record<PlanPreview["effect"], string> = {
  none: "The stop stays where it is.",
  moves: "Nothing is sold by that: the next price is judged by the new plan.",
  closes:
    "The price is at or below the new stop: the next price sells all that is left, unless it is above the stop.",
};

/** What a moved line means for the trade, in words and figures. */
export function MoveWords({ held, preview }: { held: Held; preview: PlanPreview }) {
  const { handle, distance } = held;
  const { effect, stop_now, stop_then, targets_due } = preview;
  return (
    <div className="flex flex-col gap-3">
      <p>
        From <Price value={priceOf(handle, handle.distance)} className="font-medium" /> (
        {distanceText(handle, handle.distance)}) to{" "}
        <Price value={priceOf(handle, distance)} className="font-medium" /> (
        {distanceText(handle, distance)}). {meanings[handle.setting.name]}
      </p>
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        <div className="flex gap-2">
          <dt className="text-muted">Stop now</dt>
          <dd>
            <Price value={stop_now} />
          </dd>
        </div>
        <div className="flex gap-2">
          <dt className="text-muted">Stop then</dt>
          <dd className="flex items-center gap-2">
            <Price value={stop_then} className="font-medium" />
            <Badge tone={effects[effect].tone}>{effects[effect].text}</Badge>
          </dd>
        </div>
      </dl>
      <p className={effect === "closes" ? "text-down" : "text-muted"}>{explained[effect]}</p>
      {targets_due > 0 && (
        <p className="text-warn">
          {targets_due === 1 ? "A target is" : `${formatCount(targets_due)} targets are`} at or
          below the price: the next price takes what it reaches.
        </p>
      )}
    </div>
  );
}

import { Plus, X } from "lucide-react";
import { type Change, type Draft, type Ground, standardRisk } from "@/lib/settings/draft";
import { type Faults, riskPointer } from "@/lib/settings/faults";
import { type NumberSpec, shownNumber, type Tier } from "@/lib/settings/fields";
import { tierText } from "@/lib/settings/words";
import { Button, IconButton } from "@/ui/button";
import { NumberInput, OwnLabel } from "./number-input";
import { FaultLine } from "./section";

const MOST_TIERS = 8;
const gainSpec: NumberSpec = { name: "gain", title: "Gain", help: "", unit: "percent" };
const partSpec: NumberSpec = { name: "part", title: "Part", help: "", unit: "percent" };

/** The next target a step above the last, selling what is left of a third. */
function oneMore(tiers: Tier[]): Tier {
  const [gain = 0] = tiers.at(-1) ?? [];
  const left = 1 - tiers.reduce((sum, [, part]) => sum + part, 0);
  const part = Math.max(0.01, Math.min(0.33, Number(left.toFixed(4))));
  return [Number((gain + 0.3).toFixed(4)), part];
}

interface TiersProps {
  draft: Draft;
  ground: Ground;
  faults: Faults;
  onChange: (change: Change) => void;
}

/** Targets: at each gain a part of what was bought is sold. */
export function Tiers({ draft, ground, faults, onChange }: TiersProps) {
  const standard = standardRisk(ground).take_profit ?? [];
  const isOwn = draft.risk.take_profit !== undefined;
  const tiers = draft.risk.take_profit ?? standard;
  const set = (value: Tier[] | undefined) => onChange({ kind: "risk", name: "take_profit", value });
  const put = (row: number, column: 0 | 1, value: number | null) =>
    set(
      tiers.map((tier, index): Tier => {
        if (index !== row) return tier;
        const next = value ?? Number.NaN;
        return column === 0 ? [next, tier[1]] : [tier[0], next];
      }),
    );
  const kept = 1 - tiers.reduce((sum, [, part]) => sum + part, 0);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium text-muted text-sm">
        <OwnLabel title="Targets" isOwn={isOwn} />
      </legend>
      {tiers.map(([gain, part], row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a target is its place in the row of targets
          key={row}
          className="flex flex-wrap items-end gap-2"
        >
          <div className="w-32">
            <NumberInput
              spec={gainSpec}
              value={gain}
              label={`Target ${row + 1}: at a gain of`}
              onChange={(value) => put(row, 0, value)}
            />
          </div>
          <div className="w-24">
            <NumberInput
              spec={partSpec}
              value={part}
              label="sell"
              onChange={(value) => put(row, 1, value)}
            />
          </div>
          <IconButton
            label={`Remove target ${row + 1}`}
            onClick={() => set(tiers.filter((_, index) => index !== row))}
          >
            <X size={14} aria-hidden="true" />
          </IconButton>
          <div className="basis-full">
            <FaultLine text={faults[`${riskPointer("take_profit")}/${row}`]} />
          </div>
        </div>
      ))}
      <FaultLine text={faults[riskPointer("take_profit")]} />
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-faint text-sm">
        <Button
          size="small"
          disabled={tiers.length >= MOST_TIERS}
          onClick={() => set([...tiers, oneMore(tiers)])}
        >
          <Plus size={13} aria-hidden="true" />
          Add a target
        </Button>
        {kept > 1e-9 && (
          <span>{shownNumber(Number(kept.toFixed(4)), "percent")} % is left to the stops.</span>
        )}
        {isOwn && (
          <button
            type="button"
            onClick={() => set(undefined)}
            className="text-accent hover:underline"
          >
            default: {standard.map(tierText).join(", ") || "none"}
          </button>
        )}
      </p>
    </fieldset>
  );
}

import { Plus, X } from "lucide-react";
import { formatCount } from "@/lib/format";
import { shownNumber } from "@/lib/settings/fields";
import type { Plan } from "@/lib/settings/plan";
import { Button, IconButton } from "@/ui/button";
import { classes } from "@/ui/classes";
import { SelectField } from "@/ui/field";
import { Slider } from "@/ui/slider";
import { changedPlan, ladder, MOST_TIERS, type PlanChange } from "./plan";

const percent = (value: number) => `${Number(shownNumber(value, "percent").toFixed(1))} %`;
const holdings = [5, 10, 20, 30, 60, 120, 180, 300, 600, 900, 1_800, 3_600, 7_200, 14_400];

interface SlidersProps {
  plan: Plan;
  onChange: (plan: Plan) => void;
}

/** Switches off what its slider sets. */
function Off({ label, isOn, onToggle }: { label: string; isOn: boolean; onToggle: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isOn}
      onClick={onToggle}
      className={classes(
        "h-6 rounded-sm border px-2 text-xs",
        isOn ? "border-accent bg-accent-soft text-accent" : "border-line text-muted",
      )}
    >
      {isOn ? "on" : "off"}
    </button>
  );
}

function Holding({ plan, onChange }: SlidersProps) {
  const own = plan.max_holding_candles;
  const steps = ladder(holdings, own);
  const place = own === null ? steps.length : steps.indexOf(own);
  return (
    <Slider
      label="Longest holding"
      value={place}
      min={0}
      max={steps.length}
      step={1}
      text={own === null ? "no end" : `${formatCount(own)} candles`}
      onChange={(index) => onChange({ ...plan, max_holding_candles: steps[index] ?? null })}
    />
  );
}

function After({
  label,
  value,
  tiers,
  first,
  disabled,
  onChange,
}: {
  label: string;
  value: number | null;
  tiers: number;
  /** The words for 0. */
  first: string | null;
  disabled?: boolean;
  onChange: (value: number | null) => void;
}) {
  return (
    <SelectField
      label={label}
      disabled={disabled}
      value={value === null ? "" : String(value)}
      onChange={({ target }) => onChange(target.value === "" ? null : Number(target.value))}
    >
      <option value="">never</option>
      {first !== null && <option value="0">{first}</option>}
      {Array.from({ length: tiers }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a target is its place in the row of targets
        <option key={index} value={index + 1}>
          after target {index + 1}
        </option>
      ))}
    </SelectField>
  );
}

/** Every part of an exit plan as something to slide. */
export function PlanSliders({ plan, onChange }: SlidersProps) {
  const tiers = plan.take_profit;
  const change = (it: PlanChange) => onChange(changedPlan(plan, it));
  const set = (values: Partial<Plan>) => change({ kind: "set", values });
  const breakeven = plan.breakeven_after_tier;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Slider
        label="Stop loss"
        value={plan.stop_loss}
        min={0.01}
        max={Math.max(0.6, plan.stop_loss)}
        step={0.005}
        text={percent(plan.stop_loss)}
        onChange={(value) => set({ stop_loss: value })}
      />
      <Slider
        label="Trailing stop"
        value={plan.trailing_stop ?? 0.2}
        disabled={plan.trailing_stop === null}
        min={0.01}
        max={Math.max(0.6, plan.trailing_stop ?? 0)}
        step={0.005}
        text={plan.trailing_stop === null ? "none" : percent(plan.trailing_stop)}
        onChange={(value) => set({ trailing_stop: value })}
        action={
          <Off
            label="Trailing stop, on or off"
            isOn={plan.trailing_stop !== null}
            onToggle={() => set({ trailing_stop: plan.trailing_stop === null ? 0.2 : null })}
          />
        }
      />
      {tiers.map(([gain, portion], tier) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: a target is its place in the row of targets
          key={tier}
          className="min-w-0 rounded-md border border-line px-2.5 py-1"
        >
          <legend className="sr-only">Target {tier + 1}</legend>
          <Slider
            label={`Target ${tier + 1}, gain`}
            value={gain}
            min={0.01}
            max={Math.max(2, gain)}
            step={0.01}
            text={`+${percent(gain)}`}
            onChange={(value) => change({ kind: "gain", tier, value })}
            action={
              <IconButton
                label={`Remove target ${tier + 1}`}
                onClick={() => change({ kind: "remove", tier })}
                className="size-6"
              >
                <X size={13} aria-hidden="true" />
              </IconButton>
            }
          />
          <Slider
            label={`Target ${tier + 1}, sells`}
            value={portion}
            min={0.01}
            max={1}
            step={0.01}
            text={percent(portion)}
            onChange={(value) => change({ kind: "portion", tier, value })}
          />
        </fieldset>
      ))}
      <Button
        size="small"
        look="quiet"
        className="self-start"
        disabled={tiers.length >= MOST_TIERS}
        onClick={() => change({ kind: "add" })}
      >
        <Plus size={13} aria-hidden="true" />
        Add a target
      </Button>
      <Holding plan={plan} onChange={onChange} />
      <div className="grid grid-cols-2 gap-2">
        <After
          label="Break-even"
          value={breakeven === 0 ? null : breakeven}
          tiers={tiers.length}
          first={null}
          onChange={(value) => set({ breakeven_after_tier: value })}
        />
        <After
          label="Trailing starts"
          value={plan.trailing_after_tier}
          tiers={tiers.length}
          first="at once"
          disabled={plan.trailing_stop === null}
          onChange={(value) => set({ trailing_after_tier: value })}
        />
      </div>
    </div>
  );
}

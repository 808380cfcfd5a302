import { type Change, type Draft, type Ground, standardRisk } from "@/lib/settings/draft";
import { type Faults, riskPointer } from "@/lib/settings/faults";
import type { RiskSpec } from "@/lib/settings/fields";
import { GroundHint, NumberInput, OwnLabel } from "./number-input";

interface RiskFieldsProps {
  specs: RiskSpec[];
  draft: Draft;
  ground: Ground;
  faults: Faults;
  onChange: (change: Change) => void;
}

/** Numbers of the plan, the size or the limits, each beside the platform's own. */
export function RiskFields({ specs, draft, ground, faults, onChange }: RiskFieldsProps) {
  const standard = standardRisk(ground);
  return (
    <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 xl:grid-cols-3">
      {specs.map((spec) => {
        const base = standard[spec.name] ?? null;
        const isOwn = spec.name in draft.risk;
        return (
          <NumberInput
            key={spec.name}
            spec={spec}
            value={isOwn ? (draft.risk[spec.name] ?? null) : base}
            fault={faults[riskPointer(spec.name)]}
            label={<OwnLabel title={spec.title} isOwn={isOwn} />}
            hint={
              <GroundHint
                spec={spec}
                base={base}
                from="default"
                isOwn={isOwn}
                onReset={() => onChange({ kind: "risk", name: spec.name, value: undefined })}
              />
            }
            onChange={(value) => onChange({ kind: "risk", name: spec.name, value })}
          />
        );
      })}
    </div>
  );
}

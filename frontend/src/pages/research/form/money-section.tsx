import { limitSpecs } from "@/lib/settings/specs";
import { costChoices, pathChoices, riskChoices } from "./choices";
import { Chooser } from "./chooser";
import type { Draft } from "./draft";
import { type Faults, moneySpecs, plainSpecs } from "./request";
import { Section } from "./section";
import { change } from "./store";
import { FixedField } from "./varied-field";

const set = (values: Partial<Draft>) => change({ type: "set", values });
const grid = "grid gap-3 sm:grid-cols-2 lg:grid-cols-3";

interface MoneySectionProps {
  number: number;
  draft: Draft;
  faults: Faults;
}

/** What trades cost and how large they are, and which limits stand in their way. */
export function MoneySection({ number, draft, faults }: MoneySectionProps) {
  return (
    <Section number={number} title="Money, costs and limits">
      <div className="flex flex-col gap-4">
        <div className={grid}>
          {moneySpecs.map((spec) => (
            <FixedField
              key={spec.name}
              spec={spec}
              text={draft.money[spec.name] ?? ""}
              hint={spec.help}
              fault={faults[`/${spec.name}`]}
              onChange={(text) => change({ type: "money", name: spec.name, text })}
            />
          ))}
        </div>
        <Chooser
          title="Costs"
          value={draft.costs}
          choices={costChoices}
          onChange={(costs) => set({ costs })}
        />
        {draft.costs === "own" && (
          <div className={grid}>
            {(["fees_bps", "slippage_bps"] as const).map((name) => (
              <FixedField
                key={name}
                spec={plainSpecs[name]}
                label={`${plainSpecs[name].title}, bps`}
                hint="100 bps are 1 %."
                text={draft[name]}
                fault={faults[`/${name}`]}
                onChange={(text) => set({ [name]: text })}
              />
            ))}
          </div>
        )}
        <Chooser
          title="Prices that trading sees"
          value={draft.price_path}
          choices={pathChoices}
          onChange={(price_path) => set({ price_path })}
        />
        <Chooser
          title="Risk limits"
          value={draft.risk}
          choices={riskChoices}
          onChange={(risk) => set({ risk })}
        />
        {draft.risk === "own" && (
          <div className={grid}>
            {limitSpecs.map((spec) => (
              <FixedField
                key={spec.name}
                spec={spec}
                text={draft.limits[spec.name] ?? ""}
                hint={spec.help}
                fault={faults[`/risk/${spec.name}`]}
                onChange={(text) => change({ type: "limit", name: spec.name, text })}
              />
            ))}
          </div>
        )}
        <details>
          <summary className="w-fit text-muted text-sm hover:text-text">More</summary>
          <div className={`mt-2 ${grid}`}>
            <FixedField
              spec={plainSpecs.decimals}
              text={draft.decimals}
              hint="Decimals of the token: amounts are whole numbers of its smallest unit."
              fault={faults["/decimals"]}
              onChange={(decimals) => set({ decimals })}
            />
          </div>
        </details>
      </div>
    </Section>
  );
}

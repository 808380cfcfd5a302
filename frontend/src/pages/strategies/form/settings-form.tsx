import type { Change, Draft, Ground } from "@/lib/settings/draft";
import type { Faults } from "@/lib/settings/faults";
import { exitSpecs, limitSpecs, sizingSpecs } from "@/lib/settings/specs";
import { Entries } from "./entries";
import { RiskFields } from "./risk-fields";
import { Section } from "./section";
import { Tiers } from "./tiers";

export interface SettingsFormProps {
  draft: Draft;
  ground: Ground;
  faults: Faults;
  onChange: (change: Change) => void;
}

/** Everything that can be set for a symbol. What is marked yours differs from the default. */
export function SettingsForm(props: SettingsFormProps) {
  return (
    <>
      <Entries {...props} />
      <Section
        title="When to sell"
        about="Checked at every price. Trades that are open keep the plan they began with."
      >
        <RiskFields {...props} specs={exitSpecs} />
        <Tiers {...props} />
      </Section>
      <Section title="How much" about="What one trade spends.">
        <RiskFields {...props} specs={sizingSpecs} />
      </Section>
      <Section title="Limits" about="What stands in the way of a new entry. Exits never wait.">
        <RiskFields {...props} specs={limitSpecs} />
      </Section>
    </>
  );
}

import { SelectField, TextField } from "@/ui/field";
import { methodChoices, objectives } from "./choices";
import { Chooser } from "./chooser";
import type { Draft, Objective } from "./draft";
import { type Faults, plainSpecs } from "./request";
import { Section } from "./section";
import { change } from "./store";
import { outOfSampleSpec } from "./sweep-request";
import { FixedField } from "./varied-field";

const set = (values: Partial<Draft>) => change({ type: "set", values });

interface SearchSectionProps {
  number: number;
  draft: Draft;
  faults: Faults;
}

function Draws({ draft, faults }: Omit<SearchSectionProps, "number">) {
  return (
    <>
      <FixedField
        spec={plainSpecs.samples}
        text={draft.samples}
        fault={faults["/search/samples"]}
        onChange={(samples) => set({ samples })}
      />
      <FixedField
        spec={plainSpecs.seed}
        text={draft.seed}
        hint="The same seed draws the same."
        fault={faults["/search/seed"]}
        onChange={(seed) => set({ seed })}
      />
      {draft.method === "optuna" && (
        <TextField
          label="Study"
          hint="A name keeps it, so that another sweep can go on with it."
          placeholder="not kept"
          maxLength={64}
          fault={faults["/search/study"]}
          value={draft.study}
          onChange={(event) => set({ study: event.target.value })}
        />
      )}
    </>
  );
}

/** How combinations are chosen, and what they are held against. */
export function SearchSection({ number, draft, faults }: SearchSectionProps) {
  return (
    <Section
      number={number}
      title="Search"
      lead="Who tries much finds something by luck. The end of the history is kept back, so that you see it."
    >
      <div className="flex flex-col gap-4">
        <Chooser
          title="Method"
          value={draft.method}
          choices={methodChoices}
          onChange={(method) => set({ method })}
        />
        {faults["/search/method"] && (
          <p className="font-medium text-down text-sm">{faults["/search/method"]}</p>
        )}
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          <SelectField
            label="Best is the highest"
            value={draft.objective}
            fault={faults["/objective"]}
            onChange={(event) => set({ objective: event.target.value as Objective })}
          >
            {Object.entries(objectives).map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </SelectField>
          <FixedField
            spec={outOfSampleSpec}
            text={draft.out_of_sample}
            hint={outOfSampleSpec.help}
            fault={faults["/out_of_sample"]}
            onChange={(out_of_sample) => set({ out_of_sample })}
          />
          <FixedField
            spec={plainSpecs.walk_forward}
            text={draft.walk_forward}
            hint="Each chooses on what came before it and is judged on what follows. 0: none."
            fault={faults["/walk_forward"]}
            onChange={(walk_forward) => set({ walk_forward })}
          />
          {draft.method !== "grid" && <Draws draft={draft} faults={faults} />}
        </div>
      </div>
    </Section>
  );
}

import { inWords } from "@/lib/reasons";
import { type Change, chosenOf, type Draft, type Ground } from "@/lib/settings/draft";
import { type Faults, PARAMETERS, STRATEGIES } from "@/lib/settings/faults";
import { Segments } from "@/ui/segments";
import { Parameters } from "./parameters";
import { FaultLine, Section } from "./section";

interface EntriesProps {
  draft: Draft;
  ground: Ground;
  faults: Faults;
  onChange: (change: Change) => void;
}

const NO_TEMPLATE = "";

/** When to buy: the strategies, any one of which confirms, their template and their numbers. */
export function Entries({ draft, ground, faults, onChange }: EntriesProps) {
  const chosen = chosenOf(draft, ground);
  const names = chosen.map((it) => it.name);
  const toggle = (name: string) => {
    const next = names.includes(name) ? names.filter((it) => it !== name) : [...names, name];
    onChange({ kind: "strategies", names: next });
  };
  const templates = [...new Set(chosen.flatMap((it) => Object.keys(it.templates)))];
  return (
    <Section
      title="When to buy"
      about="A signal that passed the screening is bought as soon as any chosen strategy confirms."
    >
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="sr-only">Strategies</legend>
        {ground.strategies.map(({ name, summary }) => (
          <label
            key={name}
            className="flex cursor-pointer gap-2.5 rounded-md border border-line bg-raised px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="checkbox"
              checked={names.includes(name)}
              onChange={() => toggle(name)}
              className="mt-0.5 size-4 shrink-0 accent-accent-strong"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{inWords(name)}</span>
              <span className="block text-muted text-sm">{summary}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <FaultLine text={faults[STRATEGIES]} />
      {templates.length > 0 && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium text-muted text-sm">Template</span>
          <Segments
            label="Template"
            value={draft.template ?? NO_TEMPLATE}
            onChange={(name) => onChange({ kind: "template", name: name || null })}
            options={[
              { value: NO_TEMPLATE, title: "Defaults" },
              ...templates.map((name) => ({ value: name, title: inWords(name) })),
            ]}
          />
          <span className="text-faint text-sm">Choosing one clears the values marked yours.</span>
        </div>
      )}
      <Parameters strategies={chosen} draft={draft} faults={faults} onChange={onChange} />
      <FaultLine text={faults[PARAMETERS] ?? faults["/parameters/template"]} />
    </Section>
  );
}

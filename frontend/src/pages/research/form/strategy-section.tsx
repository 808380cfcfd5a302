import { Plus, X } from "lucide-react";
import type { Strategy } from "@/api/wire";
import { formatNumber } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { shownNumber } from "@/lib/settings/fields";
import { type ParameterSpec, parametersOf } from "@/lib/settings/schema";
import { Button, IconButton } from "@/ui/button";
import { SelectField } from "@/ui/field";
import { type Draft, type EntryDraft, varied } from "./draft";
import type { Faults } from "./request";
import { Section } from "./section";
import { change } from "./store";
import { FixedField, VariedField } from "./varied-field";

const MOST_STRATEGIES = 8;

interface EntryProps {
  draft: Draft;
  entry: EntryDraft;
  index: number;
  strategies: Strategy[];
  faults: Faults;
  place: string;
}

/** What counts while nothing is written: the template's value, else the strategy's own. */
function standardOf(strategy: Strategy, template: string, spec: ParameterSpec): string {
  const value = strategy.templates[template]?.[spec.name] ?? spec.standard;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number"
    ? formatNumber(shownNumber(value, spec.unit)).replaceAll(",", "")
    : String(value ?? "");
}

function Parameters({
  draft,
  entry,
  index,
  strategy,
  faults,
  place,
}: EntryProps & { strategy: Strategy }) {
  const specs = parametersOf(strategy);
  const onChange = (name: string) => (values: Partial<EntryDraft["params"][string]>) =>
    change({ type: "param", index, name, varied: values });
  if (draft.kind === "sweep") {
    return specs.map((spec) => (
      <VariedField
        key={spec.name}
        spec={spec}
        given={entry.params[spec.name] ?? varied()}
        standard={standardOf(strategy, entry.template, spec)}
        method={draft.method}
        fault={faults[`${place}/params/${spec.name}`]}
        onChange={onChange(spec.name)}
      />
    ));
  }
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {specs.map((spec) => (
        <FixedField
          key={spec.name}
          spec={spec}
          text={entry.params[spec.name]?.fixed ?? ""}
          standard={standardOf(strategy, entry.template, spec)}
          hint={spec.help}
          fault={faults[`${place}/params/${spec.name}`]}
          onChange={(fixed) => onChange(spec.name)({ fixed })}
        />
      ))}
    </div>
  );
}

function Entry(props: EntryProps) {
  const { draft, entry, index, strategies, faults, place } = props;
  const strategy = strategies.find(
    (it) => it.name === entry.strategy || it.aliases.includes(entry.strategy),
  );
  const isOnly = draft.kind === "sweep" || draft.entries.length === 1;
  return (
    <div className="border-line border-t pt-3 first:border-t-0 first:pt-0">
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="w-44 min-w-0">
          <SelectField
            label={isOnly ? "Strategy" : `Strategy ${index + 1}`}
            value={strategy?.name ?? entry.strategy}
            fault={faults[`${place}/strategy`]}
            onChange={(event) => change({ type: "strategy", index, strategy: event.target.value })}
          >
            {strategies.map(({ name }) => (
              <option key={name} value={name}>
                {inWords(name)}
              </option>
            ))}
          </SelectField>
        </div>
        <div className="w-44 min-w-0">
          <SelectField
            label="Template"
            value={entry.template}
            fault={faults[`${place}/template`]}
            onChange={(event) => change({ type: "template", index, template: event.target.value })}
          >
            <option value="">None: its own values</option>
            {Object.keys(strategy?.templates ?? {}).map((name) => (
              <option key={name} value={name}>
                {inWords(name)}
              </option>
            ))}
          </SelectField>
        </div>
        <p className="min-w-0 flex-1 basis-48 pb-1.5 text-muted text-sm">{strategy?.summary}</p>
        {!isOnly && (
          <IconButton
            label={`Remove strategy ${index + 1}`}
            onClick={() => change({ type: "drop-strategy", index })}
          >
            <X size={16} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {strategy && <Parameters {...props} strategy={strategy} />}
      {faults[`${place}/params`] && (
        <p className="mt-2 font-medium text-down text-sm">{faults[`${place}/params`]}</p>
      )}
    </div>
  );
}

interface StrategySectionProps {
  number: number;
  draft: Draft;
  strategies: Strategy[];
  faults: Faults;
}

/** Which strategies confirm an entry, and with which values. */
export function StrategySection({ number, draft, strategies, faults }: StrategySectionProps) {
  const isSweep = draft.kind === "sweep";
  const entries = isSweep ? draft.entries.slice(0, 1) : draft.entries;
  const used = new Set(draft.entries.map((entry) => entry.strategy));
  const next = strategies.find(({ name }) => !used.has(name));
  return (
    <Section
      number={number}
      title="Entry"
      lead={
        isSweep
          ? "Give parameters several values: each combination becomes a run. What is left empty keeps the value shown in grey."
          : "Any one of the strategies confirms an entry. What is left empty keeps the value shown in grey."
      }
      actions={
        !isSweep &&
        next &&
        entries.length < MOST_STRATEGIES && (
          <Button
            size="small"
            onClick={() => change({ type: "add-strategy", strategy: next.name })}
          >
            <Plus size={14} aria-hidden="true" />
            Add a strategy
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {entries.map((entry, index) => (
          <Entry
            // biome-ignore lint/suspicious/noArrayIndexKey: a strategy is what stands at its place
            key={index}
            draft={draft}
            entry={entry}
            index={index}
            strategies={strategies}
            faults={faults}
            place={isSweep || entries.length === 1 ? "/entry" : `/entry/${index}`}
          />
        ))}
      </div>
      {faults["/entry"] && <p className="mt-2 text-down text-sm">{faults["/entry"]}</p>}
    </Section>
  );
}

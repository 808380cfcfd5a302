import type { Parameter, Strategy } from "@/api/wire";
import { inWords } from "@/lib/reasons";
import { baseParameter, type Change, type Draft } from "@/lib/settings/draft";
import { type Faults, parameterPointer } from "@/lib/settings/faults";
import { type ParameterSpec, parametersOf } from "@/lib/settings/schema";
import { SelectField, TextField } from "@/ui/field";
import { GroundHint, NumberInput, OwnLabel } from "./number-input";

interface ParameterFieldProps {
  strategy: Strategy;
  spec: ParameterSpec;
  draft: Draft;
  fault?: string;
  onChange: (change: Change) => void;
}

function ParameterField({ strategy, spec, draft, fault, onChange }: ParameterFieldProps) {
  const base = baseParameter(strategy, draft.template, spec.name);
  const isOwn = spec.name in draft.custom;
  const value = draft.custom[spec.name] ?? base;
  const set = (next: Parameter | undefined) =>
    onChange({ kind: "parameter", name: spec.name, value: next });
  const inTemplate = draft.template !== null && draft.template in strategy.templates;
  const about = {
    label: <OwnLabel title={spec.title} isOwn={isOwn} />,
    fault,
    hint: (
      <GroundHint
        spec={spec}
        base={base}
        from={inTemplate ? (draft.template ?? "") : "default"}
        isOwn={isOwn}
        onReset={() => set(undefined)}
      />
    ),
  };
  if (spec.kind === "number") {
    return (
      <NumberInput
        {...about}
        spec={spec}
        value={typeof value === "number" ? value : null}
        onChange={(next) => set(next ?? undefined)}
      />
    );
  }
  if (spec.kind === "text") {
    const text = String(value ?? "");
    return <TextField {...about} value={text} onChange={(event) => set(event.target.value)} />;
  }
  const isFlag = spec.kind === "flag";
  const choices = isFlag ? ["true", "false"] : spec.choices;
  const read = (text: string) => (isFlag ? text === "true" : text);
  return (
    <SelectField
      {...about}
      value={String(value ?? "")}
      onChange={(event) => set(read(event.target.value))}
    >
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {isFlag ? { true: "yes", false: "no" }[choice] : inWords(choice)}
        </option>
      ))}
    </SelectField>
  );
}

interface ParametersProps {
  strategies: Strategy[];
  draft: Draft;
  faults: Faults;
  onChange: (change: Change) => void;
}

/** One group of fields for each chosen strategy, drawn from its schema. */
export function Parameters({ strategies, draft, faults, onChange }: ParametersProps) {
  return strategies.map((strategy) => (
    <fieldset key={strategy.name} className="min-w-0">
      <legend className="mb-2 font-semibold">{inWords(strategy.name)}</legend>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 xl:grid-cols-3">
        {parametersOf(strategy).map((spec) => (
          <ParameterField
            key={spec.name}
            strategy={strategy}
            spec={spec}
            draft={draft}
            fault={faults[parameterPointer(spec.name)]}
            onChange={onChange}
          />
        ))}
      </div>
    </fieldset>
  ));
}

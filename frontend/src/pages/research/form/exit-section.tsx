import { Plus, X } from "lucide-react";
import { exitSpecs } from "@/lib/settings/specs";
import { Button, IconButton } from "@/ui/button";
import { TextAreaField, TextField } from "@/ui/field";
import { Segments } from "@/ui/segments";
import { type Draft, type Mode, TIERS, type Varied, varied } from "./draft";
import type { Faults } from "./request";
import { Section } from "./section";
import { change } from "./store";
import { MOST_TIERS, rowsOf, type TierText, textOf } from "./tiers";
import { FixedField, VariedField } from "./varied-field";

const setTiers = (values: Partial<Varied>) => change({ type: "exit", name: TIERS, varied: values });

function TierRows({ text, fault }: { text: string; fault?: string }) {
  const rows = rowsOf(text);
  const put = (at: number, values: Partial<TierText>) =>
    setTiers({
      fixed: textOf(rows.map((row, index) => (index === at ? { ...row, ...values } : row))),
    });
  return (
    <div className="flex flex-col gap-2">
      {rows.length === 0 && (
        <p className="text-faint text-sm">No targets: stops alone end a trade.</p>
      )}
      {rows.map((row, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a target is what stands at its place
          key={index}
          className="grid max-w-md grid-cols-[1fr_1fr_auto] items-end gap-2"
        >
          <TextField
            label={`Target ${index + 1}: gain`}
            unit="%"
            inputMode="decimal"
            value={row.gain}
            onChange={(event) => put(index, { gain: event.target.value })}
          />
          <TextField
            label="sells of the position"
            unit="%"
            inputMode="decimal"
            value={row.portion}
            onChange={(event) => put(index, { portion: event.target.value })}
          />
          <IconButton
            label={`Remove target ${index + 1}`}
            onClick={() => setTiers({ fixed: textOf(rows.filter((_, at) => at !== index)) })}
          >
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      {fault && <p className="font-medium text-down text-xs">{fault}</p>}
      {rows.length < MOST_TIERS && (
        <div>
          <Button
            size="small"
            onClick={() => setTiers({ fixed: textOf([...rows, { gain: "", portion: "" }]) })}
          >
            <Plus size={14} aria-hidden="true" />
            Add a target
          </Button>
        </div>
      )}
    </div>
  );
}

const modes: { value: Mode; title: string }[] = [
  { value: "fixed", title: "One" },
  { value: "list", title: "Several" },
];

function Targets({ draft, fault }: { draft: Draft; fault?: string }) {
  const given = draft.exit[TIERS] ?? varied();
  const isSweep = draft.kind === "sweep";
  return (
    <fieldset className="mt-3 border-line border-t pt-3">
      <legend className="sr-only">Targets</legend>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <div>
          <p className="font-medium">Targets</p>
          <p className="text-faint text-xs">
            At each gain a part of what was bought is sold; the rest runs on.
          </p>
        </div>
        {isSweep && (
          <Segments
            label="Targets: how many plans"
            value={given.mode}
            onChange={(mode) => setTiers({ mode })}
            options={modes}
          />
        )}
      </div>
      {isSweep && given.mode === "list" ? (
        <TextAreaField
          label="Plans, one a line"
          hint="gain:portion in percent, such as 30:33; 75:33. A line “none” has no targets."
          fault={fault}
          rows={3}
          placeholder={"30:33; 75:33\n50:50\nnone"}
          value={given.list}
          onChange={(event) => setTiers({ list: event.target.value })}
        />
      ) : (
        <TierRows text={given.fixed} fault={fault} />
      )}
    </fieldset>
  );
}

interface ExitSectionProps {
  number: number;
  draft: Draft;
  faults: Faults;
}

/** When a trade ends. */
export function ExitSection({ number, draft, faults }: ExitSectionProps) {
  const onChange = (name: string) => (values: Partial<Varied>) =>
    change({ type: "exit", name, varied: values });
  return (
    <Section number={number} title="Exit" lead="When a trade ends: stops, targets, time.">
      {draft.kind === "sweep" ? (
        exitSpecs.map((spec) => (
          <VariedField
            key={spec.name}
            spec={spec}
            given={draft.exit[spec.name] ?? varied()}
            method={draft.method}
            fault={faults[`/exit/${spec.name}`]}
            onChange={onChange(spec.name)}
          />
        ))
      ) : (
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {exitSpecs.map((spec) => (
            <FixedField
              key={spec.name}
              spec={spec}
              text={draft.exit[spec.name]?.fixed ?? ""}
              hint={spec.help}
              fault={faults[`/exit/${spec.name}`]}
              onChange={(fixed) => onChange(spec.name)({ fixed })}
            />
          ))}
        </div>
      )}
      <Targets draft={draft} fault={faults[`/exit/${TIERS}`]} />
    </Section>
  );
}

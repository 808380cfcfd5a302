import { suffixOf } from "@/lib/settings/fields";
import { classes } from "@/ui/classes";
import { SelectField, TextField } from "@/ui/field";
import { Segments } from "@/ui/segments";
import type { Method, Mode, Varied } from "./draft";
import { readVaried, type Spec } from "./values";

const modes: { value: Mode; title: string }[] = [
  { value: "fixed", title: "One" },
  { value: "list", title: "Several" },
  { value: "range", title: "Range" },
];

interface FixedFieldProps {
  spec: Spec;
  text: string;
  /** What counts while the field is empty. */
  standard?: string;
  label?: string;
  hint?: string;
  fault?: string;
  onChange: (text: string) => void;
}

/** One value of a parameter, by its kind. */
export function FixedField({
  spec,
  text,
  standard,
  label,
  hint,
  fault,
  onChange,
}: FixedFieldProps) {
  const title = label ?? spec.title;
  if (spec.kind === "flag" || spec.kind === "choice") {
    const choices = spec.kind === "flag" ? ["yes", "no"] : (spec.choices ?? []);
    return (
      <SelectField
        label={title}
        hint={hint}
        fault={fault}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">As set: {standard}</option>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </SelectField>
    );
  }
  return (
    <TextField
      label={title}
      hint={hint}
      fault={fault}
      unit={suffixOf(spec.unit) || undefined}
      inputMode="decimal"
      autoComplete="off"
      placeholder={standard ?? spec.none}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface VariedFieldProps {
  spec: Spec;
  given: Varied;
  standard?: string;
  method: Method;
  fault?: string;
  onChange: (varied: Partial<Varied>) => void;
}

function countText(spec: Spec, given: Varied, method: Method): string {
  if (given.mode === "fixed") return "";
  const read = readVaried(spec, given, method);
  if (read.fault !== undefined) return "";
  const { count } = read.value;
  return count === null ? "any" : `${count} ${count === 1 ? "value" : "values"}`;
}

/** A parameter of a sweep: one value, several, or a range of them. */
export function VariedField(props: VariedFieldProps) {
  const { spec, given, standard, method, fault, onChange } = props;
  const isNumber = spec.kind === undefined || spec.kind === "number";
  const unit = suffixOf(spec.unit);
  return (
    <fieldset
      className={classes(
        "grid min-w-0 items-start gap-x-4 gap-y-2 border-line border-t py-3 first:border-t-0 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,17rem)]",
      )}
    >
      <legend className="sr-only">{spec.title}</legend>
      <div className="min-w-0">
        <p aria-hidden="true" className="font-medium">
          {spec.title}
          <span className="num ml-2 text-accent text-sm">{countText(spec, given, method)}</span>
        </p>
        <p className="text-faint text-xs">{spec.help}</p>
      </div>
      <Segments
        label={`${spec.title}: how many values`}
        value={given.mode}
        onChange={(mode) => onChange({ mode })}
        options={isNumber ? modes : modes.slice(0, 2)}
      />
      {given.mode === "fixed" && (
        <FixedField
          spec={spec}
          label="Value"
          text={given.fixed}
          standard={standard}
          fault={fault}
          onChange={(fixed) => onChange({ fixed })}
        />
      )}
      {given.mode === "list" && (
        <TextField
          label={unit ? `Values, ${unit}` : "Values"}
          placeholder={spec.kind === "flag" ? "yes, no" : "5, 10, 20"}
          hint={spec.none && `“${spec.none}” may be one of them`}
          fault={fault}
          value={given.list}
          onChange={(event) => onChange({ list: event.target.value })}
        />
      )}
      {given.mode === "range" && (
        <div className="grid grid-cols-3 gap-2">
          {(["min", "max", "step"] as const).map((name, index) => (
            <TextField
              key={name}
              label={["From", "To", "Step"][index]}
              inputMode="decimal"
              value={given[name]}
              fault={name === "min" ? fault : undefined}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}

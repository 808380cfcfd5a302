import { Undo2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type NumberSpec, shownNumber, storedNumber, suffixOf } from "@/lib/settings/fields";
import { rangeText, valueInWords } from "@/lib/settings/words";
import { TextField } from "@/ui/field";

/** Text as a number of the platform: null for nothing, NaN for what is no number. */
export function readNumber(text: string, spec: NumberSpec): number | null {
  const typed = text.trim().replace(",", ".");
  if (typed === "") return spec.none ? null : Number.NaN;
  return storedNumber(Number(typed), spec.unit);
}

function writeNumber(value: unknown, spec: NumberSpec): string {
  return typeof value === "number" && Number.isFinite(value)
    ? String(shownNumber(value, spec.unit))
    : "";
}

interface NumberInputProps {
  spec: NumberSpec;
  value: number | null;
  label: ReactNode;
  hint?: ReactNode;
  fault?: string;
  onChange: (value: number | null) => void;
}

/** What is typed stays as it is typed, also while it is no number yet. */
export function NumberInput({ spec, value, label, hint, fault, onChange }: NumberInputProps) {
  const [text, setText] = useState(() => writeNumber(value, spec));
  if (!Object.is(readNumber(text, spec), value)) setText(writeNumber(value, spec));
  return (
    <TextField
      label={label}
      hint={hint}
      fault={fault}
      inputMode="decimal"
      autoComplete="off"
      unit={suffixOf(spec.unit) || undefined}
      placeholder={spec.none}
      value={text}
      className={spec.unit === "candles" ? "pr-16" : undefined}
      onChange={(event) => {
        setText(event.target.value);
        onChange(readNumber(event.target.value, spec));
      }}
    />
  );
}

interface OwnLabelProps {
  title: string;
  /** The value differs from its ground. */
  isOwn: boolean;
}

/** A field's name, marked when its value is the trader's own. */
export function OwnLabel({ title, isOwn }: OwnLabelProps) {
  return (
    <span className="inline-flex items-baseline gap-1.5">
      {title}
      {isOwn && (
        <span className="rounded-sm bg-accent-soft px-1 text-accent text-xs leading-4">yours</span>
      )}
    </span>
  );
}

interface GroundHintProps {
  spec: NumberSpec;
  /** What it is without a value of one's own, and where that comes from. */
  base: unknown;
  from: string;
  isOwn: boolean;
  onReset: () => void;
}

/** What a field means, its range, and the way back to what it was. */
export function GroundHint({ spec, base, from, isOwn, onReset }: GroundHintProps) {
  const range = rangeText(spec);
  return (
    <>
      <span>{spec.help}</span>
      <span className="mt-0.5 flex flex-wrap items-baseline gap-x-2">
        {range && <span className="num">{range}</span>}
        {isOwn && (
          <button
            type="button"
            onClick={onReset}
            className="inline-flex items-center gap-1 text-accent hover:underline"
          >
            <Undo2 size={11} aria-hidden="true" />
            <span className="sr-only">{spec.title}: </span>
            {from}: {valueInWords(spec, base)}
          </button>
        )}
      </span>
    </>
  );
}

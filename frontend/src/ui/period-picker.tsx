import { useState } from "react";
import { daysOf, periodOf, presets } from "@/lib/profile";
import { TextField } from "./field";
import { Segments } from "./segments";

interface PeriodPickerProps {
  value: string | undefined;
  onChange: (period: string | undefined) => void;
}

const OWN = "own";
const options = [...presets, { value: OWN, title: "Dates" }];

/** Which time figures are about: a few common ones, or days of one's own. */
export function PeriodPicker({ value, onChange }: PeriodPickerProps) {
  const days = value === undefined ? null : daysOf(value);
  const [isOpen, setIsOpen] = useState(false);
  const isOwn = days !== null || isOpen;
  const { first, last } = days ?? { first: "", last: "" };
  const choose = (chosen: string) => {
    setIsOpen(chosen === OWN);
    if (chosen !== OWN) onChange(chosen || undefined);
  };
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      {isOwn && (
        <div className="flex items-end gap-2">
          <TextField
            label="From"
            type="date"
            value={first}
            max={last || undefined}
            onChange={(event) => onChange(periodOf(event.target.value, last))}
          />
          <TextField
            label="To"
            type="date"
            value={last}
            min={first || undefined}
            onChange={(event) => onChange(periodOf(first, event.target.value))}
          />
        </div>
      )}
      <div className={isOwn ? "self-end" : undefined}>
        <Segments
          label="Time"
          value={isOwn ? OWN : (value ?? "")}
          onChange={choose}
          options={options}
        />
      </div>
    </div>
  );
}

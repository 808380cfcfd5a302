import { classes } from "./classes";

interface SegmentsProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: { value: string; title: string }[];
}

/** One of a few, side by side. */
export function Segments({ label, value, onChange, options }: SegmentsProps) {
  return (
    <fieldset className="flex rounded-md border border-line">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={classes(
            "h-7 px-2.5 text-sm first:rounded-l-md last:rounded-r-md",
            option.value === value ? "bg-hover font-medium" : "text-muted hover:text-text",
          )}
        >
          {option.title}
        </button>
      ))}
    </fieldset>
  );
}

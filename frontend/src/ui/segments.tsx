import { classes } from "./classes";

interface SegmentsProps<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: { value: Value; title: string }[];
  /** Long titles break into lines on a narrow screen. */
  wraps?: boolean;
}

/** One of a few, side by side. */
export function Segments<Value extends string>({
  label,
  value,
  onChange,
  options,
  wraps = false,
}: SegmentsProps<Value>) {
  return (
    <fieldset
      className={classes(
        "flex rounded-md border border-line",
        wraps && "w-fit max-w-full flex-wrap",
      )}
    >
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

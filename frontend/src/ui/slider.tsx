import { type CSSProperties, type ReactNode, useId } from "react";
import { classes } from "./classes";

/** Both engines name the parts of a slider differently; the filled part is a gradient. */
const track =
  "[&::-webkit-slider-runnable-track]:h-1 [&::-webkit-slider-runnable-track]:rounded-sm [&::-webkit-slider-runnable-track]:bg-(image:--fill) [&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-sm [&::-moz-range-track]:bg-(image:--fill)";
const thumb =
  "[&::-webkit-slider-thumb]:-mt-1.5 [&::-webkit-slider-thumb]:size-4 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-accent [&::-moz-range-thumb]:size-4 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-accent";

/** Coloured up to the thumb, whose middle never reaches the ends. */
function fillOf(value: number, min: number, max: number): CSSProperties {
  const share = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
  const end = `calc(0.5rem + (100% - 1rem) * ${share})`;
  const fill = `linear-gradient(to right, var(--accent) ${end}, var(--line-strong) ${end})`;
  return { "--fill": fill } as CSSProperties;
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value in words, beside the label and for screen readers. */
  text: string;
  disabled?: boolean;
  /** Stands at the end of the label's line. */
  action?: ReactNode;
  onChange: (value: number) => void;
}

/** The browser's own slider: arrow keys, Home, End and touch work by themselves. */
export function Slider({ label, text, action, onChange, ...range }: SliderProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <div className="flex items-center justify-between gap-2 text-sm">
        <label htmlFor={id} className="min-w-0 truncate text-muted">
          {label}
        </label>
        <span className="flex shrink-0 items-center gap-2">
          <output htmlFor={id} className="num font-medium">
            {text}
          </output>
          {action}
        </span>
      </div>
      <input
        id={id}
        type="range"
        aria-valuetext={text}
        {...range}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        style={fillOf(range.value, range.min, range.max)}
        className={classes(
          "block h-6 w-full cursor-pointer appearance-none rounded-sm bg-transparent focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-40",
          track,
          thumb,
        )}
      />
    </div>
  );
}

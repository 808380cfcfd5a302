import { useId } from "react";
import { classes } from "./classes";

interface SwitchProps {
  label: string;
  /** One line below. */
  hint?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  disabled?: boolean;
}

/** On or off, at once. */
export function Switch({ label, hint, isOn, onChange, disabled }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <span id={id} className="font-medium">
          {label}
        </span>
        {hint && (
          <p id={`${id}-about`} className="text-faint text-sm">
            {hint}
          </p>
        )}
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-about` : undefined}
        disabled={disabled}
        onClick={() => onChange(!isOn)}
        className={classes(
          "relative h-6 w-10 shrink-0 rounded-full border transition-colors disabled:cursor-not-allowed disabled:opacity-50",
          isOn ? "border-accent-strong bg-accent-strong" : "border-line-strong bg-raised",
        )}
      >
        <span
          aria-hidden="true"
          className={classes(
            "absolute top-1 left-1 size-3.5 rounded-full transition-transform",
            isOn ? "translate-x-4 bg-on-accent" : "bg-line-strong",
          )}
        />
      </button>
    </div>
  );
}

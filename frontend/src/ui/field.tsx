import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from "react";
import { classes } from "./classes";

const box =
  "w-full min-w-0 rounded-md border bg-raised px-2 text-base text-text placeholder:text-faint focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-60";

/** What stands around any input: its name, what it means, and what is wrong with it. */
interface About {
  label: ReactNode;
  /** One short line below. */
  hint?: ReactNode;
  /** What is wrong with the value; read out with the field. */
  fault?: string;
}

interface FieldProps extends About {
  children: (given: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => ReactNode;
}

function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const isDescribed = hint !== undefined || fault !== undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium text-muted text-sm">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": isDescribed ? `${id}-about` : undefined,
        "aria-invalid": fault === undefined ? undefined : true,
      })}
      {isDescribed && (
        <span id={`${id}-about`} className="flex flex-col text-xs">
          {fault !== undefined && <span className="font-medium text-down">{fault}</span>}
          {hint !== undefined && <span className="text-faint">{hint}</span>}
        </span>
      )}
    </div>
  );
}

const edge = (fault: string | undefined) => (fault === undefined ? "border-line" : "border-down");

type TextFieldProps = About & { unit?: string } & InputHTMLAttributes<HTMLInputElement>;

/** A line of text or a number; `unit` stands inside at its end. */
export function TextField({ label, hint, fault, unit, className, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(given) => (
        <span className="relative flex">
          <input
            {...given}
            className={classes(box, "h-8", edge(fault), unit && "pr-12", className)}
            {...rest}
          />
          {unit && (
            <span
              aria-hidden="true"
              className="pointer-events-none absolute inset-y-0 right-2 flex items-center text-faint text-sm"
            >
              {unit}
            </span>
          )}
        </span>
      )}
    </Field>
  );
}

type TextAreaProps = About & React.TextareaHTMLAttributes<HTMLTextAreaElement>;

export function TextAreaField({ label, hint, fault, className, ...rest }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(given) => (
        <textarea
          {...given}
          className={classes(box, "min-h-16 py-1.5 font-mono text-sm", edge(fault), className)}
          {...rest}
        />
      )}
    </Field>
  );
}

type SelectFieldProps = About & SelectHTMLAttributes<HTMLSelectElement>;

export function SelectField({ label, hint, fault, children, ...rest }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(given) => (
        <select {...given} className={classes(box, "h-8", edge(fault))} {...rest}>
          {children}
        </select>
      )}
    </Field>
  );
}

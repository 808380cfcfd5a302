import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from "react";

const box =
  "h-8 w-full min-w-0 rounded-md border border-line bg-raised px-2 text-base text-text placeholder:text-faint focus-visible:outline-offset-0";

interface FieldProps {
  label: string;
  children: (id: string) => ReactNode;
}

function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium text-muted text-sm">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

export function TextField({
  label,
  ...rest
}: { label: string } & InputHTMLAttributes<HTMLInputElement>) {
  return <Field label={label}>{(id) => <input id={id} className={box} {...rest} />}</Field>;
}

export function SelectField({
  label,
  children,
  ...rest
}: { label: string } & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} className={box} {...rest}>
          {children}
        </select>
      )}
    </Field>
  );
}

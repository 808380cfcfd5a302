import type { ButtonHTMLAttributes, Ref } from "react";
import { classes } from "./classes";

type Look = "primary" | "plain" | "quiet" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-accent-strong text-on-accent hover:brightness-110",
  plain: "border border-line bg-raised text-text hover:bg-hover",
  quiet: "text-muted hover:bg-hover hover:text-text",
  danger: "bg-danger-strong text-on-accent hover:brightness-110",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  size?: "small" | "normal" | "large";
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

const sizes = {
  small: "h-7 px-2 text-sm",
  normal: "h-8 px-3 text-base",
  large: "h-10 px-4 text-lg",
};

export function Button({
  look = "plain",
  size = "normal",
  busy = false,
  disabled,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classes(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50",
        looks[look],
        sizes[size],
        className,
      )}
      {...rest}
    />
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
}

/** A button that is a picture only: its label is read out and shown on hover. */
export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classes(
        "inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text",
        className,
      )}
      {...rest}
    />
  );
}

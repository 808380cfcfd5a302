import { Fragment } from "react";

/** Keys as they stand on a keyboard: `g t` one after the other, Ctrl + K together. */
export function Keys({ keys }: { keys: string[] }) {
  const isTogether = keys[0] === "Ctrl";
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-faint text-xs">
      {keys.map((key, index) => (
        <Fragment key={key}>
          {index > 0 && isTogether && <span aria-hidden="true">+</span>}
          <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-raised px-1 font-sans text-muted">
            {key}
          </kbd>
        </Fragment>
      ))}
    </span>
  );
}

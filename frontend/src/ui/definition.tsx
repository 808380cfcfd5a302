import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useBeside } from "./popup";

const SHOW_AFTER = 150;
/** The way from the term to the tip, to read on or to copy. */
const HIDE_AFTER = 120;

interface TipProps {
  id: string;
  anchor: React.RefObject<HTMLButtonElement | null>;
  text: string;
  onEnter: () => void;
  onLeave: () => void;
}

function Tip({ id, anchor, text, onEnter, onLeave }: TipProps) {
  const box = useRef<HTMLSpanElement>(null);
  useBeside(box, anchor, { side: "top", align: "centre" });
  return (
    <span
      ref={box}
      id={id}
      role="tooltip"
      popover="manual"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="inset-auto m-0 max-w-72 whitespace-normal rounded-md border border-line bg-raised px-3 py-2 text-left font-normal text-sm text-text shadow-raised"
    >
      {text}
    </span>
  );
}

/** A term whose meaning shows on hover and on focus; Esc hides it. */
export function Definition({ text, children }: { text: string; children: ReactNode }) {
  const [isShown, setShown] = useState(false);
  const term = useRef<HTMLButtonElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  const turn = (shown: boolean, after: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(shown), after);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = () => turn(true, SHOW_AFTER);
  const hide = () => turn(false, HIDE_AFTER);
  return (
    <>
      <button
        ref={term}
        type="button"
        aria-describedby={isShown ? id : undefined}
        onPointerEnter={show}
        onPointerLeave={hide}
        onFocus={() => turn(true, 0)}
        onBlur={hide}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !isShown) return;
          event.stopPropagation();
          turn(false, 0);
        }}
        className="cursor-help border-line-strong border-b border-dotted text-left"
      >
        {children}
      </button>
      {isShown && <Tip id={id} anchor={term} text={text} onEnter={show} onLeave={hide} />}
    </>
  );
}

import { X } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "./button";
import { classes } from "./classes";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** A wide one slides in from the right, for details beside a list. */
  side?: boolean;
  /** Room for a table or a chart. */
  wide?: boolean;
  /** Its content brings its own head: the title is read out only. Stands high, for a list below. */
  bare?: boolean;
}

/**
 * The browser's own modal dialog: it keeps the focus, closes on Esc, and needs no style element,
 * which the content-security-policy would refuse.
 */
export function Dialog({ open, ...rest }: DialogProps) {
  // A component of its own, so that it is closed before its element is taken away: only then does
  // the focus return to where it was.
  return open ? <Modal {...rest} /> : null;
}

const narrowBox = "w-[min(28rem,calc(100vw-2rem))]";
const bareBox = "w-[min(36rem,calc(100vw-1rem))]";
const wideBox = "w-[min(46rem,calc(100vw-1rem))]";

type Look = Pick<DialogProps, "side" | "wide" | "bare">;

function boxOf({ side, wide, bare }: Look): string {
  if (side) {
    const width = wide ? "max-w-5xl" : "max-w-xl";
    return `my-0 mr-0 ml-auto h-dvh max-h-none w-full rounded-none sm:rounded-l-lg ${width}`;
  }
  if (bare) return `mx-auto mt-[min(12vh,8rem)] mb-auto overflow-clip rounded-lg ${bareBox}`;
  return `m-auto rounded-lg ${wide ? wideBox : narrowBox}`;
}

function Modal({
  onClose,
  title,
  children,
  side = false,
  wide = false,
  bare = false,
}: Omit<DialogProps, "open">) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it already; the click is on the backdrop
    <dialog
      ref={element}
      aria-label={bare ? title : undefined}
      aria-labelledby={bare ? undefined : id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => {
        // The browser may close it unasked; whether it goes is for the page to say.
        if (element.current?.open) return;
        element.current?.showModal();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={classes(
        "border border-line bg-surface p-0 text-text shadow-raised",
        boxOf({ side, wide, bare }),
      )}
    >
      {bare && children}
      {!bare && (
        <div className={classes("flex flex-col", side && "h-full")}>
          <header className="flex items-center justify-between gap-2 border-line border-b py-2 pr-2 pl-4">
            <h2 id={id} className="min-w-0 truncate font-semibold text-lg">
              {title}
            </h2>
            <IconButton label="Close" onClick={onClose}>
              <X size={16} aria-hidden="true" />
            </IconButton>
          </header>
          <div className={classes("min-h-0 flex-1 overflow-y-auto", wide ? "p-3 sm:p-4" : "p-4")}>
            {children}
          </div>
        </div>
      )}
    </dialog>
  );
}

import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { type Beside, placeBeside } from "@/lib/beside";
import { classes } from "./classes";

interface PopupProps extends Beside {
  anchor: RefObject<HTMLElement | null>;
  /** Something else was pressed, the focus went elsewhere, or Esc: there it belongs to the anchor. */
  onClose: () => void;
  /** Where it is a dialog: its name. */
  dialog?: string;
  children: ReactNode;
  className?: string;
}

/** Keeps an open popover beside its anchor, whatever scrolls. */
export function useBeside(
  box: RefObject<HTMLElement | null>,
  anchor: RefObject<HTMLElement | null>,
  { side, align }: Beside,
) {
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const put = () => {
      if (anchor.current === null) return;
      const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
      const { left, top } = placeBeside(
        anchor.current.getBoundingClientRect(),
        element.getBoundingClientRect(),
        view,
        { side, align },
      );
      element.style.left = `${left}px`;
      element.style.top = `${top}px`;
    };
    element.showPopover();
    put();
    addEventListener("scroll", put, { capture: true, passive: true });
    addEventListener("resize", put);
    const sizes = new ResizeObserver(put);
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      removeEventListener("scroll", put, { capture: true });
      removeEventListener("resize", put);
    };
  }, [box, anchor, side, align]);
}

/**
 * What opens beside a button, in the browser's top layer: nothing clips it, and it needs no style
 * element, which the content-security-policy would refuse.
 */
export function Popup(props: PopupProps) {
  const { anchor, onClose, dialog, children, className, side, align } = props;
  const box = useRef<HTMLDivElement>(null);
  useBeside(box, anchor, { side, align });
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const isInside = (target: EventTarget | null) =>
      target instanceof Node &&
      (box.current?.contains(target) === true || anchor.current?.contains(target) === true);
    const leave = (event: Event) => {
      if (!isInside(event.target)) close.current();
    };
    const dismiss = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      // The page's own Esc is for what lies below.
      event.stopPropagation();
      event.preventDefault();
      anchor.current?.focus();
      close.current();
    };
    addEventListener("pointerdown", leave, true);
    addEventListener("focusin", leave, true);
    addEventListener("keydown", dismiss, true);
    return () => {
      removeEventListener("pointerdown", leave, true);
      removeEventListener("focusin", leave, true);
      removeEventListener("keydown", dismiss, true);
    };
  }, [anchor]);
  return (
    <div
      ref={box}
      popover="manual"
      {...(dialog !== undefined && { role: "dialog", "aria-label": dialog })}
      className={classes(
        "inset-auto m-0 overflow-clip rounded-lg border border-line bg-surface text-text shadow-raised",
        className,
      )}
    >
      {children}
    </div>
  );
}

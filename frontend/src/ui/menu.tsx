import {
  cloneElement,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { classes } from "./classes";
import { Popup } from "./popup";

interface TriggerProps {
  ref?: React.Ref<HTMLButtonElement>;
  id?: string;
  onClick?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
}

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<TriggerProps>;
  children: ReactNode;
  side?: "top" | "bottom";
}

interface ListProps {
  label: string;
  onDone: () => void;
  children: ReactNode;
}

const steps: Partial<Record<string, (at: number, many: number) => number>> = {
  ArrowDown: (at, many) => (at + 1) % many,
  ArrowUp: (at, many) => (Math.max(at, 0) - 1 + many) % many,
  Home: () => 0,
  End: (_, many) => many - 1,
};

/** The item that a letter means: the next one that begins with it. */
function spelled(items: HTMLElement[], at: number, key: string): HTMLElement | undefined {
  if (key.length !== 1) return undefined;
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return order.find((it) => it.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
}

/** The items: arrows, Home, End and first letters move, whatever is chosen closes. */
function List({ label, onDone, children }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus goes in once, when it opens
  useEffect(() => items()[0]?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") {
      onDone();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    // A link heeds Enter only.
    if (event.key === " ") all[at]?.click();
    const step = steps[event.key];
    const next = step ? all[step(at, all.length)] : spelled(all, at, event.key);
    if (next === undefined && event.key !== " ") return;
    event.preventDefault();
    // No shortcut of the page's own.
    event.stopPropagation();
    next?.focus();
  };
  return (
    <div ref={list} role="menu" aria-labelledby={label} onKeyDown={onKeyDown} onClick={onDone}>
      {children}
    </div>
  );
}

/** A list of things to do or places to go, below a button. */
export function Menu({ trigger, children, side = "bottom" }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        id,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        onClick: () => setOpen(!isOpen),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(true);
        },
      })}
      {isOpen && (
        <Popup
          anchor={button}
          side={side}
          align="end"
          onClose={() => setOpen(false)}
          className="min-w-44 p-1"
        >
          <List
            label={id}
            onDone={() => {
              button.current?.focus();
              setOpen(false);
            }}
          >
            {children}
          </List>
        </Popup>
      )}
    </>
  );
}

interface ItemProps {
  role?: "menuitem";
  tabIndex?: number;
  className?: string;
}

interface MenuItemProps {
  /** The item itself: a link, or a button. */
  children: ReactElement<ItemProps>;
}

/** Something to choose in a menu. */
export function MenuItem({ children }: MenuItemProps) {
  return cloneElement(children, {
    role: "menuitem",
    tabIndex: -1,
    className: classes(
      "flex min-h-9 w-full cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 text-base outline-none focus:bg-hover hover:bg-hover aria-[current=page]:text-accent",
    ),
  });
}

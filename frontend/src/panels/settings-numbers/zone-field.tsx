import { useId, useState } from "react";
import { useNow } from "@/lib/clock";
import { clockIn, findZones, offsetOf, zoneOf, zoneTitle } from "@/lib/zones";
import { classes } from "@/ui/classes";

interface ZoneFieldProps {
  /** The zone that counts now. */
  zone: string;
  onChoose: (zone: string) => void;
}

const NO_ZONE = "There is no such time zone. Type a part of a city's name.";

/** Any zone by a part of its name: type, go down the list, Enter. */
export function ZoneField({ zone, onChoose }: ZoneFieldProps) {
  const id = useId();
  const now = useNow();
  const [typed, setTyped] = useState(zoneTitle(zone));
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const [fault, setFault] = useState<string | null>(null);
  const found = isOpen ? findZones(typed) : [];
  const marked = Math.min(at, found.length - 1);

  const take = (chosen: string) => {
    setIsOpen(false);
    setFault(null);
    setTyped(zoneTitle(chosen));
    if (chosen !== zone) onChoose(chosen);
  };
  const settle = () => {
    if (!isOpen) return;
    const chosen = zoneOf(typed);
    setIsOpen(false);
    if (chosen === null) setFault(NO_ZONE);
    else take(chosen);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => {
      setIsOpen(true);
      if (isOpen) setAt(Math.min(marked + 1, found.length - 1));
    },
    ArrowUp: () => setAt(Math.max(marked - 1, 0)),
    Enter: () => {
      const chosen = found[marked];
      if (chosen === undefined) settle();
      else take(chosen);
    },
    Escape: () => {
      setIsOpen(false);
      setFault(null);
      setTyped(zoneTitle(zone));
    },
  };

  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-muted text-sm">
        City or zone
      </label>
      <input
        id={id}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${id}-${marked}` : undefined}
        aria-describedby={`${id}-about`}
        aria-invalid={fault === null ? undefined : true}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        placeholder="Berlin, New York, Tokyo…"
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setIsOpen(true);
          setFault(null);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (act === undefined) return;
          event.preventDefault();
          act();
        }}
        onBlur={settle}
        className={classes(
          "h-8 w-full min-w-0 rounded-md border bg-raised px-2 text-base text-text placeholder:text-faint focus-visible:outline-offset-0",
          fault === null ? "border-line" : "border-down",
        )}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Time zones"
        hidden={found.length === 0}
        className="rounded-md border border-line bg-raised p-1"
      >
        {found.map((name, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
          <div
            key={name}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === marked}
            // Before the input loses the focus, which would settle what was typed.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(name)}
            className={classes(
              "flex min-h-8 cursor-pointer items-center justify-between gap-3 rounded-md px-2",
              index === marked ? "bg-hover" : "hover:bg-hover",
            )}
          >
            <span className="wrap-anywhere min-w-0">{zoneTitle(name)}</span>
            <span className="num shrink-0 text-muted text-sm">
              {clockIn(name, now)} · {offsetOf(name, now)}
            </span>
          </div>
        ))}
      </div>
      <span id={`${id}-about`} className="text-xs">
        {fault !== null && <span className="font-medium text-down">{fault}</span>}
      </span>
    </div>
  );
}

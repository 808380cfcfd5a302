import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { type Command, commandOf, isTaken, openOverlay, shortcuts } from "@/lib/shortcuts";

/** How long the first of two keys waits for the second. */
const PATIENCE = 1_500;

/** Ctrl K or ⌘ K: search. It works in fields too, for it writes nothing there. */
function asksToSearch(event: KeyboardEvent): boolean {
  const isHeld = event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
  return isHeld && event.key.toLowerCase() === "k";
}

/** Two keys are one command: what the first was, for a moment. */
class Sequence {
  private before: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** What a key means after the one before it. */
  add(key: string): Command | null {
    const command = commandOf(key, this.before);
    this.forget();
    if (command?.kind === "wait") {
      this.before = key;
      this.timer = setTimeout(() => this.forget(), PATIENCE);
    }
    return command;
  }

  forget() {
    this.before = null;
    clearTimeout(this.timer);
  }
}

function hearsSingleKey(event: KeyboardEvent): boolean {
  // Shift alone is no key; it stands before `?`.
  return shortcuts.getState().areOn && event.key !== "Shift" && !isTaken(event);
}

function search() {
  if (document.querySelector("dialog[open]") === null) openOverlay("palette");
}

/** Listens for as long as somebody is signed in. */
export function useKeys() {
  const navigate = useNavigate();
  useEffect(() => {
    const sequence = new Sequence();
    const run = (command: Command) => {
      if (command.kind === "go") navigate({ to: command.to });
      if (command.kind === "search") openOverlay("palette");
      if (command.kind === "list") openOverlay("list");
    };
    const hear = (event: KeyboardEvent) => {
      const isSearch = asksToSearch(event);
      const command = !isSearch && hearsSingleKey(event) ? sequence.add(event.key) : null;
      if (isSearch) search();
      if (command !== null) run(command);
      if (isSearch || command !== null) event.preventDefault();
    };
    document.addEventListener("keydown", hear);
    return () => {
      sequence.forget();
      document.removeEventListener("keydown", hear);
    };
  }, [navigate]);
}

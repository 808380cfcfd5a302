import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { classes } from "./classes";

interface Note {
  id: number;
  text: string;
  failed: boolean;
}

const SHOWN_FOR = 6_000;
const notes = createStore<{ shown: Note[] }>(() => ({ shown: [] }));
let last = 0;

/** Says shortly how something went. */
export function notify(text: string, { failed = false } = {}) {
  last += 1;
  const note = { id: last, text, failed };
  notes.setState(({ shown }) => ({ shown: [...shown.slice(-2), note] }));
  setTimeout(() => {
    notes.setState(({ shown }) => ({ shown: shown.filter((it) => it.id !== note.id) }));
  }, SHOWN_FOR);
}

export function Toasts() {
  const shown = useStore(notes, (state) => state.shown);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-16 z-50 flex flex-col items-end gap-2 md:bottom-4"
    >
      {shown.map((note) => (
        <p
          key={note.id}
          className={classes(
            "max-w-sm rounded-md border border-l-4 bg-surface px-3 py-2 shadow-raised",
            note.failed ? "border-line border-l-down" : "border-line border-l-accent",
          )}
        >
          {note.text}
        </p>
      ))}
    </div>
  );
}

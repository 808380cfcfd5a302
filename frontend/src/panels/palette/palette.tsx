import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Dialog } from "@/ui/dialog";
import { Keys } from "@/ui/keys";
import { type Entry, find } from "./rank";
import { useEntries } from "./use-entries";

function EntryRow({ entry, onRun }: { entry: Entry; onRun: (entry: Entry) => void }) {
  const { Icon } = entry;
  return (
    <Command.Item
      value={entry.id}
      onSelect={() => onRun(entry)}
      className="flex min-h-9 cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-hover"
    >
      <Icon size={16} aria-hidden="true" className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1 truncate">{entry.title}</span>
      {entry.detail}
    </Command.Item>
  );
}

const heading =
  "[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-xs";

/** Finds pages, tokens, trades and actions by a few letters; Enter does what is marked. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [search, setSearch] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // The dialog gives the focus to the first part of it that can have any, which is not the field.
  useEffect(() => field.current?.focus(), []);
  const entries = useEntries(search);
  const found = useMemo(() => find(entries, search), [entries, search]);
  const count = found.reduce((sum, { entries: own }) => sum + own.length, 0);
  const run = (entry: Entry) => {
    // The dialog goes first, so that what follows may take the focus.
    onClose();
    entry.run();
  };
  return (
    <Dialog open bare onClose={onClose} title="Search">
      <Command label="Search" shouldFilter={false} loop vimBindings={false}>
        <div className="flex items-center gap-2.5 border-line border-b px-3.5">
          <Search size={16} aria-hidden="true" className="shrink-0 text-muted" />
          <Command.Input
            ref={field}
            value={search}
            onValueChange={setSearch}
            placeholder="Pages, tokens, trades, actions…"
            className="h-12 w-full min-w-0 bg-transparent text-lg text-text outline-none placeholder:text-faint"
          />
          <Keys keys={["Esc"]} />
        </div>
        <Command.List
          label="Found"
          className="max-h-[min(26rem,60dvh)] overflow-y-auto overscroll-contain p-1.5"
        >
          {found.map(({ group, entries: own }) => (
            <Command.Group key={group} heading={group} className={heading}>
              {own.map((entry) => (
                <EntryRow key={entry.id} entry={entry} onRun={run} />
              ))}
            </Command.Group>
          ))}
        </Command.List>
        <p role="status" className={count === 0 ? "px-6 pb-8 text-center text-muted" : "sr-only"}>
          {count === 0
            ? "Nothing fits. Try a symbol, a page or #42 for a trade."
            : `${count} found`}
        </p>
      </Command>
    </Dialog>
  );
}

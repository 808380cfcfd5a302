import { X } from "lucide-react";
import { formatCount } from "@/lib/format";
import type { TradeSearch } from "@/lib/profile";
import type { Chip } from "./filters";

interface ChipsProps {
  chips: Chip[];
  /** How many trades there are; null while that is not known. */
  total: number | null;
  onRemove: (names: (keyof TradeSearch)[]) => void;
}

/** What is filtered by, each to be taken away, and how many trades that leaves. */
export function Chips({ chips, total, onRemove }: ChipsProps) {
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-1.5 border-line border-b px-3 py-1.5 text-sm">
      <p className="num mr-1 text-muted" aria-live="polite">
        {total !== null && `${formatCount(total)} ${total === 1 ? "trade" : "trades"}`}
      </p>
      {chips.map(({ names, text }) => (
        <button
          key={names[0]}
          type="button"
          aria-label={`Remove the filter ${text}`}
          onClick={() => onRemove(names)}
          className="inline-flex h-6 max-w-full items-center gap-1 rounded-md bg-accent-soft px-2 text-accent hover:bg-hover"
        >
          <span className="truncate">{text}</span>
          <X size={12} aria-hidden="true" className="shrink-0" />
        </button>
      ))}
      {chips.length > 1 && (
        <button
          type="button"
          onClick={() => onRemove(chips.flatMap(({ names }) => names))}
          className="h-6 rounded-md px-2 text-muted hover:bg-hover hover:text-text"
        >
          Clear all
        </button>
      )}
    </div>
  );
}

import { ChevronDown } from "lucide-react";
import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { useShown } from "@/api/shown";
import type { Summary, SummaryStatus } from "@/api/wire";
import { select } from "@/lib/selection";
import { classes } from "@/ui/classes";
import { type Sight, useSight } from "@/ui/use-sight";
import { type Group, keyOf } from "./groups";
import { inSight, type Placed, place, ROW, scrolledTo, topOf } from "./layout";
import { SignalRow } from "./signal-row";

const steps: Record<string, (row: number, last: number) => number> = {
  ArrowDown: (row, last) => Math.min(row + 1, last),
  ArrowUp: (row) => Math.max(row - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** Whether a row is what the page shows: chosen, or the trade that is followed. */
function useIsSelected(): (summary: Summary) => boolean {
  const shown = useShown();
  return ({ token, trade_id: trade, signal_id: signal }) => {
    if (shown.token?.address !== token.address) return false;
    if (shown.following) return trade !== null && trade === shown.trade;
    return shown.trade === trade && (shown.signal ?? signal) === signal;
  };
}

interface GroupSectionProps {
  placed: Placed;
  sight: Sight;
  reached: number;
  isSelected: (summary: Summary) => boolean;
  onFold: (status: SummaryStatus) => void;
}

function GroupSection({ placed, sight, reached, isSelected, onFold }: GroupSectionProps) {
  const { group, isOpen, first } = placed;
  const { status, meaning, summaries } = group;
  const [from, to] = inSight(placed, sight);
  return (
    <section aria-label={status}>
      <h3 className="sticky top-0 z-10">
        <button
          type="button"
          aria-expanded={isOpen}
          title={meaning}
          onClick={() => onFold(status)}
          className="flex h-[29px] w-full items-center justify-between border-line border-b bg-raised px-3 font-medium text-muted text-sm hover:text-text focus-visible:outline-offset-[-2px]"
        >
          <span className="flex items-center gap-1.5">
            <ChevronDown
              size={13}
              aria-hidden="true"
              className={classes("transition-transform", !isOpen && "-rotate-90")}
            />
            {status}
          </span>
          <span className="num text-faint">{summaries.length}</span>
        </button>
      </h3>
      {isOpen && (
        <ul className="relative" style={{ height: summaries.length * ROW }}>
          {summaries.slice(from, to).map((summary, index) => (
            <li
              key={keyOf(summary)}
              aria-setsize={summaries.length}
              aria-posinset={from + index + 1}
              className="absolute inset-x-0"
              style={{ top: (from + index) * ROW }}
            >
              <SignalRow
                summary={summary}
                row={first + from + index}
                isSelected={isSelected(summary)}
                isReached={first + from + index === reached}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Moves the choice with the arrow keys, over rows that may not be drawn yet. */
function useArrows(scroller: RefObject<HTMLElement | null>, all: Placed[]) {
  const rows = all.flatMap(({ group, isOpen }) => (isOpen ? group.summaries : []));
  return (event: KeyboardEvent) => {
    const list = scroller.current;
    const step = steps[event.key];
    const row = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
    if (list === null || step === undefined || row === undefined) return;
    event.preventDefault();
    const next = step(Number(row), rows.length - 1);
    const [summary, top] = [rows[next], topOf(all, next)];
    if (summary === undefined || top === null) return;
    list.scrollTop = scrolledTo(top, { top: list.scrollTop, height: list.clientHeight });
    const { token, trade_id: trade, signal_id: signal } = summary;
    select({ token, trade, signal });
    // It may be drawn only after the scroll was heard of.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        list.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus({ preventScroll: true }),
      ),
    );
  };
}

/** The tab key leads to the chosen row while it is drawn, else to the first that is. */
function reachedOf(all: Placed[], sight: Sight, isSelected: (summary: Summary) => boolean): number {
  const drawn = all.flatMap((placed) => {
    const [from, to] = inSight(placed, sight);
    return placed.group.summaries
      .slice(from, to)
      .map((summary, index) => ({ summary, row: placed.first + from + index }));
  });
  const chosen = drawn.find(({ summary }) => isSelected(summary));
  return (chosen ?? drawn[0])?.row ?? 0;
}

/** Signals by state. One tab stop; arrow keys choose. Only rows in sight are drawn. */
export function SignalList({ groups }: { groups: Group[] }) {
  const [folded, setFolded] = useState<ReadonlySet<SummaryStatus>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useSight(scroller, ROW);
  const isSelected = useIsSelected();
  const all = place(groups, folded);
  const move = useArrows(scroller, all);
  const reached = reachedOf(all, sight, isSelected);
  const fold = (status: SummaryStatus) =>
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(status)) after.add(status);
      return after;
    });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its rows are buttons; this hears their arrow keys
    <div ref={scroller} onKeyDown={move} className="min-h-0 flex-1 overflow-y-auto">
      {all.map((placed) => (
        <GroupSection
          key={placed.group.status}
          placed={placed}
          sight={sight}
          reached={reached}
          isSelected={isSelected}
          onFold={fold}
        />
      ))}
    </div>
  );
}

import type { ReactNode } from "react";
import { inWords } from "@/lib/reasons";
import { Change } from "@/ui/figures";

export interface Result {
  pnl: number;
  percent?: number;
  /** How it ended. */
  words: string;
}

function Side({ title, result }: { title: string; result: Result | null }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-xs">{title}</dt>
      <dd>
        <Change value={result?.pnl} className="font-semibold text-lg" />
        {result?.percent !== undefined && (
          <>
            {" "}
            <Change value={result.percent} unit="percent" className="text-sm" />
          </>
        )}
        <span className="block truncate text-muted text-sm">{result?.words ?? " "}</span>
      </dd>
    </div>
  );
}

export function wordsOfEnd(reason: string | null, stillOpen: boolean): string {
  return stillOpen ? "still open at the last price" : inWords(reason);
}

interface OutcomeProps {
  recorded: Result | null;
  tried: Result | null;
  isWaiting: boolean;
  children?: ReactNode;
}

/** What was made, what the plan would have made, and what lies between them. */
export function Outcome({ recorded, tried, isWaiting, children }: OutcomeProps) {
  const difference = recorded && tried ? tried.pnl - recorded.pnl : null;
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <dl
        aria-live="polite"
        aria-busy={isWaiting}
        className="grid min-w-0 flex-1 basis-72 grid-cols-3 gap-x-4"
      >
        <Side title="As it was, SOL" result={recorded} />
        <Side title="With this plan, SOL" result={tried} />
        <div className="min-w-0">
          <dt className="text-faint text-xs">Difference, SOL</dt>
          <dd>
            <Change value={difference} className="font-semibold text-lg" />
          </dd>
        </div>
      </dl>
      {children}
    </div>
  );
}

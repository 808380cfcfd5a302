import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import type { Run, RunKind } from "@/api/research";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { StatusBadge } from "../runs/status";
import { kindsInWords, titleOf, tokensOf } from "../titles";

interface RunHeaderProps {
  kind: RunKind;
  run: Run;
  /** Further facts for the line below the name. */
  facts?: string[];
  actions: ReactNode;
}

/** What run this is, how it stands, and what can be done with it. */
export function RunHeader({ kind, run, facts = [], actions }: RunHeaderProps) {
  const words = [kindsInWords[kind], tokensOf(run).join(", "), ...facts].filter(Boolean);
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-1 basis-64 items-start gap-1">
        <Link
          to="/research"
          search={{}}
          aria-label="Back to all runs"
          title="Back to all runs"
          className="-ml-1.5 inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <ChevronLeft size={18} aria-hidden="true" />
        </Link>
        <div className="min-w-0">
          <div className="flex min-h-8 flex-wrap items-center gap-x-2">
            <h2 className="min-w-0 break-words font-semibold text-xl">{titleOf(run)}</h2>
            <StatusBadge status={run.status} />
            {run.adopted_symbol && (
              <Badge tone="accent">
                Adopted for{" "}
                {run.adopted_symbol === "*" ? "every token" : cleanText(run.adopted_symbol, 24)}
              </Badge>
            )}
          </div>
          <p className="text-muted text-sm">
            {words.join(", ")}, asked for <Ago at={parseTime(run.created_at)} />
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">{actions}</div>
    </header>
  );
}

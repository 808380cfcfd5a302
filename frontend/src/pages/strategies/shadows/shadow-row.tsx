import { Pause, Pencil, Play, Trash2, Trophy } from "lucide-react";
import type { ReactNode } from "react";
import type { Pair, Shadow } from "@/api/wire";
import { inWords } from "@/lib/reasons";
import { inShort } from "@/lib/settings/diff";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { Button, IconButton } from "@/ui/button";
import { Change, Sol } from "@/ui/figures";
import { nameOfSymbol } from "../settings/symbols";
import { wordsOf } from "./verdict";
import type { SymbolDifferences } from "./wishes";

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-xs">{label}</dt>
      <dd className="truncate">{children}</dd>
    </div>
  );
}

/** What differs from one's own settings, in a line. */
function shortly(differing: SymbolDifferences[]): string {
  if (differing.length === 0) return "The same settings as yours";
  return differing
    .map(({ symbol, differences }) =>
      symbol === "*" ? inShort(differences) : `${nameOfSymbol(symbol)}: ${inShort(differences, 2)}`,
    )
    .join(" · ");
}

interface ShadowRowProps {
  shadow: Shadow;
  pair: Pair | undefined;
  differing: SymbolDifferences[];
  isShown: boolean;
  canShow: boolean;
  isBusy: boolean;
  onShow: () => void;
  onAdopt: () => void;
  onEdit: () => void;
  onPause: () => void;
  onRetire: () => void;
}

export function ShadowRow(props: ShadowRowProps) {
  const { shadow, pair, differing, isShown, canShow, isBusy } = props;
  const name = cleanText(shadow.name, 60);
  const isRetired = shadow.retired_at !== null;
  const words = pair && wordsOf(pair);
  return (
    <li className="flex flex-col gap-2 border-line border-b px-3 py-3 last:border-b-0 sm:px-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <label className="flex min-w-0 flex-1 basis-60 items-start gap-2.5">
          <input
            type="checkbox"
            checked={isShown}
            disabled={!isShown && !canShow}
            onChange={props.onShow}
            aria-label={`Show ${name} in the comparison`}
            className="mt-1 size-4 shrink-0 accent-accent-strong"
          />
          <span className="min-w-0">
            <span className="flex flex-wrap items-center gap-2">
              <span className="break-words font-semibold text-lg">{name}</span>
              {words && !isRetired && (
                <Badge tone={words.tone}>
                  <span title={words.more}>{words.title}</span>
                </Badge>
              )}
              {isRetired && <Badge tone="warn">retired, sells what it holds</Badge>}
              {shadow.paused && !isRetired && (
                <Badge tone="warn">
                  paused{shadow.pause_reason ? `: ${inWords(shadow.pause_reason)}` : ""}
                </Badge>
              )}
            </span>
            <span className="block text-muted text-sm">{shortly(differing)}</span>
          </span>
        </label>
        {!isRetired && (
          <div className="flex items-center gap-1">
            <Button size="small" onClick={props.onAdopt}>
              <Trophy size={13} aria-hidden="true" />
              Adopt<span className="sr-only"> {name}</span>
            </Button>
            <IconButton label={`Change ${name}`} onClick={props.onEdit}>
              <Pencil size={14} aria-hidden="true" />
            </IconButton>
            <IconButton
              label={`${shadow.paused ? "Resume" : "Pause"} ${name}`}
              disabled={isBusy}
              onClick={props.onPause}
            >
              {shadow.paused ? (
                <Play size={14} aria-hidden="true" />
              ) : (
                <Pause size={14} aria-hidden="true" />
              )}
            </IconButton>
            <IconButton label={`Retire ${name}`} onClick={props.onRetire}>
              <Trash2 size={14} aria-hidden="true" />
            </IconButton>
          </div>
        )}
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1 pl-6.5 sm:grid-cols-4">
        <Figure label="Worth, SOL">
          <Sol value={shadow.total_value} />
        </Figure>
        <Figure label="P&L, SOL">
          <Change value={shadow.overall_pnl} />
        </Figure>
        <Figure label="Open positions">
          <span className="num">{shadow.open_positions}</span>
        </Figure>
        <Figure label="Since">
          <Ago at={parseTime(shadow.since)} className="text-muted" />
        </Figure>
      </dl>
    </li>
  );
}

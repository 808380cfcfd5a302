import { useNavigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { StoredEvent } from "@/api/wire";
import { useDrawers } from "@/lib/drawers";
import { formatCount } from "@/lib/format";
import { formatFull, formatMoment, parseTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { classes } from "@/ui/classes";
import { CopyButton } from "@/ui/copy-button";
import { Change } from "@/ui/figures";
import { type EventField, fieldsOf } from "./fields";
import { kindOf } from "./kinds";
import { type Piece, sentenceOf } from "./sentences";

function PieceText({ piece }: { piece: Piece }) {
  if (typeof piece === "string") return piece;
  if ("name" in piece) return <strong className="font-semibold text-text">{piece.name}</strong>;
  return <Change value={piece.change} unit={piece.unit} className="font-medium" />;
}

function Sentence({ event }: { event: StoredEvent }) {
  return sentenceOf(event).map((piece, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence have no identity
    <PieceText key={place} piece={piece} />
  ));
}

function FieldValue({ field }: { field: EventField }) {
  const { openTrade } = useDrawers();
  const navigate = useNavigate();
  const { link, copy, title, value } = field;
  if (link) {
    const open = () =>
      link.to === "trade"
        ? openTrade(link.id)
        : navigate({ to: "/signals", search: { signal: link.id } });
    return (
      <button type="button" onClick={open} className="num min-h-6 text-accent hover:underline">
        {value}
      </button>
    );
  }
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="min-w-0 break-words">{value}</span>
      {copy && <CopyButton text={copy} label={`Copy: ${title}`} />}
    </span>
  );
}

/** All that is stored of an event. */
function Details({ event }: { event: StoredEvent }) {
  const own: EventField[] = [
    { name: "at", title: "When", value: formatFull(parseTime(event.at)) },
    { name: "seq", title: "Number", value: formatCount(event.seq) },
    { name: "kind", title: "Kind", value: event.kind },
  ];
  return (
    <div className="border-line border-t bg-raised px-3 py-3 sm:pl-11">
      <dl className="grid grid-cols-1 gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
        {[...own, ...fieldsOf(event.data)].map((field) => (
          <div key={field.name} className="flex min-w-0 flex-col">
            <dt className="text-faint text-sm">{field.title}</dt>
            <dd className="flex min-h-6 min-w-0 items-center">
              <FieldValue field={field} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 flex items-center text-faint text-sm">
        As JSON
        <CopyButton text={JSON.stringify(event, null, 2)} label="Copy as JSON" />
      </p>
    </div>
  );
}

interface EventRowProps {
  event: StoredEvent;
  isOpen: boolean;
  onToggle: (seq: number) => void;
}

export function EventRow({ event, isOpen, onToggle }: EventRowProps) {
  const { openTrade } = useDrawers();
  const { title, Icon, colour } = kindOf(event.kind);
  const at = parseTime(event.at);
  const trade = event.trade_id;
  return (
    <article aria-label={`${title}, ${formatMoment(at)}`} className="border-line border-b">
      <div className="flex items-start hover:bg-hover">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => onToggle(event.seq)}
          className="grid min-w-0 flex-1 grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-3 px-3 py-2 text-left leading-5 focus-visible:outline-offset-[-2px] md:grid-cols-[1rem_8.5rem_8rem_minmax(0,1fr)]"
        >
          <ChevronRight
            size={14}
            aria-hidden="true"
            className={classes(
              "mt-0.75 text-faint transition-transform max-md:row-span-2",
              isOpen && "rotate-90",
            )}
          />
          <time
            dateTime={event.at}
            title={formatFull(at)}
            className="num text-faint text-sm leading-5 max-md:hidden"
          >
            {formatMoment(at)}
          </time>
          <span className="flex min-w-0 items-center gap-1.5 font-medium">
            <Icon size={14} aria-hidden="true" className={classes("shrink-0", colour)} />
            <span className="truncate">{title}</span>
            <span className="num ml-auto font-normal text-faint text-sm md:hidden">
              {formatMoment(at)}
            </span>
          </span>
          <span className="min-w-0 break-words text-muted max-md:col-start-2">
            <Sentence event={event} />
          </span>
        </button>
        {trade !== null && (
          <Button
            look="quiet"
            size="small"
            aria-haspopup="dialog"
            onClick={() => openTrade(trade)}
            className="mt-1 mr-2 h-7"
          >
            Trade {trade}
          </Button>
        )}
      </div>
      {isOpen && <Details event={event} />}
    </article>
  );
}

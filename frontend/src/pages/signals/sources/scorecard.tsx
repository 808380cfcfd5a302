import { useQuery } from "@tanstack/react-query";
import { RequestFailed } from "@/api/problem";
import { type Scorecard, scorecardsQuery } from "@/api/scorecards";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { Card } from "@/ui/card";
import { Definition } from "@/ui/definition";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Change } from "@/ui/figures";
import { Scroller } from "@/ui/scroller";
import { Skeleton } from "@/ui/skeleton";
import type { Days } from "../search";
import { Calibration } from "./calibration";
import { cardOf, type Figure, figures, missing } from "./figures";

const NOT_NOW = 503;

function Cell({ figure, card }: { figure: Figure; card: Scorecard }) {
  const value = figure.read(card);
  const more = figure.more?.(card);
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 py-2 max-sm:last:col-span-2">
      <dt className="text-muted text-sm">
        <Definition text={figure.definition}>{figure.label}</Definition>
      </dt>
      <dd className="num font-semibold text-lg">
        {value === null && (
          <span className="whitespace-normal font-normal text-faint text-sm">
            {missing(figure, card)}
          </span>
        )}
        {value !== null &&
          (figure.isChange ? <Change value={value} unit="percent" /> : figure.write(value))}
      </dd>
      {more && value !== null && <dd className="num text-faint text-xs">{more}</dd>}
    </div>
  );
}

const compared = ["signals", "screened_rate", "made.win_rate", "made.average_pnl_percent"];

/** Every source beside the others; a click shows its card. */
function Sources({ cards, chosen, onChoose }: Omit<BodyProps, "of"> & { chosen: string | null }) {
  const columns = figures.filter(({ key }) => compared.includes(key));
  return (
    <Scroller label="All sources" className="max-h-52 border-line border-b">
      <table className="w-full text-sm">
        <thead>
          <tr className="text-faint">
            <th scope="col" className="px-3 py-1.5 text-left font-normal">
              Source
            </th>
            {columns.map(({ key, label }) => (
              <th key={key} scope="col" className="px-2 py-1.5 text-right font-normal last:pr-3">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cards.map((card) => (
            <tr
              key={card.source ?? ""}
              className={
                card.source === chosen
                  ? "border-line border-t bg-accent-soft"
                  : "border-line border-t"
              }
            >
              <th scope="row" className="max-w-32 px-3 py-1 text-left font-medium">
                <button
                  type="button"
                  aria-pressed={card.source === chosen}
                  onClick={() => onChoose(card.source ?? undefined)}
                  className="block min-h-6 max-w-full truncate hover:underline"
                >
                  {card.source === null ? "All together" : cleanText(card.source, 60)}
                </button>
              </th>
              {columns.map((figure) => {
                const value = figure.read(card);
                return (
                  <td key={figure.key} className="num px-2 py-1 text-right last:pr-3">
                    {value === null && <span className="text-faint">–</span>}
                    {value !== null && figure.isChange && <Change value={value} unit="percent" />}
                    {value !== null && !figure.isChange && figure.write(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

interface BodyProps {
  cards: Scorecard[];
  of: string | undefined;
  onChoose: (source: string | undefined) => void;
}

function Body({ cards, of, onChoose }: BodyProps) {
  const card = cardOf(cards, of);
  return (
    <>
      {cards.length > 2 && <Sources cards={cards} chosen={of ?? null} onChoose={onChoose} />}
      {card === null || card.signals === 0 ? (
        <Empty title="No signal of this source in this period">
          Its scorecard appears with the first signal that comes in.
        </Empty>
      ) : (
        <>
          <dl className="grid grid-cols-2 gap-px bg-line sm:grid-cols-3">
            {figures.map((figure) => (
              <Cell key={figure.key} figure={figure} card={card} />
            ))}
          </dl>
          <Calibration calibration={card.calibration} />
        </>
      )}
    </>
  );
}

interface ScorecardCardProps {
  days: Days;
  of: string | undefined;
  onChoose: (source: string | undefined) => void;
}

/** How good each source of signals is, whoever bought. */
export function ScorecardCard({ days, of, onChoose }: ScorecardCardProps) {
  const query = useQuery(scorecardsQuery(days));
  const isAbsent = query.error instanceof RequestFailed && query.error.status === NOT_NOW;
  return (
    <Card
      title={
        <Definition text="Every signal that passed is followed under the platform's own exit plan, whoever bought on it. So a scorecard tells how good the source is, and nothing about any wallet.">
          Scorecard
        </Definition>
      }
      actions={
        query.data && !query.data.complete ? (
          <span className="text-sm text-warn">newest {formatCount(5000)} signals</span>
        ) : undefined
      }
    >
      {query.isPending && <Skeleton label="Scorecards load" rows={6} />}
      {query.isError && !query.data && (
        <Failure
          title={
            isAbsent
              ? "This server does not run the engine, so it cannot follow signals"
              : "The scorecards could not be loaded"
          }
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data && <Body cards={query.data.items} of={of} onChoose={onChoose} />}
    </Card>
  );
}

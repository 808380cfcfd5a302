import type { Bin, Scorecard } from "@/api/scorecards";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import { Definition } from "@/ui/definition";
import { Twin } from "@/ui/twin";
import { worthOf } from "./figures";

const percent = (share: number) => formatPercent(100 * share, 0);
const bins = Array.from({ length: 10 }, (_, place) => 10 * place);
const meaning =
  "How many of the signals with a score like this won. Where the bars meet the dashes, a score of 70 means that 70 of 100 win. The thin line is the 95 % interval: few signals, long line.";

function BinBar({ low, bin }: { low: number; bin: Bin | undefined }) {
  const expected = bin?.mean_score ?? low + 5;
  return (
    <div
      className="relative h-full min-w-0 flex-1"
      title={
        bin &&
        `Score ${bin.low}–${bin.high}: ${bin.wins} of ${bin.signals} won, ${percent(bin.win_share)}`
      }
    >
      {bin && (
        <>
          <div
            className="absolute inset-x-[12%] bottom-0 rounded-t-sm bg-accent"
            style={{ height: `${100 * bin.win_share}%` }}
          />
          <div
            className="absolute left-1/2 w-px bg-text"
            style={{
              bottom: `${100 * bin.win_share_low}%`,
              height: `${100 * (bin.win_share_high - bin.win_share_low)}%`,
            }}
          />
        </>
      )}
      <div
        className="absolute inset-x-0 border-warn border-t-2 border-dashed"
        style={{ bottom: `${expected}%` }}
      />
    </div>
  );
}

function Verdict({ calibration }: { calibration: Scorecard["calibration"] }) {
  const worth = worthOf(calibration);
  if (worth === null) return null;
  const { brier, brier_of_base_rate: base } = calibration;
  return (
    <p className="text-muted text-sm">
      {worth === "better"
        ? "The score foretells better than chance"
        : "The score foretells no better than always saying how many win"}
      :{" "}
      <Definition text="The mean squared distance of a forecast from what came of it; 0 is perfect. Beside it that of always forecasting the share of wins.">
        Brier score
      </Definition>{" "}
      <span className="num">
        {formatNumber(Math.round(1000 * (brier ?? 0)) / 1000)} against{" "}
        {formatNumber(Math.round(1000 * (base ?? 0)) / 1000)}
      </span>
      .
    </p>
  );
}

/** The sentiment score against what was observed. */
export function Calibration({ calibration }: { calibration: Scorecard["calibration"] }) {
  const byLow = new Map(calibration.bins.map((bin) => [bin.low, bin]));
  return (
    <section aria-label="Calibration of the sentiment score" className="border-line border-t">
      <div className="flex flex-col gap-2 px-3 py-2.5">
        <h3 className="text-muted text-sm">
          <Definition text={meaning}>Sentiment score against wins</Definition>
        </h3>
        {calibration.signals === 0 ? (
          <p className="text-faint text-sm">
            Appears when a signal with a score has a result, most within a few minutes.
          </p>
        ) : (
          <>
            <div className="flex gap-1.5">
              <div
                aria-hidden="true"
                className="num flex h-28 flex-col justify-between text-right text-faint text-xs leading-none"
              >
                <span>{percent(1)}</span>
                <span>{percent(0.5)}</span>
                <span>{percent(0)}</span>
              </div>
              <div
                role="img"
                aria-label={`Share of wins by sentiment score, ${calibration.signals} signals; the table below holds the figures`}
                className="min-w-0 flex-1"
              >
                <div className="flex h-28 border-line border-b border-l">
                  {bins.map((low) => (
                    <BinBar key={low} low={low} bin={byLow.get(low)} />
                  ))}
                </div>
                <div className="flex pt-1 text-center text-faint text-xs">
                  {bins.map((low) => (
                    <span key={low} className="num min-w-0 flex-1">
                      {low}
                      <span className="block text-muted">
                        {byLow.has(low) ? formatCount(byLow.get(low)?.signals) : " "}
                      </span>
                    </span>
                  ))}
                </div>
              </div>
            </div>
            <p className="text-faint text-xs">
              Below each bar: where its scores begin, and how many signals it holds. Dashes: what
              the score foretells.
            </p>
            <Verdict calibration={calibration} />
          </>
        )}
      </div>
      {calibration.signals > 0 && (
        <Twin
          title="The calibration as a table"
          headings={["Score", "Signals", "Mean score", "Won", "95 %"]}
          rows={calibration.bins.map((bin) => ({
            key: bin.low,
            cells: [
              `${bin.low}–${bin.high}`,
              formatCount(bin.signals),
              formatNumber(Math.round(10 * bin.mean_score) / 10),
              percent(bin.win_share),
              `${percent(bin.win_share_low)} to ${percent(bin.win_share_high)}`,
            ],
          }))}
        />
      )}
    </section>
  );
}

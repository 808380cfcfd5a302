import type { Backtest, Sweep } from "@/api/research";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { Scroller } from "@/ui/scroller";
import type { Json } from "../form/restore";
import { saidOf } from "../settings-words";
import { formatUtc } from "../words";

const drivers: Record<string, string> = {
  walk: "One compiled pass: the same fills as the live engine, faster",
  engine: "The live engine itself, fed with history",
};

function Pair({ title, text, copies }: { title: string; text: string; copies?: boolean }) {
  return (
    <div className="flex items-center justify-between gap-3 border-line border-b px-3 py-1.5 last:border-b-0">
      <dt className="shrink-0 text-muted">{title}</dt>
      <dd className="flex min-w-0 items-center gap-1 text-right">
        <span className={copies ? "truncate font-mono text-sm" : "min-w-0"} title={text}>
          {text}
        </span>
        {copies && <CopyButton text={text} label={`Copy: ${title}`} />}
      </dd>
    </div>
  );
}

function Tokens({ tokens }: { tokens: Backtest["tokens"] }) {
  if (tokens.length === 0) return null;
  return (
    <Card title="Candles used">
      <Scroller label="Candles that the run used">
        <table className="w-full whitespace-nowrap" aria-label="Candles used">
          <thead>
            <tr className="border-line border-b text-muted text-sm">
              <th scope="col" className="px-3 py-2 text-left font-medium">
                Token
              </th>
              {["Timeframe", "First, UTC", "Last, UTC", "Candles", "Gaps"].map((title) => (
                <th key={title} scope="col" className="px-3 py-2 text-right font-medium">
                  {title}
                </th>
              ))}
              <th scope="col" className="px-3 py-2 text-left font-medium">
                Hash
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((used) => (
              <tr key={used.token.address} className="border-line border-b last:border-b-0">
                <th scope="row" className="px-3 py-1.5 text-left font-semibold">
                  {cleanText(used.token.symbol ?? used.token.address, 24)}
                </th>
                <td className="px-3 py-1.5 text-right">{used.timeframe}</td>
                <td className="num px-3 py-1.5 text-right">{formatUtc(used.first)}</td>
                <td className="num px-3 py-1.5 text-right">{formatUtc(used.last)}</td>
                <td className="num px-3 py-1.5 text-right">{formatCount(used.candles)}</td>
                <td className="num px-3 py-1.5 text-right">{formatCount(used.gaps)}</td>
                <td className="px-3 py-1.5 font-mono text-muted text-sm" title={used.data_hash}>
                  {used.data_hash.slice(0, 12)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </Card>
  );
}

/** What was run, on which data, by which code: enough to do the same again. */
export function SettingsCard({ run }: { run: Backtest | Sweep }) {
  const driver = "driver" in run && run.driver ? (drivers[run.driver] ?? run.driver) : null;
  return (
    <div className="grid min-w-0 items-start gap-3 lg:grid-cols-2">
      <Card title="Settings">
        <dl>
          {saidOf(run.request as Json).map(({ name, title, text }) => (
            <Pair key={name} title={title} text={text} />
          ))}
        </dl>
      </Card>
      <div className="flex min-w-0 flex-col gap-3">
        <Card title="To run the same again">
          <dl>
            {run.code_version && <Pair title="Version" text={run.code_version} copies />}
            {run.code_digest && <Pair title="Rules and strategies" text={run.code_digest} copies />}
            {run.data_hash && <Pair title="Data" text={run.data_hash} copies />}
            {driver && <Pair title="Computed by" text={driver} />}
            {run.candles !== null && <Pair title="Candles" text={formatCount(run.candles)} />}
            {run.seconds !== null && <Pair title="Took" text={`${run.seconds.toFixed(2)} s`} />}
            {run.candles_per_second !== null && (
              <Pair title="Candles a second" text={formatCount(run.candles_per_second)} />
            )}
          </dl>
        </Card>
        <Tokens tokens={run.tokens} />
      </div>
    </div>
  );
}

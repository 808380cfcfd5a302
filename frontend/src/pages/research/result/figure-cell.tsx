import { Definition } from "@/ui/definition";
import { Change } from "@/ui/figures";
import type { Reading } from "./statistics";

/** A figure with its meaning on hover, its interval, or the reason why it does not exist. */
export function FigureCell({ reading }: { reading: Reading }) {
  const { title, definition, value, text, sign, interval, doubtful } = reading;
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 py-2.5 ring-1 ring-line">
      <dt className="text-muted text-sm">
        <Definition text={definition}>{title}</Definition>
      </dt>
      <dd className="num font-semibold text-lg">
        {value === null && (
          <span className="whitespace-normal font-normal text-faint text-sm">{text}</span>
        )}
        {typeof value === "number" && sign && <Change value={value} unit={sign} />}
        {value !== null && !sign && text}
      </dd>
      {interval && (
        <dd className="num text-faint text-xs" title="Bootstrap 95 % interval">
          95 %: {interval}
        </dd>
      )}
      {doubtful && <dd className="text-warn text-xs">Under 30 days: says little</dd>}
    </div>
  );
}

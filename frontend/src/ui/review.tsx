import type { ReactNode } from "react";
import type { Preview } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import type { Difference } from "@/lib/settings/diff";
import { cleanText } from "@/lib/text";
import { Badge, type Tone } from "./badge";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { DiffTable } from "./diff-table";
import { Price } from "./figures";
import { Scroller } from "./scroller";

type Moved = Preview["positions"][number];

const effects: Record<Moved["effect"], { tone: Tone; text: string }> = {
  none: { tone: "neutral", text: "stays" },
  moves: { tone: "warn", text: "would move" },
  closes: { tone: "down", text: "would sell" },
};

/** How open positions would stand under the new plan; they keep their own. */
export function OpenPositions({ positions }: { positions: Moved[] }) {
  if (positions.length === 0) {
    return <p className="text-muted text-sm">No position is open here now.</p>;
  }
  return (
    <div>
      <p className="mb-1 text-muted text-sm">
        They keep the plan they began with. Under the new one they would stand like this:
      </p>
      <Scroller label="Open positions under the new plan" className="max-h-52">
        <table className="w-full whitespace-nowrap text-sm">
          <thead>
            <tr className="border-line border-b text-muted">
              <th scope="col" className="py-1 pr-3 text-left font-medium">
                Token
              </th>
              {["Price", "Stop now", "Stop then"].map((title) => (
                <th key={title} scope="col" className="py-1 pr-3 text-right font-medium">
                  {title}
                </th>
              ))}
              <th scope="col" className="py-1 text-left font-medium">
                Effect
              </th>
            </tr>
          </thead>
          <tbody>
            {positions.map(({ trade_id, token, price, stop_now, stop_then, effect }) => (
              <tr key={trade_id} className="border-line border-b last:border-b-0">
                <th scope="row" className="py-1 pr-3 text-left font-medium">
                  {cleanText(token.symbol ?? shortAddress(token.address), 24)}
                </th>
                <td className="py-1 pr-3 text-right">
                  <Price value={price} />
                </td>
                <td className="py-1 pr-3 text-right">
                  <Price value={stop_now} />
                </td>
                <td className="py-1 pr-3 text-right">
                  <Price value={stop_then} />
                </td>
                <td className="py-1">
                  <Badge tone={effects[effect].tone}>{effects[effect].text}</Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </div>
  );
}

interface ReviewProps {
  title: string;
  verb: string;
  differences: Difference[];
  /** Null where it is not about positions. */
  preview: Preview | null;
  isSaving: boolean;
  error: Error | null;
  onConfirm: () => void;
  onCancel: () => void;
  /** Words above the differences. */
  children?: ReactNode;
}

/** A second look before settings are written: what changes, and what it would mean. */
export function Review(props: ReviewProps) {
  const { title, verb, differences, preview, isSaving, error, onConfirm, onCancel, children } =
    props;
  return (
    <Dialog open wide onClose={onCancel} title={title}>
      <div className="flex flex-col gap-5">
        {children}
        <section aria-label="What changes">
          <h3 className="mb-1 font-semibold">What changes</h3>
          {differences.length === 0 ? (
            <p className="text-muted text-sm">Nothing: every value stays as it is.</p>
          ) : (
            <DiffTable label="Before and after" rows={differences} />
          )}
        </section>
        {preview && (
          <section aria-label="Open positions">
            <h3 className="mb-1 font-semibold">Open positions</h3>
            <OpenPositions positions={preview.positions} />
          </section>
        )}
        {error && (
          <p role="alert" className="text-down">
            Nothing was changed. {error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onCancel}>Not now</Button>
          <Button look="primary" busy={isSaving} onClick={onConfirm}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

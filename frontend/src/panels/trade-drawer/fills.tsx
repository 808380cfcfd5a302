import type { Fill } from "@/api/wire";
import { arrow, formatTokens } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { formatMoment, parseTime } from "@/lib/time";
import { Price, Sol } from "@/ui/figures";
import { Scroller } from "@/ui/scroller";

function FillRow({ fill }: { fill: Fill }) {
  const bought = fill.side === "BUY";
  return (
    <tr className="border-line border-b last:border-b-0">
      <td className="num py-1 pr-3 text-faint">{formatMoment(parseTime(fill.time))}</td>
      <td className={bought ? "pr-3 text-up" : "pr-3 text-down"}>
        <span aria-hidden="true" className="mr-1 text-[0.7em]">
          {arrow(bought ? "up" : "down")}
        </span>
        {bought ? "Buy" : "Sell"}
      </td>
      <td className="pr-3 text-muted">{inWords(fill.reason)}</td>
      <td className="num pr-3 text-right">{formatTokens(fill.token_amount)}</td>
      <td className="pr-3 text-right">
        <Price value={fill.price} />
      </td>
      <td className="pr-3 text-right">
        <Sol value={fill.sol_amount} />
      </td>
      <td className="text-right text-muted">
        <Sol value={fill.fee_sol} />
      </td>
    </tr>
  );
}

/** Everything that changed hands. */
export function Fills({ fills }: { fills: Fill[] }) {
  return (
    <section aria-label="Fills">
      <h3 className="mb-1 font-semibold">Fills</h3>
      <Scroller label="Everything bought and sold">
        <table className="w-full whitespace-nowrap text-sm">
          <thead>
            <tr className="border-line border-b text-muted">
              {["Time", "Side", "Reason"].map((title) => (
                <th key={title} scope="col" className="py-1 pr-3 text-left font-medium">
                  {title}
                </th>
              ))}
              {["Tokens", "Price", "SOL", "Fee"].map((title) => (
                <th key={title} scope="col" className="py-1 pr-3 text-right font-medium last:pr-0">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fills.map((fill) => (
              <FillRow key={fill.id} fill={fill} />
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

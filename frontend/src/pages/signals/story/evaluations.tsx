import type { Evaluation } from "@/api/signals";
import { formatNumber } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { evaluationInWords, measuresOf } from "./telling";

function parametersInWords(parameters: Evaluation["parameters"]): string {
  return Object.entries(parameters)
    .map(([name, value]) => {
      const text = typeof value === "number" ? formatNumber(value) : String(value);
      return `${name.replaceAll("_", " ")} ${text}`;
    })
    .join(", ");
}

function EvaluationItem({ evaluation }: { evaluation: Evaluation }) {
  const measures = measuresOf(evaluation);
  const parameters = parametersInWords(evaluation.parameters);
  return (
    <li className="border-line border-b py-2 last:border-b-0">
      <p className="flex items-baseline justify-between gap-3">
        <span className="font-medium">{cleanText(evaluationInWords(evaluation), 200)}</span>
        <Ago at={parseTime(evaluation.at)} className="num shrink-0 text-faint text-sm" />
      </p>
      {parameters && <p className="text-muted text-sm">With {cleanText(parameters, 200)}</p>}
      {measures.length > 0 && (
        <table className="mt-1 w-full text-sm">
          <thead className="sr-only">
            <tr>
              <th scope="col">What</th>
              <th scope="col">Value</th>
              <th scope="col">Limit</th>
            </tr>
          </thead>
          <tbody>
            {measures.map(({ name, title, value, limit }) => (
              <tr key={name}>
                <th scope="row" className="py-0.5 pr-3 text-left font-normal text-muted">
                  {title}
                </th>
                <td className="num w-28 py-0.5 text-right">{value}</td>
                <td className="num w-28 py-0.5 text-right text-faint">{limit}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

/** What was asked once and counted for everybody with the same settings. */
export function Evaluations({ evaluations }: { evaluations: Evaluation[] }) {
  return (
    <section aria-labelledby="story-evaluations">
      <h3 id="story-evaluations" className="font-semibold">
        Asked for everybody
      </h3>
      {evaluations.length === 0 ? (
        <p className="text-muted text-sm">
          Nothing yet. Strategies are asked when a candle closes, for as long as it is watched.
        </p>
      ) : (
        <ul>
          {evaluations.map((evaluation) => (
            <EvaluationItem key={evaluation.id} evaluation={evaluation} />
          ))}
        </ul>
      )}
    </section>
  );
}

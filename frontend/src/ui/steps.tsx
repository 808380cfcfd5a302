import { Check, Clock, Minus, X } from "lucide-react";
import type { Step } from "@/api/wire";
import { formatMeasure } from "@/lib/measure";
import { stepInWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { classes } from "./classes";

const looks = {
  passed: { Icon: Check, colour: "text-up", word: "passed" },
  failed: { Icon: X, colour: "text-down", word: "failed" },
  skipped: { Icon: Minus, colour: "text-faint", word: "not asked" },
  /** What does not hold may do so later. */
  waited: { Icon: Clock, colour: "text-warn", word: "not yet" },
};

function lookOf({ verdict }: Step, isWaiting: boolean) {
  return looks[isWaiting && verdict === "failed" ? "waited" : verdict];
}

/** A signal's step is named for the feed that it came from. */
function titleOf({ step, name }: Step): string {
  return step === "signal" ? stepInWords("unique_wallets") : stepInWords(name);
}

function StepRow({ step, isWaiting }: { step: Step; isWaiting: boolean }) {
  const { Icon, colour, word } = lookOf(step, isWaiting);
  const { value, limit } = step;
  return (
    <tr className={step.verdict === "skipped" ? "text-faint" : undefined}>
      <td className="w-5 py-0.5 align-top">
        <Icon size={13} aria-hidden="true" className={classes("mt-0.5", colour)} />
        {step.verdict === "passed" && <span className="sr-only">{word}</span>}
      </td>
      <td className="py-0.5 pr-2" colSpan={typeof value === "string" ? 3 : 1}>
        {titleOf(step)}
        {step.verdict !== "passed" && (
          <span className={classes("ml-1.5 whitespace-nowrap font-medium text-xs", colour)}>
            {word}
          </span>
        )}
        {typeof value === "string" && (
          <span className="block text-muted">{cleanText(value, 160)}</span>
        )}
      </td>
      {typeof value !== "string" && (
        <>
          <td className="num py-0.5 pr-3 text-right align-top">
            {formatMeasure(step.name, value)}
          </td>
          <td className="num py-0.5 text-right align-top text-faint">
            {formatMeasure(step.name, limit)}
          </td>
        </>
      )}
    </tr>
  );
}

const titles: Record<Step["step"], string> = {
  signal: "Signal",
  sentiment: "Sentiment",
  confirmation: "Confirmation",
  risk: "Risk",
  order: "Order",
};
const order = Object.keys(titles) as Step["step"][];

/** A decision from the signal to the order: every value beside its limit. */
export function Steps({ steps, isWaiting = false }: { steps: Step[]; isWaiting?: boolean }) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-faint">
          <th className="font-normal">
            <span className="sr-only">Verdict</span>
          </th>
          <th className="text-left font-normal">Step</th>
          <th className="pr-3 text-right font-normal">Value</th>
          <th className="text-right font-normal">Limit</th>
        </tr>
      </thead>
      {order.map((name) => {
        const own = steps.filter((step) => step.step === name);
        if (own.length === 0) return null;
        return (
          <tbody key={name}>
            <tr>
              <th colSpan={4} scope="rowgroup" className="pt-2 pb-0.5 text-left font-semibold">
                {titles[name]}
              </th>
            </tr>
            {own.map((step) => (
              <StepRow key={step.name} step={step} isWaiting={isWaiting} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}

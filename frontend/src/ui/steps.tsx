import { Check, Minus, X } from "lucide-react";
import type { Step } from "@/api/wire";
import { formatNumber } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { classes } from "./classes";

const looks = {
  passed: { Icon: Check, colour: "text-up", word: "passed" },
  failed: { Icon: X, colour: "text-down", word: "failed" },
  skipped: { Icon: Minus, colour: "text-faint", word: "not asked" },
};

function write(value: Step["value"]): string {
  return typeof value === "string" ? cleanText(value, 80) : formatNumber(value);
}

function StepRow({ step }: { step: Step }) {
  const { Icon, colour, word } = looks[step.verdict];
  return (
    <tr className={step.verdict === "skipped" ? "text-faint" : undefined}>
      <td className="w-6 py-0.5 align-top">
        <Icon size={14} aria-hidden="true" className={classes("mt-0.5", colour)} />
        <span className="sr-only">{word}</span>
      </td>
      <td className="py-0.5 pr-2">{inWords(step.name)}</td>
      <td className="num py-0.5 pr-2 text-right">{write(step.value)}</td>
      <td className="num py-0.5 text-right text-faint">
        {step.limit === null ? "" : formatNumber(step.limit)}
      </td>
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
export function Steps({ steps }: { steps: Step[] }) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-faint">
          <th className="font-normal">
            <span className="sr-only">Verdict</span>
          </th>
          <th className="text-left font-normal">Step</th>
          <th className="pr-2 text-right font-normal">Value</th>
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
              <StepRow key={step.name} step={step} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}

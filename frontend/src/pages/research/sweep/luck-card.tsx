import type { Sweep } from "@/api/research";
import { Badge, type Tone } from "@/ui/badge";
import { Card } from "@/ui/card";
import { setInWords } from "../titles";
import { keptOf, sentencesOf, type Verdict, verdictOf, verdicts } from "./luck";
import { measureOf, readOf } from "./measures";

const tones: Record<Verdict, Tone> = {
  luck: "down",
  doubt: "warn",
  skill: "up",
  unknown: "neutral",
};

function outcome(sweep: Sweep): string | null {
  const best = sweep.rows[0];
  if (!best?.outside) return null;
  const measure = measureOf(sweep.objective);
  const [inside, outside] = [readOf(measure, best.inside), readOf(measure, best.outside)];
  return `${measure.title}: ${inside} in the sample that chose the best set (${setInWords(best.params)}), ${outside} out of it.`;
}

/** The honest paragraph. */
export function LuckCard({ sweep }: { sweep: Sweep }) {
  const { luck } = sweep;
  if (luck === null) return null;
  const verdict = verdictOf(luck);
  const kept = keptOf(sweep.rows, measureOf(sweep.objective));
  const told = outcome(sweep);
  return (
    <Card
      title="Is the best one luck?"
      actions={<Badge tone={tones[verdict]}>{verdicts[verdict]}</Badge>}
    >
      <div className="flex max-w-3xl flex-col gap-1.5 p-3">
        <p>{sentencesOf(luck).join(" ")}</p>
        {told && <p>{told}</p>}
        {kept && (
          <p>
            Of the {kept.leaders} best in the sample, {kept.kept === 0 ? "none" : kept.kept} also
            did well out of it.
          </p>
        )}
        {sweep.impossible !== null && sweep.impossible > 0 && (
          <p className="text-muted text-sm">
            {sweep.impossible} combinations are impossible and were left out, such as a fast average
            that is slower than the slow one.
          </p>
        )}
      </div>
    </Card>
  );
}

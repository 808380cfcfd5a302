import type { Run, RunKind } from "@/api/research";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Progress } from "@/ui/progress";
import { placeInWords } from "../form/words";
import { aheadOf } from "../runs/filter";
import { useCancel, useRuns } from "../runs/use-runs";

function Waiting({ run }: { run: Run }) {
  const ahead = aheadOf(run, useRuns().runs ?? []);
  if (ahead === 0) return <p>It waits for its turn and is next of yours.</p>;
  return (
    <p>
      It waits for its turn; {ahead === 1 ? "one of your runs is" : `${ahead} of your runs are`}{" "}
      before it.
    </p>
  );
}

interface StandingProps {
  kind: RunKind;
  run: Run;
  onAgain: () => void;
}

function Going({ kind, run }: Omit<StandingProps, "onAgain">) {
  const cancel = useCancel();
  const isRunning = run.status === "running";
  return (
    <Card title={isRunning ? "Running" : "Waiting"} className="flex flex-col gap-3 p-4">
      {isRunning ? (
        <p className="num font-semibold text-2xl">{Math.round(100 * run.progress)} %</p>
      ) : (
        <Waiting run={run} />
      )}
      <Progress label="Progress of the run" share={isRunning ? run.progress : 0} />
      <p className="text-faint text-sm">
        You may leave this page: the run goes on and is kept in the list.
      </p>
      <div>
        <Button busy={cancel.isPending} onClick={() => cancel.mutate({ kind, id: run.id })}>
          Cancel
        </Button>
      </div>
    </Card>
  );
}

/** A run that has no result, and why: it waits, runs, failed, or was cancelled. */
export function Standing({ kind, run, onAgain }: StandingProps) {
  if (run.status === "queued" || run.status === "running") return <Going kind={kind} run={run} />;
  const failed = run.status === "failed";
  const { error } = run;
  return (
    <Card title={failed ? "It failed" : "It was cancelled"} className="flex flex-col gap-3 p-4">
      {failed ? (
        <div role="alert">
          {error?.pointer && <p className="font-medium">{placeInWords(error.pointer)}</p>}
          <p>{cleanText(error?.detail ?? "The reason is not known.", 600)}</p>
        </div>
      ) : (
        <p>Nothing of it was kept but its settings.</p>
      )}
      <div>
        <Button look="primary" onClick={onAgain}>
          Change and run again
        </Button>
      </div>
    </Card>
  );
}

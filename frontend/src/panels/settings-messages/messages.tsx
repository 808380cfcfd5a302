import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Targets, targetsQuery } from "@/api/notifications";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Log } from "./log";
import { TargetForm } from "./target-form";
import { TargetRow } from "./target-row";

function List({ targets: { items, kinds } }: { targets: Targets }) {
  if (items.length === 0) {
    return (
      <p className="px-3 py-3 text-muted">
        Get messages on your phone or in your chat, also while no page is open. Add where they
        should go, then send a test.
      </p>
    );
  }
  return (
    <ul>
      {items.map((target) => (
        <TargetRow key={target.id} target={target} kinds={kinds} />
      ))}
    </ul>
  );
}

/** Messages that the platform sends by itself, wherever the trader is. */
export function Messages() {
  const query = useQuery(targetsQuery(useWallet()));
  const [isAdding, setIsAdding] = useState(false);
  const targets = query.data;
  const isFull = targets !== undefined && targets.items.length >= targets.most;
  return (
    <Card
      title="Send me messages"
      actions={
        targets && !isAdding ? (
          <Button size="small" disabled={isFull} onClick={() => setIsAdding(true)}>
            {isFull ? `${targets.most} at most` : "Add"}
          </Button>
        ) : undefined
      }
    >
      {query.isPending && <Skeleton label="Your targets load" rows={2} />}
      {query.isError && !targets && (
        <Failure
          title="Your targets could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {targets && <List targets={targets} />}
      {targets && isAdding && (
        <TargetForm kinds={targets.kinds} onDone={() => setIsAdding(false)} />
      )}
      <Log />
    </Card>
  );
}

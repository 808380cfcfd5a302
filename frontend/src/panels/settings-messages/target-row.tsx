import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { change, type NoticeKind, remove, sendTest, type Target } from "@/api/notifications";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { notify } from "@/ui/toast";
import { TargetForm } from "./target-form";
import { kindsInWords } from "./words";

interface TargetRowProps {
  target: Target;
  kinds: NoticeKind[];
}

/** A place that messages go to: test it, change it, pause it, delete it. */
export function TargetRow({ target, kinds }: TargetRowProps) {
  const wallet = useWallet();
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const name = cleanText(target.name, 40);
  const refresh = () => client.invalidateQueries({ queryKey: ["notifications", wallet] });
  const failed = (error: Error) => notify(error.message, { failed: true });
  const test = useMutation({
    mutationFn: () => sendTest(wallet, target.id),
    onSettled: refresh,
  });
  const pause = useMutation({
    mutationFn: () =>
      change(wallet, target.id, {
        name: target.name,
        kinds: target.kinds,
        paused: !target.paused,
      }),
    onError: failed,
    onSettled: refresh,
  });
  const leave = useMutation({
    mutationFn: () => remove(wallet, target.id),
    onSuccess: () => notify(`${name} was deleted.`),
    onError: failed,
    onSettled: refresh,
  });
  return (
    <li className="border-line border-b last:border-b-0">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-3 py-2.5">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="wrap-anywhere font-medium">{name}</span>
            <Badge tone="neutral">{cleanText(target.service, 40)}</Badge>
            {target.paused && <Badge tone="warn">paused</Badge>}
          </p>
          <p className="wrap-anywhere text-faint text-sm">{cleanText(target.shown, 80)}</p>
          <p className="text-muted text-sm">{kindsInWords(target.kinds)}</p>
          {test.isSuccess && (
            <p
              role="status"
              className={test.data.error === null ? "text-sm text-up" : "text-down text-sm"}
            >
              {test.data.error === null
                ? "The test was sent."
                : `The test failed: ${cleanText(test.data.error, 160)}.`}
            </p>
          )}
          {test.isError && (
            <p role="alert" className="text-down text-sm">
              {test.error.message}
            </p>
          )}
        </div>
        <div className="flex flex-wrap gap-1">
          <Button
            size="small"
            busy={test.isPending}
            aria-label={`Send a test to ${name}`}
            onClick={() => test.mutate()}
          >
            <Send size={13} aria-hidden="true" />
            Test
          </Button>
          <Button
            size="small"
            aria-expanded={isOpen}
            aria-label={`Change ${name}`}
            onClick={() => setIsOpen(!isOpen)}
          >
            Change
          </Button>
          <Button
            size="small"
            busy={pause.isPending}
            aria-label={`${target.paused ? "Resume" : "Pause"} ${name}`}
            onClick={() => pause.mutate()}
          >
            {target.paused ? "Resume" : "Pause"}
          </Button>
          <Button
            size="small"
            look={isLeaving ? "danger" : "plain"}
            busy={leave.isPending}
            aria-label={isLeaving ? `Really delete ${name}` : `Delete ${name}`}
            onBlur={() => setIsLeaving(false)}
            onClick={() => (isLeaving ? leave.mutate() : setIsLeaving(true))}
          >
            {isLeaving ? "Really?" : "Delete"}
          </Button>
        </div>
      </div>
      {isOpen && <TargetForm target={target} kinds={kinds} onDone={() => setIsOpen(false)} />}
    </li>
  );
}

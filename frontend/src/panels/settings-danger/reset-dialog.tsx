import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { newKey } from "@/api/closing";
import { faultsIn } from "@/api/problem";
import { type ResetPlan, resetWallet } from "@/api/wallets";
import { formatSol } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Change, Sol } from "@/ui/figures";
import { notify } from "@/ui/toast";
import { CONFIRM, consequences, drawInWords, isConfirmed, readBeginning } from "./beginning";

interface RowProps {
  label: string;
  now: ReactNode;
  then: ReactNode;
}

function Row({ label, now, then }: RowProps) {
  return (
    <div className="grid grid-cols-[1fr_auto_1fr] items-baseline gap-x-2 px-3 py-1.5 sm:grid-cols-[7rem_1fr_auto_1fr]">
      <dt className="col-span-3 text-muted text-sm sm:col-span-1">{label}</dt>
      <dd>{now}</dd>
      <dd aria-hidden="true" className="self-center text-faint">
        <ArrowRight size={14} />
      </dd>
      <dd className="font-medium">{then}</dd>
    </div>
  );
}

/** The wallet before and after, in its own numbers. */
function BeforeAndAfter({ plan, then }: { plan: ResetPlan; then: ReactNode }) {
  return (
    <dl className="divide-y divide-line rounded-md border border-line">
      <Row
        label="Total value"
        now={
          <>
            <Sol value={plan.total_value} /> SOL
          </>
        }
        then={then}
      />
      <Row label="Overall P&L" now={<Change value={plan.overall_pnl} />} then="0" />
      <Row label="Open positions" now={plan.open_positions} then="0" />
    </dl>
  );
}

interface ResetDialogProps {
  plan: ResetPlan;
  onClose: () => void;
}

/** Says what will happen with this wallet's numbers, and wants a word typed. */
export function ResetDialog({ plan, onClose }: ResetDialogProps) {
  const wallet = useWallet();
  const client = useQueryClient();
  const [amount, setAmount] = useState("");
  const [word, setWord] = useState("");
  const [key, setKey] = useState(newKey);
  const beginning = readBeginning(amount, plan);
  const reset = useMutation({
    mutationFn: (sol: number | null) => resetWallet({ wallet, sol, key }),
    onSuccess: ({ initial_sol_balance }) => {
      notify(`Your wallet began again with ${formatSol(initial_sol_balance)} SOL.`);
      onClose();
      return client.invalidateQueries();
    },
  });
  const change = (text: string) => {
    setAmount(text);
    // Another amount is another request; the same one again must not reset twice.
    setKey(newKey());
    reset.reset();
  };
  const refused = faultsIn(reset.error).find((it) => it.pointer === "/initial_sol")?.detail;
  const draw = drawInWords(plan);
  const then = beginning.fault === undefined && (
    <>{beginning.sol === null ? draw : <Sol value={beginning.sol} />} SOL</>
  );
  return (
    <Dialog open onClose={onClose} title="Reset this paper wallet?">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (beginning.fault === undefined && isConfirmed(word)) reset.mutate(beginning.sol);
        }}
      >
        <BeforeAndAfter plan={plan} then={then || "–"} />
        <ul className="flex list-disc flex-col gap-1 pl-5 text-muted">
          {consequences(plan).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <TextField
          label="New balance"
          unit="SOL"
          inputMode="decimal"
          autoComplete="off"
          placeholder={draw}
          hint={`Leave it empty to draw ${draw} SOL, as at registration.`}
          fault={beginning.fault ?? refused}
          value={amount}
          onChange={(event) => change(event.target.value)}
        />
        <TextField
          label={`Type ${CONFIRM} to confirm`}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={word}
          onChange={(event) => setWord(event.target.value)}
        />
        {reset.isError && refused === undefined && (
          <p role="alert" className="text-down">
            {reset.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button
            type="submit"
            look="danger"
            busy={reset.isPending}
            disabled={beginning.fault !== undefined || !isConfirmed(word)}
          >
            Reset wallet
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

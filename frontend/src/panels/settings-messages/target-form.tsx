import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { add, change, type NoticeKind, type Target } from "@/api/notifications";
import { faultsIn } from "@/api/problem";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { notify } from "@/ui/toast";
import { Kinds } from "./kinds";
import { chosenFirst } from "./words";

interface TargetFormProps {
  kinds: NoticeKind[];
  /** To be changed; without one a new one is made. */
  target?: Target;
  onDone: () => void;
}

/** A new target, or another name, address or choice for one. */
export function TargetForm({ kinds, target, onDone }: TargetFormProps) {
  const wallet = useWallet();
  const client = useQueryClient();
  const [name, setName] = useState(target?.name ?? "");
  const [address, setAddress] = useState("");
  const [chosen, setChosen] = useState<NoticeKind[]>(target?.kinds ?? chosenFirst);
  const save = useMutation({
    mutationFn: () =>
      target === undefined
        ? add(wallet, { name, address: address.trim(), kinds: chosen })
        : change(wallet, target.id, {
            name,
            kinds: chosen,
            paused: target.paused,
            address: address.trim() === "" ? null : address.trim(),
          }),
    onSuccess: ({ service }) => {
      notify(target === undefined ? `Messages go to ${service} from now on.` : "Saved.");
      onDone();
      return client.invalidateQueries({ queryKey: ["notifications", wallet] });
    },
  });
  const faults = faultsIn(save.error);
  const faultOf = (pointer: string) => faults.find((it) => it.pointer === pointer)?.detail;
  const isComplete = name.trim() !== "" && (target !== undefined || address.trim() !== "");
  return (
    <form
      aria-label={target === undefined ? "New target" : `Change ${target.name}`}
      className="flex flex-col gap-3 border-line border-t p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) save.mutate();
      }}
    >
      <TextField
        label="Name"
        value={name}
        maxLength={40}
        placeholder="my phone"
        fault={faultOf("/name")}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Address"
        value={address}
        type="password"
        autoComplete="off"
        spellCheck={false}
        maxLength={1_000}
        placeholder={target === undefined ? "ntfy://my-secret-topic" : `${target.shown} stays`}
        hint="As Apprise writes it: discord://…, tgram://…, ntfy://topic, mailtos://…, jsons://host/path. It is kept encrypted and never shown again."
        fault={faultOf("/address")}
        onChange={(event) => setAddress(event.target.value)}
      />
      <Kinds all={kinds} chosen={chosen} onChange={setChosen} />
      {save.isError && faults.length === 0 && (
        <p role="alert" className="text-down">
          {save.error.message}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Not now</Button>
        <Button type="submit" look="primary" busy={save.isPending} disabled={!isComplete}>
          {target === undefined ? "Add" : "Save"}
        </Button>
      </div>
    </form>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Wishes } from "@/api/ground";
import { beginShadow, changeShadow } from "@/api/shadows";
import type { Shadow } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Segments } from "@/ui/segments";
import { notify } from "@/ui/toast";
import { SaveBar } from "../form/save-bar";
import { SettingsForm } from "../form/settings-form";
import { nameOfSymbol } from "../settings/symbols";
import { useShadowDraft } from "./use-shadow-draft";

const LONGEST_NAME = 60;

interface ShadowFormProps {
  /** Null: a new one, from the wallet's own settings. */
  shadow: Shadow | null;
  wishes: Wishes;
  onClose: () => void;
}

/** Begins a shadow from one's own settings, or changes one. */
export function ShadowForm({ shadow, wishes, onClose }: ShadowFormProps) {
  const wallet = useWallet();
  const client = useQueryClient();
  const draft = useShadowDraft(wishes, shadow);
  const [name, setName] = useState(shadow?.name ?? "");
  const [isLeaving, setLeaving] = useState(false);
  const isDirty = draft.isDirty || name !== (shadow?.name ?? "");
  const isNamed = name.trim() !== "";
  const save = useMutation({
    mutationFn: () =>
      shadow === null
        ? beginShadow(wallet, { name: name.trim(), settings: draft.settings() })
        : changeShadow(wallet, shadow.number, {
            name: name.trim(),
            ...(draft.isDirty && { settings: draft.settings() }),
          }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["shadows", wallet] });
      onClose();
      notify(shadow === null ? `${name.trim()} trades beside you from now on.` : "Saved.");
    },
    onError: draft.refuse,
  });
  const leave = () => (isDirty ? setLeaving(true) : onClose());
  const differences = draft.differing.flatMap((one) => one.differences);
  return (
    <Dialog
      open
      side
      wide
      onClose={leave}
      title={shadow === null ? "New shadow" : `Change ${cleanText(shadow.name, 60)}`}
    >
      <div className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Name"
            placeholder="A tighter stop"
            maxLength={LONGEST_NAME}
            value={name}
            hint="What it tries, in your words."
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        {draft.symbols.length > 1 && (
          <div className="overflow-x-auto">
            <Segments
              label="Settings for"
              value={draft.symbol}
              onChange={draft.show}
              options={draft.symbols.map((it) => ({ value: it, title: nameOfSymbol(it) }))}
            />
          </div>
        )}
        <div className="rounded-lg border border-line">
          <SettingsForm
            key={draft.symbol}
            draft={draft.draft}
            ground={wishes.ground}
            faults={draft.faults}
            onChange={draft.change}
          />
          <SaveBar
            inDialog
            differences={differences}
            isFit={draft.isFit}
            untouched="The same as your settings: change what it should try"
            problems={[...draft.strays, ...(draft.refusal ? [draft.refusal.message] : [])]}
          >
            <Button onClick={leave}>Cancel</Button>
            <Button
              look="primary"
              busy={save.isPending}
              disabled={!isNamed || !draft.isFit || (shadow !== null && !isDirty)}
              onClick={() => save.mutate()}
            >
              {shadow === null ? "Begin" : "Save"}
            </Button>
          </SaveBar>
        </div>
      </div>
      <Dialog open={isLeaving} onClose={() => setLeaving(false)} title="Leave without saving?">
        <p className="mb-4 text-muted">What you changed of the shadow is lost when you leave.</p>
        <div className="flex justify-end gap-2">
          <Button look="danger" onClick={onClose}>
            Leave
          </Button>
          <Button look="primary" onClick={() => setLeaving(false)}>
            Stay
          </Button>
        </div>
      </Dialog>
    </Dialog>
  );
}

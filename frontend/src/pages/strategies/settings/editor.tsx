import { Trash2 } from "lucide-react";
import { effectiveFor, type Wishes } from "@/api/ground";
import { type Proposal, useProposal } from "@/api/proposals";
import { ANY_SYMBOL } from "@/api/settings";
import { own } from "@/lib/own";
import { useWallet } from "@/lib/session";
import { differencesOf } from "@/lib/settings/diff";
import { settingOf } from "@/lib/settings/draft";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Review } from "@/ui/review";
import { notify } from "@/ui/toast";
import { SaveBar } from "../form/save-bar";
import { SettingsForm } from "../form/settings-form";
import { nameOfSymbol } from "./symbols";
import { useEditor } from "./use-editor";
import { useLeaveGuard } from "./use-leave-guard";
import { Versions } from "./versions";

function Origin({ wishes, symbol }: { wishes: Wishes; symbol: string }) {
  const state = own(wishes.settings, symbol);
  if (!state) return <Badge tone="accent">follows “Every token” until saved</Badge>;
  if (state.settings === null || state.updated_at === null) {
    return <Badge>the platform's default</Badge>;
  }
  return (
    <span className="text-muted text-sm">
      version {state.version}, <Ago at={parseTime(state.updated_at)} />
    </span>
  );
}

interface EditorProps {
  wishes: Wishes;
  symbol: string;
}

/** The settings of one symbol: form, review, history. */
export function Editor({ wishes, symbol }: EditorProps) {
  const { ground, settings } = wishes;
  const editor = useEditor(wishes, symbol);
  const name = nameOfSymbol(symbol);
  const isNew = own(settings, symbol) === undefined;
  const isRemovable = !isNew && own(settings, symbol)?.settings !== null;
  const proposal = useProposal({
    wallet: useWallet(),
    everywhere: settings[ANY_SYMBOL]?.settings ?? null,
    onRefused: editor.refuse,
    onSaved: ({ setting }: Proposal) => {
      editor.reset();
      notify(setting === null ? `The settings for ${name} are removed.` : `Saved for ${name}.`);
    },
  });
  const isDirty = editor.differences.length > 0;
  const guard = useLeaveGuard(isDirty, `What you changed for ${name}`);
  const askToSave = () =>
    proposal.ask({
      symbol,
      setting: settingOf(editor.draft, ground),
      title: `Save the settings for ${name}?`,
      verb: "Save",
    });
  const askToRemove = () =>
    proposal.ask({
      symbol,
      setting: null,
      title:
        symbol === ANY_SYMBOL
          ? "Go back to the platform's default?"
          : `Remove the settings for ${name}?`,
      verb: symbol === ANY_SYMBOL ? "Go back" : "Remove",
    });
  const asked = proposal.proposal;
  const after = proposal.preview?.effective;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Card
        title={name}
        actions={
          <span className="flex shrink-0 items-center gap-2">
            <Origin wishes={wishes} symbol={symbol} />
            {isRemovable && (
              <Button size="small" look="quiet" busy={proposal.isAsking} onClick={askToRemove}>
                <Trash2 size={13} aria-hidden="true" />
                <span className="sr-only sm:not-sr-only">
                  {symbol === ANY_SYMBOL ? "Back to default" : "Remove"}
                </span>
              </Button>
            )}
          </span>
        }
      >
        <SettingsForm
          draft={editor.draft}
          ground={ground}
          faults={editor.faults}
          onChange={editor.change}
        />
        <SaveBar
          differences={editor.differences}
          isFit={editor.isFit}
          untouched={isNew ? "A copy of “Every token”, not saved yet" : "Nothing is changed"}
          problems={[...editor.strays, ...(editor.refusal ? [editor.refusal.message] : [])]}
        >
          <Button disabled={!isDirty} onClick={editor.reset}>
            Discard
          </Button>
          <Button
            look="primary"
            disabled={!editor.isFit || !(isDirty || isNew)}
            busy={proposal.isAsking}
            onClick={askToSave}
          >
            Review and save
          </Button>
        </SaveBar>
      </Card>
      <Versions
        symbol={symbol}
        wishes={wishes}
        onRevert={({ version, settings: setting }) =>
          proposal.ask({
            symbol,
            setting,
            title: `Go back to version ${version}?`,
            verb: `Go back to version ${version}`,
          })
        }
      />
      {asked && after && (
        <Review
          title={asked.title}
          verb={asked.verb}
          differences={differencesOf(effectiveFor(wishes, symbol), after, ground)}
          preview={proposal.preview}
          isSaving={proposal.isSaving}
          error={proposal.error}
          onConfirm={proposal.save}
          onCancel={proposal.cancel}
        />
      )}
      {guard}
    </div>
  );
}

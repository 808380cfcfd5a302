import { useWallet } from "@/lib/session";
import {
  fixedShortcuts,
  goShortcuts,
  type Listed,
  otherShortcuts,
  switchShortcuts,
  useShortcuts,
} from "@/lib/shortcuts";
import { startTour } from "@/lib/tour";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Keys } from "@/ui/keys";
import { Switch } from "@/ui/switch";

function Rows({
  title,
  rows,
  areOff = false,
}: {
  title: string;
  rows: Listed[];
  areOff?: boolean;
}) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1 font-semibold text-muted text-sm">
        {title}
        {areOff && " · off"}
      </h3>
      <dl className={areOff ? "text-faint" : undefined}>
        {rows.map(({ keys, title: what }) => (
          <div
            key={what}
            className="flex items-center justify-between gap-4 border-line border-b py-1.5 last:border-b-0"
          >
            <dt className="min-w-0">{what}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Every key that does something, and the switch for those that are single. */
export function ShortcutList({ onClose }: { onClose: () => void }) {
  const { areOn } = useShortcuts();
  const wallet = useWallet();
  return (
    <Dialog open wide onClose={onClose} title="Keyboard shortcuts">
      <div className="flex flex-col gap-5">
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
          <Rows title="Go to a page" rows={goShortcuts} areOff={!areOn} />
          <div className="flex flex-col gap-5">
            <Rows title="On every page" rows={otherShortcuts} areOff={!areOn} />
            <Rows title="Always" rows={fixedShortcuts} />
          </div>
        </div>
        <div className="rounded-lg border border-line bg-raised p-3">
          <Switch
            label="Single keys"
            hint="Switch them off if something you use types letters by itself, such as speech input."
            isOn={areOn}
            onChange={switchShortcuts}
          />
        </div>
        <p className="flex flex-wrap items-center justify-between gap-2 text-faint text-sm">
          No key ever buys or sells.
          <Button
            size="small"
            onClick={() => {
              onClose();
              startTour(wallet);
            }}
          >
            Start the tour
          </Button>
        </p>
      </div>
    </Dialog>
  );
}

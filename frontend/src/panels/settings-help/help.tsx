import { useWallet } from "@/lib/session";
import { openOverlay, switchShortcuts, useShortcuts } from "@/lib/shortcuts";
import { startTour } from "@/lib/tour";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Switch } from "@/ui/switch";

/** The tour once more, and whether single keys do anything. */
export function Help() {
  const wallet = useWallet();
  const { areOn } = useShortcuts();
  return (
    <Card title="Help and keyboard" className="flex flex-col gap-4 p-3">
      <Switch
        label="Single keys"
        hint="Such as g t for the trading page. Ctrl K searches either way, and no key ever buys or sells."
        isOn={areOn}
        onChange={switchShortcuts}
      />
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => startTour(wallet)}>
          Start the tour
        </Button>
        <Button size="small" aria-haspopup="dialog" onClick={() => openOverlay("list")}>
          All keyboard shortcuts
        </Button>
      </div>
    </Card>
  );
}

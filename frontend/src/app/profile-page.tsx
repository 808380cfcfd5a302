import { useProfile } from "@/lib/profile";
import { PeriodPicker } from "@/ui/period-picker";
import { Tabs } from "@/ui/tabs";
import { PanelFrame, panelsOf } from "./panels";

const slug = (place: string) => place.toLowerCase().replaceAll(" ", "-");
/** Has its own dates among its filters. */
const HISTORY = "history";

/** A tab for every place that a profile panel names, in the order of the panels. */
export function ProfilePage() {
  const { search, show } = useProfile();
  const places = [...new Set(panelsOf("profile").map((panel) => panel.place))];
  const tabs = places.map((place) => ({
    value: slug(place),
    title: place,
    content: (
      <div className="flex flex-col gap-3">
        {slug(place) !== HISTORY && (
          <PeriodPicker value={search.period} onChange={(period) => show({ period })} />
        )}
        {panelsOf("profile", place).map((panel) => (
          <PanelFrame key={panel.title} panel={panel} />
        ))}
      </div>
    ),
  }));
  const shown = tabs.find((it) => it.value === search.tab) ?? tabs[0];
  return (
    <main className="mx-auto flex w-full max-w-7xl flex-1 flex-col gap-3 p-3">
      <h1 className="sr-only">Profile</h1>
      <Tabs
        label="Profile"
        value={shown?.value ?? ""}
        onChange={(tab) => show({ tab })}
        tabs={tabs}
      />
    </main>
  );
}

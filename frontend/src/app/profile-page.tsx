import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "@/ui/tabs";
import { PanelFrame, panelsOf } from "./panels";

const slug = (place: string) => place.toLowerCase().replaceAll(" ", "-");

/** A tab for every place that a profile panel names, in the order of the panels. */
export function ProfilePage() {
  const { tab } = useSearch({ from: "/signed-in/profile" });
  const navigate = useNavigate();
  const places = [...new Set(panelsOf("profile").map((panel) => panel.place))];
  const tabs = places.map((place) => ({
    value: slug(place),
    title: place,
    content: (
      <div className="flex flex-col gap-3">
        {panelsOf("profile", place).map((panel) => (
          <PanelFrame key={panel.title} panel={panel} />
        ))}
      </div>
    ),
  }));
  const shown = tabs.find((it) => it.value === tab) ?? tabs[0];
  return (
    <main className="mx-auto flex w-full max-w-6xl flex-1 flex-col gap-3 p-3">
      <h1 className="sr-only">Profile</h1>
      <Tabs
        label="Profile"
        value={shown?.value ?? ""}
        onChange={(value) => navigate({ to: "/profile", search: { tab: value } })}
        tabs={tabs}
      />
    </main>
  );
}

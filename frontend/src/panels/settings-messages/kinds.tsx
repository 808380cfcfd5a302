import type { NoticeKind } from "@/api/notifications";
import { kindNames, toggled } from "./words";

interface KindsProps {
  all: NoticeKind[];
  chosen: NoticeKind[];
  onChange: (kinds: NoticeKind[]) => void;
}

/** What to be told. */
export function Kinds({ all, chosen, onChange }: KindsProps) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-muted text-sm">Tell me when</legend>
      <div className="grid grid-cols-1 gap-x-4 gap-y-1 sm:grid-cols-2">
        {all.map((kind) => (
          <label key={kind} className="flex items-center gap-2 py-0.5">
            <input
              type="checkbox"
              checked={chosen.includes(kind)}
              onChange={() => onChange(toggled(chosen, kind))}
              className="size-4 accent-accent"
            />
            {kindNames[kind]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

import { useQuery } from "@tanstack/react-query";
import { strategiesQuery } from "@/api/queries";
import type { Run, RunKind } from "@/api/research";
import { parametersOf } from "@/lib/settings/schema";
import { draftOf, type Json, type Units } from "../form/restore";
import { setDraft } from "../form/store";

/** Puts a run's settings back into the form. */
export function useAgain() {
  const items = useQuery(strategiesQuery).data?.items ?? [];
  const units: Units = (name, parameter) => {
    const strategy = items.find((it) => it.name === name || it.aliases.includes(name));
    const specs = strategy ? parametersOf(strategy) : [];
    return specs.find((spec) => spec.name === parameter)?.unit ?? "plain";
  };
  return (kind: RunKind, run: Run) =>
    setDraft(draftOf(kind, run.request as Json, run.name ?? "", units));
}

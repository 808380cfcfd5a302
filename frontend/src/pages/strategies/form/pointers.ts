import { chosenOf, type Draft, type Ground } from "@/lib/settings/draft";
import { PARAMETERS, parameterPointer, riskPointer, STRATEGIES } from "@/lib/settings/faults";
import { parametersOf } from "@/lib/settings/schema";
import { riskSpecs } from "@/lib/settings/specs";

/** Tells whether the form has a place where a fault at this pointer is shown. */
export function shownPointers(draft: Draft, ground: Ground): (pointer: string) => boolean {
  const parameters = chosenOf(draft, ground).flatMap(parametersOf);
  const places = new Set([
    STRATEGIES,
    PARAMETERS,
    "/parameters/template",
    riskPointer("take_profit"),
    ...parameters.map((spec) => parameterPointer(spec.name)),
    ...riskSpecs.map((spec) => riskPointer(spec.name)),
  ]);
  return (pointer) => places.has(pointer) || pointer.startsWith(`${riskPointer("take_profit")}/`);
}

/** A strategy's parameters, read from its JSON Schema. Pure. */
import type { Parameter, Strategy } from "@/api/wire";
import { inWords } from "@/lib/reasons";
import type { NumberSpec } from "./fields";

export interface ParameterSpec extends NumberSpec {
  kind: "number" | "flag" | "choice" | "text";
  choices: string[];
  standard: Parameter | undefined;
}

type Property = Record<string, unknown>;

function isProperty(value: unknown): value is Property {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numberIn(property: Property, name: string): number | undefined {
  const value = property[name];
  return typeof value === "number" ? value : undefined;
}

/** `anyOf: [{…}, {type: null}]` is an optional value: the first that is something. */
function unwrap(property: Property): { inner: Property; optional: boolean } {
  const options = property.anyOf;
  if (!Array.isArray(options)) return { inner: property, optional: false };
  const some = options.filter(isProperty).find((it) => it.type !== "null");
  return { inner: { ...property, ...some }, optional: options.length > 1 };
}

function kindOf(inner: Property): ParameterSpec["kind"] {
  if (Array.isArray(inner.enum)) return "choice";
  if (inner.type === "boolean") return "flag";
  return inner.type === "integer" || inner.type === "number" ? "number" : "text";
}

function isParameter(value: unknown): value is Parameter {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}

function unitOf(name: string, help: string): NumberSpec["unit"] {
  if (/\bas a fraction\b/i.test(help)) return "percent";
  if (/^candles\b/i.test(help)) return "candles";
  return /_sol$/.test(name) ? "SOL" : "plain";
}

/** The unit is said beside the field already. */
function withoutUnit(help: string): string {
  return help.replace("as a fraction of", "as a share of").replace(/,? as a fraction\b.*$/, ".");
}

/** `max_atr` as Largest ATR. */
function titleOf(name: string): string {
  const spoken = name.replace(/^max_/, "largest_").replace(/^min_/, "least_");
  return inWords(spoken).replace(/\batr\b/i, "ATR");
}

export function specOf(name: string, property: Property): ParameterSpec {
  const { inner, optional } = unwrap(property);
  const said = typeof property.description === "string" ? property.description : "";
  const unit = unitOf(name, said);
  return {
    name,
    title: titleOf(name),
    help: unit === "percent" ? withoutUnit(said) : said,
    unit,
    kind: kindOf(inner),
    choices: Array.isArray(inner.enum) ? inner.enum.map(String) : [],
    standard: isParameter(property.default) ? property.default : undefined,
    least: numberIn(inner, "minimum"),
    most: numberIn(inner, "maximum"),
    above: numberIn(inner, "exclusiveMinimum"),
    below: numberIn(inner, "exclusiveMaximum"),
    whole: inner.type === "integer",
    none: optional ? "off" : undefined,
  };
}

/** The parameters in the order in which the strategy names them. */
export function parametersOf(strategy: Strategy): ParameterSpec[] {
  const properties = strategy.parameters.properties;
  if (!isProperty(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) =>
    isProperty(property) ? [specOf(name, property)] : [],
  );
}

/** Numbers as people read them. Every function answers "–" for what is not known. */
import { numberStyles, preferences } from "./preferences";

export const UNKNOWN = "–";
const MINUS = "−";
const LEADING_ZEROS_TO_FOLD = 4;
const subscripts = "₀₁₂₃₄₅₆₇₈₉";

export type Amount = number | null | undefined;
export type Direction = "up" | "down" | "flat";

const plain = new Map<string, Intl.NumberFormat>();

function decimals(value: number, minimum: number, maximum: number): string {
  const { locale } = numberStyles[preferences.getState().numbers];
  const key = `${locale} ${minimum}/${maximum}`;
  let format = plain.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: minimum,
      maximumFractionDigits: maximum,
    });
    plain.set(key, format);
  }
  return format.format(value).replace("-", MINUS);
}

export function isKnown(value: Amount): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function subscript(count: number): string {
  return [...String(count)].map((digit) => subscripts[Number(digit)] ?? "").join("");
}

/** Digits after the point of a number below one, in full, without an exponent. */
function fraction(value: number, significant: number): string {
  const [mantissa = "", exponent = "0"] = value.toExponential(significant - 1).split("e");
  return "0".repeat(-Number(exponent) - 1) + mantissa.replace(".", "");
}

/** Below one: 0.01235, 0.0₅1235. The subscript counts the zeros that it stands for. */
function small(size: number, significant: number): string {
  const digits = fraction(size, significant);
  const zeros = digits.length - digits.replace(/^0+/, "").length;
  const { decimal } = numberStyles[preferences.getState().numbers];
  if (zeros < LEADING_ZEROS_TO_FOLD) return `0${decimal}${digits}`;
  return `0${decimal}0${subscript(zeros)}${digits.slice(zeros)}`;
}

/** A token's price in SOL with as many digits as say something; they keep their number. */
export function formatPrice(value: Amount, significant = 4): string {
  if (!isKnown(value)) return UNKNOWN;
  if (value === 0) return "0";
  const sign = value < 0 ? MINUS : "";
  // Rounding can reach one: 0.99999 with four digits.
  const size = Number(Math.abs(value).toPrecision(significant));
  if (size < 1) return sign + small(size, significant);
  const whole = Math.floor(Math.log10(size)) + 1;
  const places = Math.max(2, significant - whole);
  return sign + decimals(Math.abs(value), places, places);
}

const LAMPORT_PLACES = 9;

/** SOL with four decimals, or four significant digits below a thousandth; never below a lamport. */
export function formatSol(value: Amount): string {
  if (!isKnown(value)) return UNKNOWN;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const places = size < 0.001 ? Math.min(LAMPORT_PLACES, 3 - Math.floor(Math.log10(size))) : 4;
  return decimals(value, places, places);
}

/** SOL to the lamport, for the hover. */
export function exactSol(value: Amount): string {
  return isKnown(value) ? `${decimals(value, 0, 9)} SOL` : "not known";
}

function signed(value: number, text: string): string {
  return value > 0 ? `+${text}` : text;
}

/** Less than this came of rounding against the trader: it is neither profit nor loss. */
const DUST = 0.000_001;

/** What counts as a change: dust does not, nor what rounds to nothing in percent. */
export function changeOf(value: Amount, unit: "sol" | "percent"): Amount {
  if (!isKnown(value)) return value;
  if (unit === "sol") return Math.abs(value) < DUST ? 0 : value;
  return Number(value.toFixed(1)) + 0;
}

/** A change in SOL with its sign. */
export function formatChange(value: Amount): string {
  const change = changeOf(value, "sol");
  return isKnown(change) ? signed(change, formatSol(change)) : UNKNOWN;
}

const SHORT = 2;

/** A change in SOL with its sign and two digits that say something, where there is little room. */
export function formatShortChange(value: Amount): string {
  const change = changeOf(value, "sol");
  if (!isKnown(change)) return UNKNOWN;
  return signed(change, formatNumber(Number(change.toPrecision(SHORT))));
}

/** `12.5` as 12.5 %. */
export function formatPercent(value: Amount, digits = 1): string {
  return isKnown(value) ? `${decimals(value, digits, digits)} %` : UNKNOWN;
}

/** `12.5` as +12.5 %. What rounds to zero has no sign. */
export function formatPercentChange(value: Amount, digits = 1): string {
  if (!isKnown(value)) return UNKNOWN;
  const rounded = Number(value.toFixed(digits)) + 0;
  return signed(rounded, formatPercent(rounded, digits));
}

export function formatCount(value: Amount): string {
  return isKnown(value) ? decimals(value, 0, 0) : UNKNOWN;
}

/** A plain number: below one five significant digits, else at most four decimals. */
export function formatNumber(value: Amount): string {
  if (!isKnown(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size === 0 || size >= 1) return decimals(value, 0, size < 1_000 ? 4 : 2);
  return size < 0.001 ? formatPrice(value, 5) : decimals(Number(value.toPrecision(5)), 0, 7);
}

/** Token amounts grow large: 1.2M, 34.5k. */
export function formatTokens(value: Amount): string {
  if (!isKnown(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size >= 1e9) return `${decimals(value / 1e9, 0, 2)}B`;
  if (size >= 1e6) return `${decimals(value / 1e6, 0, 2)}M`;
  if (size >= 1e4) return `${decimals(value / 1e3, 0, 1)}k`;
  return formatNumber(value);
}

export function directionOf(value: Amount): Direction {
  if (!isKnown(value) || value === 0) return "flat";
  return value > 0 ? "up" : "down";
}

/** The arrow that stands beside a colour. */
export function arrow(direction: Direction): string {
  return { up: "▲", down: "▼", flat: "" }[direction];
}

/** `7xKX…gAsU`: enough to recognise a wallet or a mint. */
export function shortAddress(address: string): string {
  return address.length > 11 ? `${address.slice(0, 4)}…${address.slice(-4)}` : address;
}

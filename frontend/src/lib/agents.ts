/** What a browser or a program calls itself, in words. Pure. */
import { cleanText } from "./text";

export interface Agent {
  /** "Firefox 131 on Windows". */
  words: string;
  kind: "computer" | "phone" | "program" | "unknown";
}

// The first that fits: most browsers also name those whose pages they can show.
const browsers: [name: string, pattern: RegExp][] = [
  ["Edge", /\bEdg(?:A|iOS)?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
  ["Vivaldi", /\bVivaldi\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+)[^ ]* (?:Mobile\/\S+ )?Safari\//],
];

const systems: [name: string, pattern: RegExp, isPhone: boolean][] = [
  ["iPhone", /\biPhone\b/, true],
  ["iPad", /\biPad\b/, true],
  ["Android", /\bAndroid\b/, true],
  ["ChromeOS", /\bCrOS\b/, false],
  ["Windows", /\bWindows\b/, false],
  ["macOS", /\bMacintosh\b|\bMac OS X\b/, false],
  ["Linux", /\bLinux\b|\bX11\b/, false],
];

const LONGEST = 60;

/** A program names itself first: "curl/8.5.0", "python-httpx/0.28.1". */
function program(agent: string): string {
  const [name = "", version] = (agent.split(" ")[0] ?? "").split("/");
  return version ? `${name} ${version}` : name;
}

/** Reads a User-Agent; null where none was sent. */
export function agentInWords(agent: string | null): Agent {
  const text = cleanText(agent ?? "", 400);
  if (text === "") return { words: "Unknown device", kind: "unknown" };
  if (!text.startsWith("Mozilla/")) {
    return { words: cleanText(program(text), LONGEST), kind: "program" };
  }
  const system = systems.find(([, pattern]) => pattern.test(text));
  const kind = system?.[2] ? "phone" : "computer";
  const place = system ? ` on ${system[0]}` : "";
  for (const [name, pattern] of browsers) {
    const version = pattern.exec(text)?.[1];
    if (version !== undefined) return { words: `${name} ${version}${place}`, kind };
  }
  return { words: `A browser${place}`, kind };
}

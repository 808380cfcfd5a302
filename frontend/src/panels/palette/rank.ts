/** Which entries a search finds, the best first. Pure. */
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export const groups = ["Open positions", "Pages", "Actions", "Trades", "Tokens"] as const;
export type Group = (typeof groups)[number];

export interface Entry {
  id: string;
  group: Group;
  title: string;
  /** Other words that it is found by. */
  words?: string;
  /** Stands at the end of its line. */
  detail?: ReactNode;
  Icon: LucideIcon;
  run: () => void;
}

export interface Found {
  group: Group;
  entries: Entry[];
}

const SAME = 100;
const BEGINS = 80;
const WORD_BEGINS = 60;
const HOLDS = 40;
const SCATTERED = 10;
const FEW_LETTERS = 3;

/** `osit` is in `positions` in order, with letters between. */
function isScattered(letters: string, text: string): boolean {
  let from = 0;
  for (const letter of letters) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

function scoreOfWord(word: string, title: string, words: string): number {
  if (title === word) return SAME;
  if (title.startsWith(word)) return BEGINS;
  if (` ${title} ${words}`.includes(` ${word}`)) return WORD_BEGINS;
  if (title.includes(word)) return HOLDS;
  // A letter or two are in every address.
  if (word.length < FEW_LETTERS) return 0;
  if (words.includes(word)) return HOLDS;
  return isScattered(word, title) ? SCATTERED : 0;
}

/** How well an entry fits; 0 when a word of the search is not in it. */
export function scoreOf({ title, words = "" }: Pick<Entry, "title" | "words">, search: string) {
  const asked = search.toLowerCase().split(/\s+/).filter(Boolean);
  const scores = asked.map((word) => scoreOfWord(word, title.toLowerCase(), words.toLowerCase()));
  if (scores.includes(0)) return 0;
  return scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
}

const MOST_FOUND = 8;
/** How many of each stand there before anything was typed. */
const mostUnasked: Record<Group, number> = {
  "Open positions": 5,
  Pages: 10,
  Actions: 20,
  Trades: 5,
  Tokens: 5,
};

/** By group; the group with the best find first, without a search in the usual order. */
export function find(entries: Entry[], search: string): Found[] {
  const isAsked = search.trim() !== "";
  const found = groups.map((group) => {
    const own = entries
      .filter((entry) => entry.group === group)
      .map((entry) => ({ entry, score: isAsked ? scoreOf(entry, search) : 1 }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)
      .slice(0, isAsked ? MOST_FOUND : mostUnasked[group]);
    return { group, best: own[0]?.score ?? 0, entries: own.map(({ entry }) => entry) };
  });
  return found
    .filter(({ best }) => best > 0)
    .sort((one, other) => other.best - one.best)
    .map(({ group, entries: own }) => ({ group, entries: own }));
}

/** `#123` or `123`: the number of a trade. */
export function tradeNumberIn(search: string): number | null {
  const number = /^#?(\d{1,15})$/.exec(search.trim())?.[1];
  return number === undefined || Number(number) === 0 ? null : Number(number);
}

/** Names and posts come from feeds: whatever could reorder or hide text is taken out. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

export function cleanText(text: string, longest = 280): string {
  const clean = text.replace(invisible, "").trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

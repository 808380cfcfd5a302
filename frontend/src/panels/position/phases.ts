/** What each phase of an exit means. */

export const phases: Record<string, string> = {
  INITIAL: "The stop stands where the plan put it at the entry; it does not move yet.",
  BREAKEVEN: "A target was taken: the stop stands at the entry, so the rest cannot lose.",
  TRAILING: "The stop follows the highest price from below, and never goes back.",
};

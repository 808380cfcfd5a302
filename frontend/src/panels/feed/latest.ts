import type { FeedItem } from "@/api/live-state";

const ROWS = 60;

/** The newest transactions of one token, the newest first. */
export function latest(feed: FeedItem[], token: string | null): FeedItem[] {
  return feed.filter((item) => item.token === token).slice(0, ROWS);
}

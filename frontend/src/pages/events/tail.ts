/** Keeps a list of events whole at its top: what the socket tells, and what it may have missed. */
import type { StoredEvent } from "@/api/wire";

interface Page {
  items: StoredEvent[];
  next_cursor: string | null;
}

export interface TailSource {
  /** Fetches what fits after an event, the oldest first. */
  after: (seq: number) => Promise<Page>;
  /** The newest event that the socket told of, 0 without one. */
  heard: () => number;
  /** Whether an event fits; null where only the platform can tell. */
  fits: (event: StoredEvent) => boolean | null;
  /** Whether the first page is there. */
  isLoaded: () => boolean;
  tell: (events: StoredEvent[]) => void;
  /** So much was missed that the list begins again. */
  reload: () => void;
}

const SOON = 400;
const MOST_PAGES = 6;

export class EventTail {
  /** Up to this event nothing is missing. */
  private seen = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;
  private isOver = false;

  constructor(private readonly source: TailSource) {}

  /** The first page is there: all that was heard before it was asked for is in it. */
  begin(heard: number, newest: number) {
    this.seen = Math.max(heard, newest);
  }

  /** The socket told of events; they may have been told before. */
  hear(events: StoredEvent[]) {
    const news = events.filter(({ seq }) => seq > this.seen);
    const verdicts = news.map(this.source.fits);
    if (verdicts.includes(null)) {
      this.later();
      return;
    }
    const fitting = news.filter((_, place) => verdicts[place]);
    if (fitting.length > 0) this.source.tell(fitting);
    // While something is to be fetched, there may be a gap before what was heard.
    const isWhole = this.timer === undefined && !this.isAsking && this.source.isLoaded();
    if (isWhole) this.seen = Math.max(this.seen, news.at(-1)?.seq ?? 0);
  }

  /** Something may have been missed: it is fetched in a moment, once however often this is said. */
  later() {
    if (this.isOver) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // Where it fails, the next event or sign-in asks again from the same place.
      this.catchUp().catch(() => undefined);
    }, SOON);
  }

  stop() {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** Fetches everything after what was seen. */
  async catchUp() {
    if (this.isAsking || !this.source.isLoaded()) {
      this.later();
      return;
    }
    this.isAsking = true;
    try {
      for (let page = 0; page < MOST_PAGES; page++) {
        if (await this.isWholeAfterPage()) return;
      }
      if (!this.isOver) this.source.reload();
    } finally {
      this.isAsking = false;
    }
  }

  private async isWholeAfterPage(): Promise<boolean> {
    const heard = this.source.heard();
    const { items, next_cursor } = await this.source.after(this.seen);
    if (this.isOver) return true;
    if (items.length > 0) this.source.tell(items);
    this.seen = Math.max(this.seen, items.at(-1)?.seq ?? 0);
    if (next_cursor !== null) return false;
    this.seen = Math.max(this.seen, heard);
    return true;
  }
}

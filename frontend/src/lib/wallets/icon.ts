/** Only pictures that stand in the address itself: nothing may be loaded from elsewhere. */
const picture = /^data:image\/(svg\+xml|webp|png|gif|jpeg);base64,[A-Za-z0-9+/]+={0,2}$/;
const LONGEST = 300_000;

/** A wallet's icon as an `img` may show it; null where it is no picture of its own. */
export function safeIcon(icon: unknown): string | null {
  if (typeof icon !== "string" || icon.length > LONGEST) return null;
  const address = icon.trim();
  return picture.test(address) ? address : null;
}

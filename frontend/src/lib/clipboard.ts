/** Puts text where it can be pasted from; false where the browser does not let the page. */
export async function copyText(text: string): Promise<boolean> {
  // Only pages over https, and those of this computer, have a clipboard at all.
  if (navigator.clipboard === undefined) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

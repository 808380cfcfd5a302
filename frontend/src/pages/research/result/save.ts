/** Hands a text to the browser as a file. */
export function save(text: string, fileName: string, type: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName.replace(/[^\w.-]+/g, "-");
  link.click();
  URL.revokeObjectURL(url);
}

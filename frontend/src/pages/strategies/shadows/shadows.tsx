export function Shadows() {
  return null;
}

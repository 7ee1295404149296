/** As many as members.css has. With more members they come again: the names are what counts. */
const HUES = 10;

export function hueOf(position: number): string {
  return `hue-${position % HUES}`;
}

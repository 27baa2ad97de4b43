const WORDS =
  "account login secure update shop news blog mail cloud drive photo video music store market bank card pay verify support help docs wiki forum events about contact team index home user profile session order item cart".split(
    " ",
  );
const SUFFIXES = ["com", "org", "net", "co.uk", "example", "github.io", "web.app", "info"];

/**
 * URLs of about the lengths of real ones (half below 45 characters, one in twenty above 150), the
 * same each time.
 */
export function buildUrls(count: number): string[] {
  let state = 1;
  // Park and Miller's generator: its numbers need only be the same each time.
  const draw = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const word = () => WORDS[draw(WORDS.length)] ?? "";
  const name = () => (draw(3) === 0 ? `${word()}-${word()}${draw(1000)}` : `${word()}${word()}`);
  const path = (most: number) => Array.from({ length: draw(most) }, () => `/${name()}`).join("");
  return Array.from({ length: count }, (_, i) => {
    const host = `${draw(4) === 0 ? `${word()}.` : ""}${name()}.${SUFFIXES[draw(SUFFIXES.length)]}`;
    const long = i % 20 === 0 ? 16 : 4;
    const query = draw(4) === 0 ? `?${word()}=${draw(1e9)}&${word()}=${word()}` : "";
    return `http${draw(2) === 0 ? "s" : ""}://${host}${path(long)}${query}`;
  });
}

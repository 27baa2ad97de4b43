/**
 * Gives the items in another order while holding `size` of them at most: each new one takes the
 * place of a random one, which goes out. Memory does not grow with the input.
 */
export async function* shuffle<Item>(
  items: AsyncIterable<Item>,
  size: number,
  random: () => number,
): AsyncGenerator<Item> {
  const held: Item[] = [];
  for await (const item of items) {
    if (held.length < size) {
      held.push(item);
      continue;
    }
    const at = Math.floor(random() * size);
    const out = held[at];
    held[at] = item;
    if (out !== undefined) yield out;
  }
  while (held.length > 0) {
    const at = Math.floor(random() * held.length);
    const last = held.pop();
    const out = at === held.length ? last : held[at];
    if (at < held.length && last !== undefined) held[at] = last;
    if (out !== undefined) yield out;
  }
}

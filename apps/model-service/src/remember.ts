/** Makes a value once for each set of arguments. The sets are few: labels, never text of a caller. */
export function remember<Arguments extends readonly (string | number | boolean)[], Value>(
  make: (...values: Arguments) => Value,
): (...values: Arguments) => Value {
  const made = new Map<string, Value>();
  return (...values) => {
    const key = values.join("|");
    let value = made.get(key);
    if (value === undefined) {
      value = make(...values);
      made.set(key, value);
    }
    return value;
  };
}

/** Whether a whole string matches a regular expression of RE2. */
export function compileRegex(pattern: string): (value: string) => boolean {
  const regex = new RegExp(`^(?:${pattern})$`, "u");
  return (value) => regex.test(value);
}

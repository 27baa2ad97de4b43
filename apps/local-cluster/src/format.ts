/** "3 s", "4 min", "2 h", "5 d". */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** "90 %", "12.5 %": with a decimal, or the halves of 87.5 and 12.5 would add up to 101. */
export function formatShare(part: number, whole: number): string {
  return `${Number(((100 * part) / whole).toFixed(1))} %`;
}

/** What the routes take: a URL and a guess fit many times over. */
export const BODY_LIMITS = { mostBytes: 16 * 1024, timeoutMs: 5_000 } as const;

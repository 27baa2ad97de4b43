/** One thing that is wrong, under the name of the check that found it. */
export interface Finding {
  readonly check: string;
  readonly message: string;
}

/** A finding when the condition fails, nothing when it holds. */
export function expectThat(holds: boolean, check: string, message: string): readonly Finding[] {
  return holds ? [] : [{ check, message }];
}

export const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

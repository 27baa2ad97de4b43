/** How it stands with a program of others that the overlay asks for. */
export type ProgramStatus =
  /** Nobody wants it: `--stand-ins`. */
  | { readonly kind: "off" }
  | { readonly kind: "absent" }
  /** Comes up, or comes up anew after it ended. */
  | { readonly kind: "starting"; readonly lastEnd: string | null }
  | { readonly kind: "running"; readonly port: number; readonly version: string | undefined }
  /** Did not get ready; it is not tried again until the next release. */
  | { readonly kind: "failed"; readonly why: string };

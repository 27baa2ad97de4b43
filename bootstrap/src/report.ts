import { toPrintable } from "@hookline/command-line";
import type { BootstrapError } from "./errors.ts";

/** What happens, as it happens. */
export type ReportEvent =
  | { readonly event: "stage"; readonly number: number; readonly of: number; readonly text: string }
  | { readonly event: "progress"; readonly text: string }
  | { readonly event: "result"; readonly text: string; readonly data: unknown }
  | {
      readonly event: "error";
      readonly code: string;
      readonly text: string;
      readonly next: string | undefined;
    };

export interface Report {
  stage(number: number, of: number, text: string): void;
  progress(text: string): void;
  /** What a command was asked for: `text` for people, `data` for programs. */
  result(text: string, data: unknown): void;
  error(error: BootstrapError): void;
}

/** Lines for people, or with `json` one JSON object a line. */
export function createReport(write: (line: string) => void, { json }: { json: boolean }): Report {
  const tell = (event: ReportEvent) =>
    write(toPrintable(json ? JSON.stringify(event) : renderEvent(event)));
  return {
    stage: (number, of, text) => tell({ event: "stage", number, of, text }),
    progress: (text) => tell({ event: "progress", text }),
    result: (text, data) => tell({ event: "result", text, data }),
    error: ({ code, message, next }) => tell({ event: "error", code, text: message, next }),
  };
}

function renderEvent(event: ReportEvent): string {
  switch (event.event) {
    case "stage":
      return `${event.number}/${event.of} ${event.text}`;
    case "progress":
      return `    ${event.text}`;
    case "result":
      return event.text;
    case "error":
      return event.next === undefined ? event.text : `${event.text}\nNext: ${event.next}`;
  }
}

import { formatSeconds } from "./format-seconds.ts";
import { ModelAnswer, ModelError } from "./model-answer.ts";

/** Why there is no verdict. The code is for programs, the message for people. */
export interface UnknownReason {
  readonly code: "unreachable" | "timeout" | "overloaded" | "failed" | "invalid-answer";
  readonly message: string;
}

export type ModelReply =
  | { readonly kind: "answered"; readonly answer: ModelAnswer }
  /** The model looked at the URL and says that it is none. */
  | { readonly kind: "rejected"; readonly message: string }
  | { readonly kind: "unknown"; readonly reason: UnknownReason; readonly cause?: unknown };

export interface ModelClient {
  /** Never rejects: whatever the model does is one of the three replies, within the time limit. */
  predict(url: string, headers: Readonly<Record<string, string>>): Promise<ModelReply>;
}

export interface ModelClientOptions {
  /** Origin of model-service. */
  readonly modelUrl: string;
  readonly modelTimeoutMs: number;
}

// A URL of 2,048 characters explained character by character is about 250 KB.
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Asks model-service over kept-alive connections, each call within one total time limit. */
export function createModelClient({ modelUrl, modelTimeoutMs }: ModelClientOptions): ModelClient {
  const endpoint = `${modelUrl}/predict?explain=true`;

  async function predict(
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<ModelReply> {
    const signal = AbortSignal.timeout(modelTimeoutMs);
    try {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", accept: "application/json" },
        // Unescaped, U+FFFD stands for bytes that were no UTF-8, and the model refuses the body.
        body: JSON.stringify({ url }).replaceAll("\uFFFD", "\\ufffd"),
        // The model does not redirect; whoever does is not the model.
        redirect: "error",
        // What people ask is for the model alone, and it is no host that a proxy knows.
        proxy: false,
        signal,
      });
      return toReply(response.status, await readLimited(response));
    } catch (cause) {
      if (signal.aborted) {
        return unknown("timeout", `did not answer within ${formatSeconds(modelTimeoutMs)}`, cause);
      }
      return unknown("unreachable", "could not be reached", cause);
    }
  }

  return { predict };
}

function unknown(code: UnknownReason["code"], what: string, cause?: unknown): ModelReply {
  return { kind: "unknown", reason: { code, message: `The model service ${what}.` }, cause };
}

function toReply(status: number, body: string | undefined): ModelReply {
  if (status === 429 || status === 503) {
    return unknown("overloaded", "is busy or not ready yet");
  }
  const json = body === undefined ? undefined : parseJson(body);
  if (status === 422) {
    const error = ModelError.safeParse(json);
    if (error.success) return { kind: "rejected", message: error.data.error.message };
  }
  if (status !== 200) {
    return unknown("failed", `answered with an error (status ${status})`);
  }
  const answer = ModelAnswer.safeParse(json);
  if (!answer.success) {
    return unknown(
      "invalid-answer",
      "sent an answer that this page does not understand",
      answer.error,
    );
  }
  return { kind: "answered", answer: answer.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer that no schema accepts: the caller says so.
    return undefined;
  }
}

/** The body as text; undefined when it is larger than any true answer. */
async function readLimited(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

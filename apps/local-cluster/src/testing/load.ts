import { messageOf } from "@hookline/command-line";

/** What came of one request under load. */
export interface LoadAnswer {
  /** 0 when there was no answer at all. */
  readonly status: number;
  readonly version: string | null;
  readonly error: string;
}

/** Requests that go on until they are stopped. */
export interface Load {
  /** All answers so far. */
  readonly answers: readonly LoadAnswer[];
  /** Ends it, when the requests under way are through. */
  readonly stop: () => Promise<readonly LoadAnswer[]>;
}

const CONNECTIONS = 4;
const MOST_REQUESTS = 20_000;
const MOST_MS = 240_000;

/** Checks URLs at the page's API, a few at a time; bounded in number and time whatever happens. */
export function startLoad(url: string): Load {
  const answers: LoadAnswer[] = [];
  const deadline = performance.now() + MOST_MS;
  let stopped = false;
  const send = async () => {
    while (!stopped && answers.length < MOST_REQUESTS && performance.now() < deadline) {
      answers.push(await check(url, answers.length));
    }
  };
  const done = Promise.all(Array.from({ length: CONNECTIONS }, send));
  return {
    answers,
    stop: async () => {
      stopped = true;
      await done;
      return answers;
    },
  };
}

async function check(url: string, count: number): Promise<LoadAnswer> {
  try {
    const answer = await fetch(`${url}/api/check`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url: `https://example.org/docs/${count}` }),
    });
    const body = await answer.text();
    // The page answers "Unknown" where the model failed: for a visitor that is a failure too.
    const status = body.includes('"verdict":"Unknown"') ? 502 : answer.status;
    const version = answer.headers.get("x-app-version");
    return { status, version, error: status === 200 ? "" : body.slice(0, 200) };
  } catch (error) {
    return { status: 0, version: null, error: messageOf(error) };
  }
}

/** The answers that are no success, for a test's message. */
export function failuresIn(answers: readonly LoadAnswer[]): readonly LoadAnswer[] {
  return answers.filter(({ status }) => status !== 200);
}

/** Of those, all but what came too late for the page: a busy machine makes it so, with nothing lost on the way. */
export function lossesIn(answers: readonly LoadAnswer[]): readonly LoadAnswer[] {
  return failuresIn(answers).filter(({ error }) => !error.includes('"code":"timeout"'));
}

/** The share of answers by v2. */
export function shareOfV2(answers: readonly LoadAnswer[]): number {
  return answers.filter(({ version }) => version === "v2").length / answers.length;
}

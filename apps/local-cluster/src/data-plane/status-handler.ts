import type { Downstream, RequestHandler } from "./downstream.ts";
import type { RequestHead } from "./http/head.ts";
import { HeaderList } from "./http/header-list.ts";

export type StatusPage = (request: Request) => Response | undefined | Promise<Response | undefined>;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d*)?$/i;

/** Whether the host is this machine's own name: a page of elsewhere that has its name point here has another. */
export function isLoopbackHost(authority: string): boolean {
  // Also a URL: the page is asked with one, which "127.999.0.1" and port 99999 are not.
  return LOOPBACK.test(authority) && URL.canParse(`http://${authority}`);
}

/** Whether only this machine can reach what listens there. */
export function isLoopbackAddress(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Answers one request for the status page. Bodies are dropped: nothing there takes one. */
export class StatusHandler implements RequestHandler {
  readonly #downstream: Downstream;
  #isGone = false;

  constructor(
    downstream: Downstream,
    {
      head,
      page,
      authority,
      path,
    }: { head: RequestHead; page: StatusPage; authority: string; path: string },
  ) {
    this.#downstream = downstream;
    void this.#answer(head, page, `http://${authority}${path}`);
  }

  requestBody(): void {}
  requestEnd(): void {}
  requestIdle(): void {}
  clientDrained(): void {}
  tunnelBytes(): void {}
  clientTunnelEnded(): void {}

  clientGone(): void {
    this.#isGone = true;
  }

  async #answer(head: RequestHead, page: StatusPage, url: string): Promise<void> {
    let answer: Response;
    let body: Buffer;
    try {
      const headers = new Headers();
      head.headers.forEach((name, value) => {
        headers.append(name, value);
      });
      const method = head.method === "HEAD" ? "GET" : head.method;
      answer =
        (await page(new Request(url, { method, headers }))) ??
        new Response("Not found\n", { status: 404 });
      body = Buffer.from(await answer.arrayBuffer());
    } catch {
      // The page shows what runs; that it fails must not end what runs.
      answer = new Response(null, { status: 500 });
      body = Buffer.from("The status page failed\n");
    }
    if (this.#isGone) return;
    const headers = new HeaderList();
    for (const [name, value] of answer.headers) headers.append(name.toLowerCase(), value);
    headers.set("content-length", String(body.length));
    this.#downstream.writeHead(answer.status, headers, { kind: "fixed", length: body.length });
    this.#downstream.writeBody(body);
    this.#downstream.writeEnd();
  }
}

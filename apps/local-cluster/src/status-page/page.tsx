/** @jsxImportSource hono/jsx */
import type { Mesh } from "@hookline/mesh";
import { html } from "hono/html";
import type { ClusterState } from "../cluster-state.ts";
import type { TrafficSnapshot } from "../data-plane/traffic.ts";
import type { Explained } from "./explain.ts";
import { ExplainAnswer } from "./explain-answer.tsx";
import { ExplainForm } from "./explain-form.tsx";
import { Pods } from "./pods.tsx";
import { Release } from "./release.tsx";
import { Traffic } from "./traffic.tsx";

export interface PageProps {
  readonly state: ClusterState;
  readonly traffic: TrafficSnapshot;
  readonly mesh: Mesh;
  readonly query: Readonly<Record<string, string>>;
  readonly explained: Explained | undefined;
  /** In ms since 1970. */
  readonly now: number;
}

/** The whole page. What changes by itself is in #live; the form is not, so that nobody loses what he types. */
export function renderPage({ state, traffic, mesh, query, explained, now }: PageProps) {
  return html`<!doctype html>${(
    <html lang="en">
      <Head state={state} explained={explained} />
      <body>
        <header>
          <h1>
            {state.overlay} <span>on this machine</span>
          </h1>
          <p>
            <a href={state.url}>{state.url}</a>
            <span class="away"> · it does not answer any more</span>
          </p>
        </header>
        <main>
          <div id="live">
            <Release state={state} now={now} />
            <Pods state={state} traffic={traffic} now={now} />
            <Traffic traffic={traffic} now={now} />
          </div>
          <section id="explain">
            <h2>Where would a request go?</h2>
            <ExplainForm mesh={mesh} query={query} />
            {explained === undefined ? null : <ExplainAnswer explained={explained} />}
          </section>
        </main>
        <footer>
          <a href="/_local/api/state">state as JSON</a> · <a href="/_local/metrics">metrics</a>
        </footer>
      </body>
    </html>
  )}`;
}

/** Without a script the page loads itself anew, but not while it shows an answer. */
function Head({ state, explained }: Pick<PageProps, "state" | "explained">) {
  return (
    <head>
      <meta charset="utf-8" />
      <title>{`${state.overlay} · Hookline on this machine`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <link rel="icon" href="/_local/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/_local/style.css" />
      <script type="module" src="/_local/live.js"></script>
      {explained === undefined ? (
        <noscript>
          <meta http-equiv="refresh" content="10" />
        </noscript>
      ) : null}
    </head>
  );
}

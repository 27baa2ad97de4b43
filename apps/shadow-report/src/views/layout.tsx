/** @jsxImportSource hono/jsx */
import type { Version } from "@hookline/lib-version";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { WINDOWS, type Window } from "../summary.ts";

interface LayoutProps {
  readonly stylePath: string;
  readonly version: Version;
  readonly window: Window;
  readonly children?: Child;
}

/** The frame of the page: no script, one stylesheet of our own, as the CSP demands. */
export function Layout({ stylePath, version, window, children }: LayoutProps) {
  return html`<!doctype html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Shadow report: do the two models agree?</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={stylePath} />
      </head>
      <body>
        <header class="masthead">
          <h1>Do the two models agree?</h1>
          <nav aria-label="Window">
            <ul>
              {Object.keys(WINDOWS).map((name) => (
                <li>
                  <a href={`/?window=${name}`} aria-current={name === window ? "page" : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <main>{children}</main>
        <footer>
          <p>
            Queries and users of URLs are left out by the senders. All of this is kept in memory
            only, for a day at most. The same as JSON:{" "}
            <a href={`/api/report?window=${window}`}>/api/report</a>
          </p>
          <p>
            {version.name.replace(/^.*\//, "")} {version.version}, revision{" "}
            <code>{version.revision.slice(0, 12)}</code>
          </p>
        </footer>
      </body>
    </html>
  )}`;
}

/** @jsxImportSource hono/jsx */
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { PageInfo } from "./page-info.ts";

interface LayoutProps {
  readonly title: string;
  readonly info: PageInfo;
  readonly children?: Child;
}

/** The frame of every page. Scripts and styles come from our own files only: the CSP forbids the rest. */
export function Layout({ title, info, children }: LayoutProps) {
  const { assets, variant, version } = info;
  return html`<!doctype html>${(
    <html lang="en" data-variant={variant}>
      <Head title={title} assets={assets} />
      <body>
        <a class="skip" href="#main">
          Skip to the form
        </a>
        <Masthead />
        <main id="main">{children}</main>
        <p id="status" class="visually-hidden" role="status"></p>
        <Colophon version={version} />
      </body>
    </html>
  )}`;
}

function Head({ title, assets }: Pick<LayoutProps, "title"> & Pick<PageInfo, "assets">) {
  return (
    <head>
      <meta charset="utf-8" />
      <title>{title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta
        name="description"
        content="Paste a link, guess whether it is phishing, and see what the model thinks and why."
      />
      <link rel="icon" href={assets.favicon} type="image/svg+xml" />
      <link rel="stylesheet" href={assets.style} />
      <script type="module" src={assets.script}></script>
    </head>
  );
}

function Masthead() {
  return (
    <header class="masthead">
      <a class="brand" href="/">
        <Hook />
        Hookline
      </a>
      <p>You guess first. Then the model says what it thinks, and why.</p>
    </header>
  );
}

function Colophon({ version }: Pick<PageInfo, "version">) {
  return (
    <footer class="colophon">
      <p>
        Only the text of the link is judged. It is never opened, and no file or log keeps it; where
        two models are compared, its host and path stay in memory for a day at most.
      </p>
      <p>
        {version.name.replace(/^.*\//, "")} {version.version}, revision{" "}
        <code>{version.revision.slice(0, 12)}</code>
      </p>
    </footer>
  );
}

function Hook() {
  return (
    <svg class="hook" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M19 2v17a6.5 6.5 0 1 1-13 0v-4.5l4 3.5" />
      <circle cx="19" cy="4" r="2.4" />
    </svg>
  );
}

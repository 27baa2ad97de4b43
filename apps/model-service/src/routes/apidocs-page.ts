import { html, raw } from "hono/html";
import type { buildDocument, Content } from "../openapi.ts";

type Document = ReturnType<typeof buildDocument>;
type Operation = Document["paths"][string][string];

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
section { border-top: 1px solid; padding: 0.5rem 0 1rem; }
h2 { font-size: 1.1rem; } h3 { font-size: 1rem; margin-bottom: 0; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.85rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.5rem; border: 1px solid; }
a { color: inherit; }
dt { font-weight: bold; } dd { margin: 0 0 0.5rem 1rem; }
`;

/** An OpenAPI document as one page: every operation with what it takes and gives, then the schemas. */
export function renderPage(document: Document) {
  const { info, paths, components } = document;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${info.title} ${info.version}</h1>
<p>${info.description} As a file: <a href="/openapi.json">openapi.json</a>.</p>
${Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) =>
    renderOperation(path, { method, operation }),
  ),
)}
<h2>Schemas</h2>
${Object.entries(components.schemas).map(
  ([name, schema]) =>
    html`<section id="schema-${name}"><h3>${name}</h3>${renderJson(schema)}</section>`,
)}
</main>
</body>
</html>`;
}

function renderOperation(
  path: string,
  { method, operation }: { method: string; operation: Operation },
) {
  return html`<section id="${operation.operationId}">
<h2><code>${method.toUpperCase()} ${path}</code> ${operation.summary}</h2>
${operation.description === undefined ? "" : html`<p>${operation.description}</p>`}
${(operation.parameters ?? []).map(
  ({ name, schema }) => html`<h3>Query <code>${name}</code></h3>${renderJson(schema)}`,
)}
${operation.requestBody === undefined ? "" : renderContent("Body", operation.requestBody.content)}
<h3>Answers</h3>
<dl>${Object.entries(operation.responses).map(
    ([status, { description, content }]) =>
      html`<dt>${status}</dt><dd>${description}${renderContent("", content)}</dd>`,
  )}</dl>
</section>`;
}

function renderContent(title: string, content: Content) {
  return Object.entries(content).map(
    ([type, { schema, examples = {} }]) => html`${title === "" ? "" : html`<h3>${title}</h3>`}
<div><code>${type}</code></div>${renderJson(schema)}
${Object.values(examples).map(
  ({ summary, value }) => html`<p>Example: ${summary}</p><pre>${layOut(value)}</pre>`,
)}`,
  );
}

/** JSON of which what fits on a line stands on one. */
function layOut(value: unknown, indent = ""): string {
  const line = JSON.stringify(value);
  if (typeof value !== "object" || value === null || line.length <= 100) return line;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const members = Array.isArray(value)
    ? value.map((member) => layOut(member, deeper))
    : Object.entries(value).map(([name, member]) => `"${name}": ${layOut(member, deeper)}`);
  return `${open}\n${members.map((member) => deeper + member).join(",\n")}\n${indent}${close}`;
}

const REFERENCE = /\{\s*"\$ref": "#\/components\/schemas\/(\w+)"\s*\}/;

/** A reference is a link to the schema, not the place that a program looks it up at. */
function renderJson(value: unknown) {
  // Split so, every second piece is the name in a reference.
  const pieces = JSON.stringify(value, null, 2).split(REFERENCE);
  const shown = pieces.map((piece, at) =>
    at % 2 === 0 ? piece : html`<a href="#schema-${piece}">${piece}</a>`,
  );
  return html`<pre>${shown}</pre>`;
}

/** @jsxImportSource hono/jsx */
import type { Mesh } from "@hookline/mesh";
import { EMPTY_QUESTION } from "./question.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

interface ExplainFormProps {
  readonly mesh: Mesh;
  readonly query: Readonly<Record<string, string>>;
}

/** Asks without a script: a GET form, so that a question has an address. */
export function ExplainForm({ mesh, query }: ExplainFormProps) {
  const value = (name: keyof typeof EMPTY_QUESTION) => query[name] ?? String(EMPTY_QUESTION[name]);
  return (
    <form method="get" action="/_local/#explain">
      <SourceField mesh={mesh} from={value("from")} />
      <MethodField chosen={value("method")} />
      <label class="wide">
        Path
        <input name="path" value={value("path")} autocomplete="off" autocapitalize="off" />
      </label>
      <label>
        Host
        <input name="host" value={value("host")} autocomplete="off" autocapitalize="off" />
      </label>
      <label>
        Port
        <input name="port" value={value("port")} inputmode="numeric" />
      </label>
      <label>
        Client address
        <input name="address" value={value("address")} />
      </label>
      <label class="wide">
        Headers, one a line
        <textarea name="headers" rows={3} placeholder="user-type: test-user" autocapitalize="off">
          {value("headers")}
        </textarea>
      </label>
      <button type="submit">Explain</button>
    </form>
  );
}

function SourceField({ mesh, from }: { readonly mesh: Mesh; readonly from: string }) {
  return (
    <label>
      From
      <select name="from">
        <option value="gateway" selected={from === "gateway"}>
          outside, through the gateway
        </option>
        {mesh.workloads.map(({ namespace, name }) => (
          <option value={`${namespace}/${name}`} selected={from === `${namespace}/${name}`}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function MethodField({ chosen }: { readonly chosen: string }) {
  return (
    <label>
      Method
      <select name="method">
        {METHODS.map((method) => (
          <option value={method} selected={chosen === method}>
            {method}
          </option>
        ))}
      </select>
    </label>
  );
}

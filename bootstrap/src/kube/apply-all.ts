import { type ApplyOptions, applyResource, type Outcome } from "./apply.ts";
import { type Connection, readMessage } from "./connection.ts";
import { nameResource, type Resource } from "./resource.ts";
import { waitFor } from "./wait-for.ts";

export interface ApplyAllOptions extends ApplyOptions {
  readonly timeoutMs: number;
  readonly onApplied?: (resource: Resource, outcome: Outcome) => void;
}

const AT_ONCE = 8;

/** What must be there before what is inside it or of its kind. */
const FIRST = ["Namespace", "CustomResourceDefinition"];

/**
 * Applies namespaces, then CRDs, then, once the server serves these, all others in the order
 * given. Stops at the first that is refused; applying again goes on from there.
 */
export async function applyAll(
  connection: Connection,
  resources: readonly Resource[],
  { onApplied, timeoutMs, ...options }: ApplyAllOptions,
): Promise<void> {
  const apply = async (resource: Resource) => {
    const outcome = await applyResource(connection, resource, options);
    onApplied?.(resource, outcome);
  };
  const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind);
  for (const kind of FIRST) await forEachAtOnce(ofKind(kind), apply);
  if (!options.dryRun) {
    await forEachAtOnce(ofKind("CustomResourceDefinition"), (one) =>
      waitUntilServed(connection, one, { ...options, timeoutMs }),
    );
  }
  options.discovery.forget();
  await forEachAtOnce(
    resources.filter(({ kind }) => !FIRST.includes(kind)),
    apply,
  );
}

/** A few at a time, begun in order. The first failure is the end: none is begun after it. */
async function forEachAtOnce<T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  let failed = false;
  const work = async () => {
    for (const item of left) {
      if (failed) return;
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function waitUntilServed(
  connection: Connection,
  definition: Resource,
  { discovery, timeoutMs }: Pick<ApplyAllOptions, "discovery" | "timeoutMs">,
): Promise<void> {
  const path = await discovery.locate(definition);
  if (path === undefined) throw new TypeError("Cannot wait: the server serves no CRDs");
  await waitFor(`${nameResource(definition)} is served`, { timeoutMs }, async () => {
    const { body } = await connection.request({ method: "GET", path });
    if (isEstablished(body)) return { done: true };
    return { done: false, state: readMessage(body) ?? "not established" };
  });
}

function isEstablished(body: unknown): boolean {
  return readConditions(body).some(
    ({ type, status }) => type === "Established" && status === "True",
  );
}

/** The conditions in the status of any resource; none where it has no status yet. */
export function readConditions(body: unknown): readonly Condition[] {
  const status = readField(body, "status");
  const conditions = readField(status, "conditions");
  return Array.isArray(conditions)
    ? conditions.map((one) => ({
        type: String(readField(one, "type")),
        status: String(readField(one, "status")),
        message: String(readField(one, "message") ?? ""),
      }))
    : [];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

function readField(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

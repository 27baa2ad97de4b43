import { type Explanation, type Mesh, MeshError } from "@hookline/mesh";
import { buildRequest, findSource, type Question, readQuestion } from "./question.ts";

/** What the form was given, and what came of it. */
export type Explained =
  | { readonly kind: "explained"; readonly question: Question; readonly explanation: Explanation }
  | { readonly kind: "problem"; readonly problem: string };

/** Answers a query: where the request would go, with the reasons. */
export function explainQuery(mesh: Mesh, query: Readonly<Record<string, string>>): Explained {
  const read = readQuestion(query);
  if ("problem" in read) return { kind: "problem", problem: read.problem };
  const { question } = read;
  const source = findSource(mesh, question.from);
  if (source === undefined)
    return { kind: "problem", problem: `Nobody here is called "${question.from}"` };
  try {
    const explanation = mesh.router(source).explain(buildRequest(question));
    return { kind: "explained", question, explanation };
  } catch (error) {
    if (error instanceof MeshError) return { kind: "problem", problem: error.message };
    throw error;
  }
}

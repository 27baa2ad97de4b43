/** @jsxImportSource hono/jsx */
import type { Explanation } from "@hookline/mesh";
import { describeDecision } from "./describe-decision.ts";
import type { Explained } from "./explain.ts";

/** Where the request goes, with which chance, and why not elsewhere. */
export function ExplainAnswer({ explained }: { readonly explained: Explained }) {
  if (explained.kind === "problem")
    return (
      <p class="note bad" role="alert">
        {explained.problem}
      </p>
    );
  const { explanation } = explained;
  return (
    <div class="answer" role="status">
      <Outcomes explanation={explanation} />
      <h3>Routes, as they are tried</h3>
      <ol class="routes">
        {explanation.routes.map(({ route, matched, reasons }) => (
          <li class={matched ? "matched" : ""}>
            <strong>{route.route ?? `route ${route.index}`}</strong>{" "}
            <span class="soft">{route.virtualService ?? "no VirtualService"}</span>{" "}
            {matched ? <span class="tag good">taken</span> : null}
            <ul>
              {reasons.map((reason) => (
                <li>{matched ? reason : `wants ${reason}`}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {explanation.notes.length === 0 ? null : (
        <>
          <h3>Before that</h3>
          <ul>
            {explanation.notes.map((note) => (
              <li>{note}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Outcomes({ explanation }: { readonly explanation: Explanation }) {
  return (
    <table>
      <thead>
        <tr>
          <th class="number">chance</th>
          <th>goes to</th>
        </tr>
      </thead>
      <tbody>
        {explanation.outcomes.map(({ percent, decision }) => {
          const [what, ...how] = describeDecision(decision);
          return (
            <tr>
              <td class="number">{Number(percent.toFixed(2))} %</td>
              <td>
                <strong>{what}</strong>
                {how.map((line) => (
                  <small>{line}</small>
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

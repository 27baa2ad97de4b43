/** @jsxImportSource hono/jsx */
import type { ClusterState, PodPhase, PodState, WorkloadState } from "../cluster-state.ts";
import type { TrafficSnapshot } from "../data-plane/traffic.ts";
import { formatAge } from "../format.ts";

const TONES: Readonly<Record<PodPhase, "good" | "unsure" | "bad">> = {
  ready: "good",
  starting: "unsure",
  stopping: "unsure",
  unready: "bad",
  "back-off": "bad",
};

interface PodsProps {
  readonly state: ClusterState;
  readonly traffic: TrafficSnapshot;
  readonly now: number;
}

/** What runs: our Deployments with their pods, and what stands in for other people's. */
export function Pods({ state, traffic, now }: PodsProps) {
  const ejected = new Set(
    traffic.clusters.flatMap(({ pods }) =>
      pods.filter((one) => one.isEjected).map(({ pod }) => pod),
    ),
  );
  return (
    <section>
      <h2>What runs</h2>
      <table>
        <thead>
          <tr>
            <th>pod</th>
            <th>state</th>
            <th class="number">restarts</th>
            <th class="number">age</th>
            <th class="optional">port</th>
          </tr>
        </thead>
        {state.workloads.map((workload) => (
          <Workload workload={workload} ejected={ejected} now={now} />
        ))}
      </table>
      {state.thirdParty.length === 0 ? null : (
        <ul class="others">
          {state.thirdParty.map(({ name, text, runs }) => (
            <li>
              <strong>{name}</strong>{" "}
              <span class={`tag ${runs === "nothing" ? "unsure" : ""}`}>{runs}</span>{" "}
              <WithLinks text={text} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A text whose addresses of this machine can be followed. */
function WithLinks({ text }: { readonly text: string }) {
  const parts = text.split(/(http:\/\/127\.0\.0\.1:\d+)/);
  return <>{parts.map((part, index) => (index % 2 === 1 ? <a href={part}>{part}</a> : part))}</>;
}

interface WorkloadProps {
  readonly workload: WorkloadState;
  readonly ejected: ReadonlySet<string>;
  readonly now: number;
}

function Workload({ workload, ejected, now }: WorkloadProps) {
  const { name, version, program, ready, replicas, pods } = workload;
  const first = pods.find(({ phase }) => phase === "ready")?.ports["http"];
  const page = PAGES[program];
  return (
    <tbody>
      <tr class="group">
        <th colspan={5} scope="rowgroup">
          {first === undefined || page === undefined ? (
            name
          ) : (
            <a href={`http://127.0.0.1:${first}${page}`}>
              {name}
              {QUESTIONS[program]}
            </a>
          )}{" "}
          <span class="soft">{version}</span>{" "}
          <span class={`tag ${ready === replicas ? "good" : "bad"}`}>
            {ready} of {replicas} ready
          </span>
        </th>
      </tr>
      {pods.map((pod) => (
        <Pod pod={pod} program={program} isEjected={ejected.has(pod.name)} now={now} />
      ))}
    </tbody>
  );
}

function Pod({
  pod,
  program,
  isEjected,
  now,
}: {
  readonly pod: PodState;
  readonly program: string;
  readonly isEjected: boolean;
  readonly now: number;
}) {
  const { name, phase, restarts, since, ports, lastEnd } = pod;
  return (
    <tr>
      <td class="name">{name}</td>
      <td>
        <span class={`tag ${TONES[phase]}`}>{phase}</span>
        {isEjected ? <span class="tag bad">ejected</span> : null}
        {lastEnd === null ? null : <small>{lastEnd}</small>}
      </td>
      <td class="number">{restarts}</td>
      <td class="number">{formatAge(now - Date.parse(since))}</td>
      <td class="optional">
        {Object.entries(ports).map(([port, real], index) => (
          <>
            {index === 0 ? "" : ", "}
            <Port program={program} name={port} real={real} />
          </>
        ))}
      </td>
    </tr>
  );
}

/** What its page answers, where the name does not say it. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "shadow-report": ": did the two models agree?",
};

/** Where a program has its page. */
const PAGES: Readonly<Record<string, string>> = {
  app: "/",
  "model-service": "/apidocs",
  "shadow-report": "/",
};

interface PortProps {
  readonly program: string;
  readonly name: string;
  readonly real: number;
}

/** A port as a link to what a browser can look at there, if anything. */
function Port({ program, name, real }: PortProps) {
  const page = name === "metrics" ? "/metrics" : PAGES[program];
  const text = `${name} ${real}`;
  return page === undefined ? (
    <span>{text}</span>
  ) : (
    <a href={`http://127.0.0.1:${real}${page}`}>{text}</a>
  );
}

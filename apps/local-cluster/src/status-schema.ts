import * as z from "zod";
import type { ClusterState, PodState, WorkloadState } from "./cluster-state.ts";
import type { ToldTraffic } from "./describe-traffic.ts";

const Time = z.iso.datetime();
const Pod: z.ZodType<PodState> = z.object({
  name: z.string(),
  pid: z.number().nullable(),
  phase: z.enum(["back-off", "ready", "starting", "stopping", "unready"]),
  restarts: z.number(),
  since: Time,
  ports: z.record(z.string(), z.number()),
  lastEnd: z.string().nullable(),
});
const Workload: z.ZodType<WorkloadState> = z.object({
  name: z.string(),
  namespace: z.string(),
  program: z.string(),
  version: z.string(),
  replicas: z.number(),
  ready: z.number(),
  pods: z.array(Pod),
});
const State: z.ZodType<ClusterState> = z.object({
  overlay: z.string(),
  namespace: z.string(),
  url: z.string(),
  pid: z.number(),
  startedAt: Time,
  watch: z.enum(["nothing", "files", "git"]),
  revision: z.object({ text: z.string(), at: Time }),
  refused: z.object({ revision: z.string(), reason: z.string(), at: Time }).nullable(),
  rollout: z.object({ revision: z.string(), since: Time }).nullable(),
  workloads: z.array(Workload),
  thirdParty: z.array(
    z.object({
      name: z.string(),
      image: z.string(),
      runs: z.enum(["binary", "nothing", "stand-in"]),
      text: z.string(),
    }),
  ),
});

const Count = z.number();
const Traffic: z.ZodType<ToldTraffic> = z.object({
  requests: Count,
  underWay: Count,
  splits: z.array(
    z.object({
      from: z.string(),
      service: z.string(),
      workload: z.string(),
      version: z.string(),
      requests: Count,
      failed: Count,
    }),
  ),
  mirrors: z.array(
    z.object({
      service: z.string(),
      version: z.string(),
      sent: Count,
      failed: Count,
      dropped: Count,
    }),
  ),
  limits: z.array(
    z.object({
      descriptor: z.string(),
      limit: z.object({ requestsPerUnit: Count, unit: z.string() }).optional(),
      remaining: Count,
      resetAt: Count,
    }),
  ),
  limiter: z.object({ ok: Count, overLimit: Count, errors: Count }),
});

/** What `/_local/api/state` answers. */
export const StatusBody = State.and(z.object({ traffic: Traffic }));

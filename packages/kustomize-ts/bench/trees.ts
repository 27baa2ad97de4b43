import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files of a kustomization to time: path → text, and the folder to build. */
export interface BenchTree {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  readonly root: string;
}

/** An overlay as teams write them: generator, images, replicas, prefix, both kinds of patch over three apps. */
export function createOverlay(): BenchTree {
  const apps = ["web", "api", "worker"];
  const base = apps.flatMap((app) => [deployment(app, SETTINGS), service(app), account(app)]);
  const files = new Map([
    ["base/resources.yaml", base.join("---\n")],
    ["base/kustomization.yaml", "resources:\n- resources.yaml\n"],
    ["overlay/ingress.yaml", ingress("web")],
    ["overlay/scaler.yaml", scaler("api")],
    ["overlay/kustomization.yaml", OVERLAY],
  ]);
  return { name: "12 resources", files, root: "overlay" };
}

/** Many Deployments under a prefix, a namespace, an image and a label: what the size alone costs. */
export function createFleet(size: number): BenchTree {
  const names = Array.from({ length: size }, (_, index) => `app-${index}`);
  const files = new Map([
    ["fleet/deployments.yaml", names.map((name) => deployment(name)).join("---\n")],
    ["fleet/kustomization.yaml", FLEET],
  ]);
  return { name: `${size.toLocaleString("en")} resources`, files, root: "fleet" };
}

/** Writes the files under `folder` and gives the folder to build. */
export function writeTree({ files, root }: BenchTree, folder: string): string {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return join(folder, root);
}

const SETTINGS = `        envFrom:
        - configMapRef:
            name: settings
`;

const OVERLAY = `namespace: prod
namePrefix: prod-
resources:
- ../base
- ingress.yaml
- scaler.yaml
labels:
- includeTemplates: true
  pairs:
    environment: prod
images:
- name: nginx
  newTag: "1.27"
replicas:
- name: web
  count: 3
configMapGenerator:
- name: settings
  literals:
  - LOG_LEVEL=info
  - REGION=eu
patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
    spec:
      template:
        spec:
          containers:
          - name: main
            resources:
              limits:
                memory: 512Mi
- target:
    kind: Service
    name: w.*
  patch: |-
    - op: replace
      path: /spec/ports/0/port
      value: 8080
`;

const FLEET = `namespace: prod
namePrefix: prod-
resources:
- deployments.yaml
labels:
- pairs:
    environment: prod
images:
- name: nginx
  newTag: "1.27"
`;

function deployment(name: string, more = ""): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
      - name: main
        image: nginx:1.25
        ports:
        - containerPort: 80
${more}`;
}

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  ports:
  - port: 80
  selector:
    app: ${name}
`;
}

function account(name: string): string {
  return `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n`;
}

function ingress(name: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
spec:
  defaultBackend:
    service:
      name: ${name}
      port:
        number: 80
`;
}

function scaler(name: string): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  maxReplicas: 5
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
`;
}

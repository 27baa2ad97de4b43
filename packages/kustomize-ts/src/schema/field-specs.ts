/**
 * Where the built-in transformers write: the default field specifications of Kustomize 5.8.1
 * (api/internal/konfig/builtinpluginconsts). A line is a path, then what selects the resources
 * (`kind=`, `group=`, `version=`), then `create` when a missing field is made.
 */
export const NAME_PREFIX = `
metadata/name
`;

export const NAME_SUFFIX = `
metadata/name
`;

export const NAMESPACE = `
metadata/name kind=Namespace create
spec/service/namespace kind=APIService group=apiregistration.k8s.io create
spec/conversion/webhook/clientConfig/service/namespace kind=CustomResourceDefinition group=apiextensions.k8s.io
`;

export const COMMON_LABELS = `
spec/selector kind=Service version=v1 create
spec/selector kind=ReplicationController version=v1 create
spec/selector/matchLabels kind=Deployment create
spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels kind=Deployment group=apps
spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels kind=Deployment group=apps
spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels kind=Deployment group=apps
spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels kind=Deployment group=apps
spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels kind=Deployment group=apps
spec/selector/matchLabels kind=ReplicaSet create
spec/selector/matchLabels kind=DaemonSet create
spec/selector/matchLabels kind=StatefulSet group=apps create
spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels kind=StatefulSet group=apps
spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels kind=StatefulSet group=apps
spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels kind=StatefulSet group=apps
spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels kind=StatefulSet group=apps
spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels kind=StatefulSet group=apps
spec/selector/matchLabels kind=Job group=batch
spec/jobTemplate/spec/selector/matchLabels kind=CronJob group=batch
spec/selector/matchLabels kind=PodDisruptionBudget group=policy
spec/podSelector/matchLabels kind=NetworkPolicy group=networking.k8s.io
spec/ingress/from/podSelector/matchLabels kind=NetworkPolicy group=networking.k8s.io
spec/egress/to/podSelector/matchLabels kind=NetworkPolicy group=networking.k8s.io
metadata/labels create
spec/template/metadata/labels kind=ReplicationController version=v1 create
spec/template/metadata/labels kind=Deployment create
spec/template/metadata/labels kind=ReplicaSet create
spec/template/metadata/labels kind=DaemonSet create
spec/template/metadata/labels kind=StatefulSet group=apps create
spec/volumeClaimTemplates[]/metadata/labels kind=StatefulSet group=apps create
spec/template/metadata/labels kind=Job group=batch create
spec/jobTemplate/metadata/labels kind=CronJob group=batch create
spec/jobTemplate/spec/template/metadata/labels kind=CronJob group=batch create
`;

export const TEMPLATE_LABELS = `
metadata/labels create
spec/template/metadata/labels kind=ReplicationController version=v1 create
spec/template/metadata/labels kind=Deployment create
spec/template/metadata/labels kind=ReplicaSet create
spec/template/metadata/labels kind=DaemonSet create
spec/template/metadata/labels kind=StatefulSet group=apps create
spec/volumeClaimTemplates[]/metadata/labels kind=StatefulSet group=apps create
spec/template/metadata/labels kind=Job group=batch create
spec/jobTemplate/metadata/labels kind=CronJob group=batch create
spec/jobTemplate/spec/template/metadata/labels kind=CronJob group=batch create
`;

export const COMMON_ANNOTATIONS = `
metadata/annotations create
spec/template/metadata/annotations kind=ReplicationController version=v1 create
spec/template/metadata/annotations kind=Deployment create
spec/template/metadata/annotations kind=ReplicaSet create
spec/template/metadata/annotations kind=DaemonSet create
spec/template/metadata/annotations kind=StatefulSet create
spec/template/metadata/annotations kind=Job group=batch create
spec/jobTemplate/metadata/annotations kind=CronJob group=batch create
spec/jobTemplate/spec/template/metadata/annotations kind=CronJob group=batch create
`;

export const IMAGES = `
spec/containers[]/image create
spec/initContainers[]/image create
spec/volumes[]/image/reference create
spec/template/spec/containers[]/image create
spec/template/spec/initContainers[]/image create
spec/template/spec/volumes[]/image/reference create
`;

export const REPLICAS = `
spec/replicas kind=Deployment create
spec/replicas kind=ReplicationController create
spec/replicas kind=ReplicaSet create
spec/replicas kind=StatefulSet create
`;

/**
 * Which lists a strategic merge merges, and by which keys: the patch strategies and merge keys of
 * the OpenAPI document of Kubernetes v1.21.2, the one that Kustomize 5.8.1 embeds
 * (kyaml/openapi/kubernetesapi/v1_21_2; `x-kubernetes-patch-strategy`, `-patch-merge-key` and
 * `-list-map-keys`), without the types that lead to no such list.
 *
 * A line is a type: its name, `@` the API versions it is a kind of, and its fields. `name:Type` is
 * an object, `name[key]:Type` a list merged by that key, `name[*]` a list of scalars merged as a
 * set, `name[]:Type` a list that is replaced. A line that begins with blanks goes on with the type.
 */
export const MERGE_TYPES = `
admissionregistration.v1.MutatingWebhookConfiguration @admissionregistration.k8s.io/v1
  metadata:ObjectMeta webhooks[name]
admissionregistration.v1.ValidatingWebhookConfiguration @admissionregistration.k8s.io/v1
  metadata:ObjectMeta webhooks[name]
admissionregistration.v1beta1.MutatingWebhookConfiguration @admissionregistration.k8s.io/v1beta1
  metadata:ObjectMeta webhooks[name]
admissionregistration.v1beta1.ValidatingWebhookConfiguration @admissionregistration.k8s.io/v1beta1
  metadata:ObjectMeta webhooks[name]
apiregistration.v1.APIService @apiregistration.k8s.io/v1 metadata:ObjectMeta
  status:apiregistration.v1.APIServiceStatus
apiregistration.v1.APIServiceStatus conditions[type]
apiregistration.v1beta1.APIService @apiregistration.k8s.io/v1beta1 metadata:ObjectMeta
  status:apiregistration.v1beta1.APIServiceStatus
apiregistration.v1beta1.APIServiceStatus conditions[type]
apps.v1.DaemonSet @apps/v1 metadata:ObjectMeta spec:apps.v1.DaemonSetSpec
  status:apps.v1.DaemonSetStatus
apps.v1.DaemonSetSpec template:PodTemplateSpec
apps.v1.DaemonSetStatus conditions[type]
apps.v1.Deployment @apps/v1 metadata:ObjectMeta spec:apps.v1.DeploymentSpec
  status:apps.v1.DeploymentStatus
apps.v1.DeploymentSpec template:PodTemplateSpec
apps.v1.DeploymentStatus conditions[type]
Kustomization @kustomize.config.k8s.io/v1beta1 configMapGenerator[name] secretGenerator[name]
apps.v1.ReplicaSet @apps/v1 metadata:ObjectMeta spec:apps.v1.ReplicaSetSpec
  status:apps.v1.ReplicaSetStatus
apps.v1.ReplicaSetSpec template:PodTemplateSpec
apps.v1.ReplicaSetStatus conditions[type]
apps.v1.StatefulSet @apps/v1 metadata:ObjectMeta spec:apps.v1.StatefulSetSpec
  status:apps.v1.StatefulSetStatus
apps.v1.StatefulSetSpec template:PodTemplateSpec volumeClaimTemplates[]:PersistentVolumeClaim
apps.v1.StatefulSetStatus conditions[type]
batch.v1.CronJob @batch/v1 metadata:ObjectMeta spec:batch.v1.CronJobSpec
batch.v1.CronJobSpec jobTemplate:batch.v1.JobTemplateSpec
batch.v1.Job @batch/v1 metadata:ObjectMeta spec:batch.v1.JobSpec status:batch.v1.JobStatus
batch.v1.JobSpec template:PodTemplateSpec
batch.v1.JobStatus conditions[type]
batch.v1.JobTemplateSpec metadata:ObjectMeta spec:batch.v1.JobSpec
batch.v1beta1.CronJob @batch/v1beta1 metadata:ObjectMeta spec:batch.v1beta1.CronJobSpec
batch.v1beta1.CronJobSpec jobTemplate:batch.v1beta1.JobTemplateSpec
batch.v1beta1.JobTemplateSpec metadata:ObjectMeta spec:batch.v1.JobSpec
ComponentStatus @v1 conditions[type] metadata:ObjectMeta
Container env[name] ports[containerPort,protocol] volumeDevices[devicePath]
  volumeMounts[mountPath]
EphemeralContainer env[name] volumeDevices[devicePath] volumeMounts[mountPath]
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
Namespace @v1 metadata:ObjectMeta status:NamespaceStatus
NamespaceStatus conditions[type]
Node @v1 metadata:ObjectMeta spec:NodeSpec status:NodeStatus
NodeSpec podCIDRs[*]
NodeStatus addresses[type] conditions[type]
PersistentVolumeClaim @v1 metadata:ObjectMeta status:PersistentVolumeClaimStatus
PersistentVolumeClaimStatus conditions[type]
PersistentVolumeClaimTemplate metadata:ObjectMeta
Pod @v1 metadata:ObjectMeta spec:PodSpec status:PodStatus
PodSpec containers[name]:Container ephemeralContainers[name]:EphemeralContainer hostAliases[ip]
  imagePullSecrets[name] initContainers[name]:Container
  topologySpreadConstraints[topologyKey,whenUnsatisfiable] volumes[name]:Volume
PodStatus conditions[type] podIPs[ip]
PodTemplate @v1 metadata:ObjectMeta template:PodTemplateSpec
PodTemplateSpec metadata:ObjectMeta spec:PodSpec
ReplicationController @v1 metadata:ObjectMeta spec:ReplicationControllerSpec
  status:ReplicationControllerStatus
ReplicationControllerSpec template:PodTemplateSpec
ReplicationControllerStatus conditions[type]
Service @v1 metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus
ServiceAccount @v1 metadata:ObjectMeta secrets[name]
ServiceSpec ports[port,protocol]
ServiceStatus conditions[type]
Volume ephemeral:EphemeralVolumeSource
ObjectMeta finalizers[*] ownerReferences[uid]
policy.v1.PodDisruptionBudget @policy/v1 metadata:ObjectMeta
  status:policy.v1.PodDisruptionBudgetStatus
policy.v1.PodDisruptionBudgetStatus conditions[type]
policy.v1beta1.PodDisruptionBudget @policy/v1beta1 metadata:ObjectMeta
  status:policy.v1beta1.PodDisruptionBudgetStatus
policy.v1beta1.PodDisruptionBudgetStatus conditions[type]
storage.v1.CSINode @storage.k8s.io/v1 metadata:ObjectMeta spec:storage.v1.CSINodeSpec
storage.v1.CSINodeSpec drivers[name]
storage.v1beta1.CSINode @storage.k8s.io/v1beta1 metadata:ObjectMeta
  spec:storage.v1beta1.CSINodeSpec
storage.v1beta1.CSINodeSpec drivers[name]
`;

/** The kinds of which only `metadata` holds such lists. */
export const METADATA_ONLY_KINDS = `
apiextensions.k8s.io/v1 CustomResourceDefinition
apiextensions.k8s.io/v1beta1 CustomResourceDefinition
apps/v1 ControllerRevision
authentication.k8s.io/v1 TokenRequest TokenReview
authentication.k8s.io/v1beta1 TokenReview
authorization.k8s.io/v1 LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview
  SubjectAccessReview
authorization.k8s.io/v1beta1 LocalSubjectAccessReview SelfSubjectAccessReview
  SelfSubjectRulesReview SubjectAccessReview
autoscaling/v1 HorizontalPodAutoscaler Scale
autoscaling/v2beta1 HorizontalPodAutoscaler
autoscaling/v2beta2 HorizontalPodAutoscaler
certificates.k8s.io/v1 CertificateSigningRequest
certificates.k8s.io/v1beta1 CertificateSigningRequest
coordination.k8s.io/v1 Lease
coordination.k8s.io/v1beta1 Lease
discovery.k8s.io/v1 EndpointSlice
discovery.k8s.io/v1beta1 EndpointSlice
events.k8s.io/v1 Event
events.k8s.io/v1beta1 Event
extensions/v1beta1 Ingress
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema PriorityLevelConfiguration
networking.k8s.io/v1 Ingress IngressClass NetworkPolicy
networking.k8s.io/v1beta1 Ingress IngressClass
node.k8s.io/v1 RuntimeClass
node.k8s.io/v1beta1 RuntimeClass
policy/v1beta1 Eviction PodSecurityPolicy
rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding Role RoleBinding
rbac.authorization.k8s.io/v1beta1 ClusterRole ClusterRoleBinding Role RoleBinding
scheduling.k8s.io/v1 PriorityClass
scheduling.k8s.io/v1beta1 PriorityClass
storage.k8s.io/v1 CSIDriver StorageClass VolumeAttachment
storage.k8s.io/v1beta1 CSIDriver CSIStorageCapacity StorageClass VolumeAttachment
v1 Binding ConfigMap Endpoints Event LimitRange PersistentVolume ResourceQuota Secret
`;

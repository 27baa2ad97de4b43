/**
 * Which fields name another resource: the name references of Kustomize 5.8.1
 * (api/internal/konfig/builtinpluginconsts/namereference.go). A line that begins with `>` is the
 * kind that is named; the lines below it are the fields that name it, in the notation of
 * field-specs.ts.
 */
export const NAME_REFERENCES = `
> kind=Deployment
spec/scaleTargetRef/name kind=HorizontalPodAutoscaler
> kind=ReplicationController
spec/scaleTargetRef/name kind=HorizontalPodAutoscaler
> kind=ReplicaSet
spec/scaleTargetRef/name kind=HorizontalPodAutoscaler
> kind=StatefulSet
spec/scaleTargetRef/name kind=HorizontalPodAutoscaler
> kind=ConfigMap version=v1
spec/volumes/configMap/name kind=Pod version=v1
spec/containers/env/valueFrom/configMapKeyRef/name kind=Pod version=v1
spec/initContainers/env/valueFrom/configMapKeyRef/name kind=Pod version=v1
spec/containers/envFrom/configMapRef/name kind=Pod version=v1
spec/initContainers/envFrom/configMapRef/name kind=Pod version=v1
spec/volumes/projected/sources/configMap/name kind=Pod version=v1
template/spec/volumes/configMap/name kind=PodTemplate
template/spec/containers/env/valueFrom/configMapKeyRef/name kind=PodTemplate
template/spec/initContainers/env/valueFrom/configMapKeyRef/name kind=PodTemplate
template/spec/containers/envFrom/configMapRef/name kind=PodTemplate
template/spec/initContainers/envFrom/configMapRef/name kind=PodTemplate
template/spec/volumes/projected/sources/configMap/name kind=PodTemplate
spec/template/spec/volumes/configMap/name kind=Deployment
spec/template/spec/containers/env/valueFrom/configMapKeyRef/name kind=Deployment
spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name kind=Deployment
spec/template/spec/containers/envFrom/configMapRef/name kind=Deployment
spec/template/spec/initContainers/envFrom/configMapRef/name kind=Deployment
spec/template/spec/volumes/projected/sources/configMap/name kind=Deployment
spec/template/spec/volumes/configMap/name kind=ReplicaSet
spec/template/spec/containers/env/valueFrom/configMapKeyRef/name kind=ReplicaSet
spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name kind=ReplicaSet
spec/template/spec/containers/envFrom/configMapRef/name kind=ReplicaSet
spec/template/spec/initContainers/envFrom/configMapRef/name kind=ReplicaSet
spec/template/spec/volumes/projected/sources/configMap/name kind=ReplicaSet
spec/template/spec/volumes/configMap/name kind=DaemonSet
spec/template/spec/containers/env/valueFrom/configMapKeyRef/name kind=DaemonSet
spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name kind=DaemonSet
spec/template/spec/containers/envFrom/configMapRef/name kind=DaemonSet
spec/template/spec/initContainers/envFrom/configMapRef/name kind=DaemonSet
spec/template/spec/volumes/projected/sources/configMap/name kind=DaemonSet
spec/template/spec/volumes/configMap/name kind=StatefulSet
spec/template/spec/containers/env/valueFrom/configMapKeyRef/name kind=StatefulSet
spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name kind=StatefulSet
spec/template/spec/containers/envFrom/configMapRef/name kind=StatefulSet
spec/template/spec/initContainers/envFrom/configMapRef/name kind=StatefulSet
spec/template/spec/volumes/projected/sources/configMap/name kind=StatefulSet
spec/template/spec/volumes/configMap/name kind=Job
spec/template/spec/containers/env/valueFrom/configMapKeyRef/name kind=Job
spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name kind=Job
spec/template/spec/containers/envFrom/configMapRef/name kind=Job
spec/template/spec/initContainers/envFrom/configMapRef/name kind=Job
spec/template/spec/volumes/projected/sources/configMap/name kind=Job
spec/jobTemplate/spec/template/spec/volumes/configMap/name kind=CronJob
spec/jobTemplate/spec/template/spec/volumes/projected/sources/configMap/name kind=CronJob
spec/jobTemplate/spec/template/spec/containers/env/valueFrom/configMapKeyRef/name kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name kind=CronJob
spec/jobTemplate/spec/template/spec/containers/envFrom/configMapRef/name kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/envFrom/configMapRef/name kind=CronJob
spec/configSource/configMap kind=Node
rules/resourceNames kind=Role
rules/resourceNames kind=ClusterRole
metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap kind=Ingress
> kind=Secret version=v1
spec/volumes/secret/secretName kind=Pod version=v1
spec/containers/env/valueFrom/secretKeyRef/name kind=Pod version=v1
spec/initContainers/env/valueFrom/secretKeyRef/name kind=Pod version=v1
spec/containers/envFrom/secretRef/name kind=Pod version=v1
spec/initContainers/envFrom/secretRef/name kind=Pod version=v1
spec/imagePullSecrets/name kind=Pod version=v1
spec/volumes/projected/sources/secret/name kind=Pod version=v1
template/spec/volumes/secret/secretName kind=PodTemplate
template/spec/containers/env/valueFrom/secretKeyRef/name kind=PodTemplate
template/spec/initContainers/env/valueFrom/secretKeyRef/name kind=PodTemplate
template/spec/containers/envFrom/secretRef/name kind=PodTemplate
template/spec/initContainers/envFrom/secretRef/name kind=PodTemplate
template/spec/imagePullSecrets/name kind=PodTemplate
template/spec/volumes/projected/sources/secret/name kind=PodTemplate
spec/template/spec/volumes/secret/secretName kind=Deployment
spec/template/spec/containers/env/valueFrom/secretKeyRef/name kind=Deployment
spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name kind=Deployment
spec/template/spec/containers/envFrom/secretRef/name kind=Deployment
spec/template/spec/initContainers/envFrom/secretRef/name kind=Deployment
spec/template/spec/imagePullSecrets/name kind=Deployment
spec/template/spec/volumes/projected/sources/secret/name kind=Deployment
spec/template/spec/volumes/secret/secretName kind=ReplicaSet
spec/template/spec/containers/env/valueFrom/secretKeyRef/name kind=ReplicaSet
spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name kind=ReplicaSet
spec/template/spec/containers/envFrom/secretRef/name kind=ReplicaSet
spec/template/spec/initContainers/envFrom/secretRef/name kind=ReplicaSet
spec/template/spec/imagePullSecrets/name kind=ReplicaSet
spec/template/spec/volumes/projected/sources/secret/name kind=ReplicaSet
spec/template/spec/volumes/secret/secretName kind=DaemonSet
spec/template/spec/containers/env/valueFrom/secretKeyRef/name kind=DaemonSet
spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name kind=DaemonSet
spec/template/spec/containers/envFrom/secretRef/name kind=DaemonSet
spec/template/spec/initContainers/envFrom/secretRef/name kind=DaemonSet
spec/template/spec/imagePullSecrets/name kind=DaemonSet
spec/template/spec/volumes/projected/sources/secret/name kind=DaemonSet
spec/template/spec/volumes/secret/secretName kind=StatefulSet
spec/template/spec/containers/env/valueFrom/secretKeyRef/name kind=StatefulSet
spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name kind=StatefulSet
spec/template/spec/containers/envFrom/secretRef/name kind=StatefulSet
spec/template/spec/initContainers/envFrom/secretRef/name kind=StatefulSet
spec/template/spec/imagePullSecrets/name kind=StatefulSet
spec/template/spec/volumes/projected/sources/secret/name kind=StatefulSet
spec/template/spec/volumes/secret/secretName kind=Job
spec/template/spec/containers/env/valueFrom/secretKeyRef/name kind=Job
spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name kind=Job
spec/template/spec/containers/envFrom/secretRef/name kind=Job
spec/template/spec/initContainers/envFrom/secretRef/name kind=Job
spec/template/spec/imagePullSecrets/name kind=Job
spec/template/spec/volumes/projected/sources/secret/name kind=Job
spec/jobTemplate/spec/template/spec/volumes/secret/secretName kind=CronJob
spec/jobTemplate/spec/template/spec/volumes/projected/sources/secret/name kind=CronJob
spec/jobTemplate/spec/template/spec/containers/env/valueFrom/secretKeyRef/name kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name kind=CronJob
spec/jobTemplate/spec/template/spec/containers/envFrom/secretRef/name kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/envFrom/secretRef/name kind=CronJob
spec/jobTemplate/spec/template/spec/imagePullSecrets/name kind=CronJob
spec/tls/secretName kind=Ingress
metadata/annotations/ingress.kubernetes.io\\/auth-secret kind=Ingress
metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret kind=Ingress
metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret kind=Ingress
spec/tls/secretName kind=Ingress
imagePullSecrets/name kind=ServiceAccount
parameters/secretName kind=StorageClass
parameters/adminSecretName kind=StorageClass
parameters/userSecretName kind=StorageClass
parameters/secretRef kind=StorageClass
rules/resourceNames kind=Role
rules/resourceNames kind=ClusterRole
spec/template/spec/containers/env/valueFrom/secretKeyRef/name kind=Service group=serving.knative.dev version=v1
spec/azureFile/secretName kind=PersistentVolume
> kind=Service version=v1
spec/serviceName kind=StatefulSet group=apps
spec/rules/http/paths/backend/serviceName kind=Ingress
spec/backend/serviceName kind=Ingress
spec/rules/http/paths/backend/service/name kind=Ingress
spec/defaultBackend/service/name kind=Ingress
spec/service/name kind=APIService group=apiregistration.k8s.io
webhooks/clientConfig/service kind=ValidatingWebhookConfiguration group=admissionregistration.k8s.io
webhooks/clientConfig/service kind=MutatingWebhookConfiguration group=admissionregistration.k8s.io
> kind=Role group=rbac.authorization.k8s.io
roleRef/name kind=RoleBinding group=rbac.authorization.k8s.io
> kind=ClusterRole group=rbac.authorization.k8s.io
roleRef/name kind=RoleBinding group=rbac.authorization.k8s.io
roleRef/name kind=ClusterRoleBinding group=rbac.authorization.k8s.io
> kind=ServiceAccount version=v1
subjects kind=RoleBinding group=rbac.authorization.k8s.io
subjects kind=ClusterRoleBinding group=rbac.authorization.k8s.io
spec/serviceAccountName kind=Pod
spec/template/spec/serviceAccountName kind=StatefulSet
spec/template/spec/serviceAccountName kind=Deployment
spec/template/spec/serviceAccountName kind=ReplicationController
spec/jobTemplate/spec/template/spec/serviceAccountName kind=CronJob
spec/template/spec/serviceAccountName kind=Job
spec/template/spec/serviceAccountName kind=DaemonSet
> kind=PersistentVolumeClaim version=v1
spec/volumes/persistentVolumeClaim/claimName kind=Pod
spec/template/spec/volumes/persistentVolumeClaim/claimName kind=StatefulSet
spec/template/spec/volumes/persistentVolumeClaim/claimName kind=Deployment
spec/template/spec/volumes/persistentVolumeClaim/claimName kind=ReplicationController
spec/jobTemplate/spec/template/spec/volumes/persistentVolumeClaim/claimName kind=CronJob
spec/template/spec/volumes/persistentVolumeClaim/claimName kind=Job
spec/template/spec/volumes/persistentVolumeClaim/claimName kind=DaemonSet
> kind=PersistentVolume version=v1
spec/volumeName kind=PersistentVolumeClaim
rules/resourceNames kind=ClusterRole
> kind=StorageClass group=storage.k8s.io version=v1
spec/storageClassName kind=PersistentVolume
spec/storageClassName kind=PersistentVolumeClaim
spec/volumeClaimTemplates/spec/storageClassName kind=StatefulSet
> kind=PriorityClass group=scheduling.k8s.io version=v1
spec/priorityClassName kind=Pod
spec/template/spec/priorityClassName kind=StatefulSet
spec/template/spec/priorityClassName kind=Deployment
spec/template/spec/priorityClassName kind=ReplicationController
spec/jobTemplate/spec/template/spec/priorityClassName kind=CronJob
spec/template/spec/priorityClassName kind=Job
spec/template/spec/priorityClassName kind=DaemonSet
> kind=IngressClass group=networking.k8s.io/v1 version=v1
spec/ingressClassName kind=Ingress
> kind=ValidatingAdmissionPolicy group=admissionregistration.k8s.io
spec/policyName kind=ValidatingAdmissionPolicyBinding group=admissionregistration.k8s.io
`;

/**
 * The fields in which `$(VAR)` is replaced: the variable references of Kustomize 5.8.1
 * (api/internal/konfig/builtinpluginconsts/varreference.go), in the notation of field-specs.ts.
 */
export const VAR_REFERENCE = `
spec/jobTemplate/spec/template/spec/containers/args kind=CronJob
spec/jobTemplate/spec/template/spec/containers/command kind=CronJob
spec/jobTemplate/spec/template/spec/containers/env/value kind=CronJob
spec/jobTemplate/spec/template/spec/containers/volumeMounts/mountPath kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/args kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/command kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/env/value kind=CronJob
spec/jobTemplate/spec/template/spec/initContainers/volumeMounts/mountPath kind=CronJob
spec/jobTemplate/spec/template/volumes/nfs/server kind=CronJob
spec/template/spec/containers/args kind=DaemonSet
spec/template/spec/containers/command kind=DaemonSet
spec/template/spec/containers/env/value kind=DaemonSet
spec/template/spec/containers/volumeMounts/mountPath kind=DaemonSet
spec/template/spec/initContainers/args kind=DaemonSet
spec/template/spec/initContainers/command kind=DaemonSet
spec/template/spec/initContainers/env/value kind=DaemonSet
spec/template/spec/initContainers/volumeMounts/mountPath kind=DaemonSet
spec/template/spec/volumes/nfs/server kind=DaemonSet
spec/template/spec/containers/args kind=Deployment
spec/template/spec/containers/command kind=Deployment
spec/template/spec/containers/env/value kind=Deployment
spec/template/spec/containers/volumeMounts/mountPath kind=Deployment
spec/template/spec/initContainers/args kind=Deployment
spec/template/spec/initContainers/command kind=Deployment
spec/template/spec/initContainers/env/value kind=Deployment
spec/template/spec/initContainers/volumeMounts/mountPath kind=Deployment
spec/template/spec/volumes/nfs/server kind=Deployment
spec/template/metadata/annotations kind=Deployment
spec/rules/host kind=Ingress
spec/tls/hosts kind=Ingress
spec/tls/secretName kind=Ingress
spec/template/spec/containers/args kind=Job
spec/template/spec/containers/command kind=Job
spec/template/spec/containers/env/value kind=Job
spec/template/spec/containers/volumeMounts/mountPath kind=Job
spec/template/spec/initContainers/args kind=Job
spec/template/spec/initContainers/command kind=Job
spec/template/spec/initContainers/env/value kind=Job
spec/template/spec/initContainers/volumeMounts/mountPath kind=Job
spec/template/spec/volumes/nfs/server kind=Job
spec/containers/args kind=Pod
spec/containers/command kind=Pod
spec/containers/env/value kind=Pod
spec/containers/volumeMounts/mountPath kind=Pod
spec/initContainers/args kind=Pod
spec/initContainers/command kind=Pod
spec/initContainers/env/value kind=Pod
spec/initContainers/volumeMounts/mountPath kind=Pod
spec/volumes/nfs/server kind=Pod
spec/template/spec/containers/args kind=ReplicaSet
spec/template/spec/containers/command kind=ReplicaSet
spec/template/spec/containers/env/value kind=ReplicaSet
spec/template/spec/containers/volumeMounts/mountPath kind=ReplicaSet
spec/template/spec/initContainers/args kind=ReplicaSet
spec/template/spec/initContainers/command kind=ReplicaSet
spec/template/spec/initContainers/env/value kind=ReplicaSet
spec/template/spec/initContainers/volumeMounts/mountPath kind=ReplicaSet
spec/template/spec/volumes/nfs/server kind=ReplicaSet
spec/ports/port kind=Service
spec/ports/targetPort kind=Service
spec/template/spec/containers/args kind=StatefulSet
spec/template/spec/containers/command kind=StatefulSet
spec/template/spec/containers/env/value kind=StatefulSet
spec/template/spec/containers/volumeMounts/mountPath kind=StatefulSet
spec/template/spec/initContainers/args kind=StatefulSet
spec/template/spec/initContainers/command kind=StatefulSet
spec/template/spec/initContainers/env/value kind=StatefulSet
spec/template/spec/initContainers/volumeMounts/mountPath kind=StatefulSet
spec/volumeClaimTemplates/spec/nfs/server kind=StatefulSet
spec/nfs/server kind=PersistentVolume
metadata/labels
metadata/annotations
`;

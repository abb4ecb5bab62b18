{{- define "varai.pod-security" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "varai.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Takes { root, service, spool? }. */}}
{{- define "varai.mounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .spool }}
- { name: spool, mountPath: /var/lib/varai }
{{- end }}
{{- if include "varai.secret-sources" . | trim }}
- { name: secrets, mountPath: /etc/varai/secrets, readOnly: true }
{{- end }}
{{- if has "stores" (include "varai.needs" . | fromJsonArray) }}
# The folder, not the file: a file mounted by itself never sees a change.
- { name: stores, mountPath: /etc/varai/stores, readOnly: true }
{{- end }}
{{- if and (has "policy" (include "varai.needs" . | fromJsonArray)) .root.Values.policy }}
- { name: policy, mountPath: /etc/varai/policy, readOnly: true }
{{- end }}
{{- end -}}

{{/* Takes { root, service }. */}}
{{- define "varai.volumes" -}}
- { name: tmp, emptyDir: { sizeLimit: 64Mi } }
{{- with include "varai.secret-sources" . | trim }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- . | nindent 6 }}
{{- end }}
{{- if has "stores" (include "varai.needs" . | fromJsonArray) }}
{{- with .root.Values.stores }}
- name: stores
  secret:
    secretName: {{ required "stores.existingSecret: a secret with stores.yaml" .existingSecret }}
    defaultMode: 0440
    items: [{ key: {{ .secretKey }}, path: stores.yaml }]
{{- end }}
{{- end }}
{{- if and (has "policy" (include "varai.needs" . | fromJsonArray)) .root.Values.policy }}
- name: policy
  configMap: { name: {{ include "varai.policy-name" .root }} }
{{- end }}
{{- end -}}

{{/* What places pods; takes the root. */}}
{{- define "varai.placement" -}}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
One Deployment, or a StatefulSet where there is a spool: that is a disk for each replica, which outlives its pods.
Takes { root, service, lane?, replicas, autoscaled, resources, takesTraffic, spool?, collect?, training?, folder? }: the folder of
main.ts below services, where it is not the service's own.
A process stops in less than 10 s; who takes traffic first waits until no proxy sends any.
*/}}
{{- define "varai.deployment" -}}
apiVersion: apps/v1
kind: {{ not (empty .spool) | ternary "StatefulSet" "Deployment" }}
metadata:
  name: {{ include "varai.workload-name" . }}
  labels:
    {{- include "varai.selector" . | nindent 4 }}
    {{- include "varai.chart-labels" .root | nindent 4 }}
spec:
  {{- if not .autoscaled }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  {{- if .spool }}
  serviceName: {{ include "varai.workload-name" . }}
  podManagementPolicy: Parallel
  # A replica that is gone leaves deliveries behind: its disk stays, and a replica of the same number works them off.
  persistentVolumeClaimRetentionPolicy: { whenDeleted: Retain, whenScaled: Retain }
  volumeClaimTemplates:
    - metadata: { name: spool }
      spec:
        accessModes: [ReadWriteOncePod]
        {{- with .spool.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources: { requests: { storage: {{ .spool.size }} } }
  {{- else }}
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  {{- end }}
  selector:
    matchLabels:
      {{- include "varai.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "varai.selector" . | nindent 8 }}
        {{- include "varai.chart-labels" .root | nindent 8 }}
        {{- with .root.Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .root.Values.podAnnotations }}
      annotations: {{ toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "varai.service-account" .root }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 30
      securityContext:
        {{- include "varai.pod-security" . | nindent 8 }}
      topologySpreadConstraints:
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          matchLabelKeys: [{{ not (empty $.spool) | ternary "controller-revision-hash" "pod-template-hash" }}]
          labelSelector:
            matchLabels:
              {{- include "varai.selector" $ | nindent 14 }}
        {{- end }}
      {{- include "varai.placement" .root | nindent 6 }}
      containers:
        - name: {{ .service }}
          image: {{ include "varai.image" .root | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          {{- /* its portions of batches need twice the room for young objects that the image gives */}}
          command: [node, {{ if and (eq .service "sync-core") (not .folder) }}--max-semi-space-size=32, {{ end }}services/{{ .folder | default (printf "%s/src" .service) }}/main.ts]
          env:
            {{- include "varai.environment" . | nindent 12 }}
          {{- if and .takesTraffic .root.Values.stores.environmentSecrets }}
          envFrom:
            {{- range .root.Values.stores.environmentSecrets }}
            - secretRef: { name: {{ . }} }
            {{- end }}
          {{- end }}
          ports:
            - { name: http, containerPort: 8080 }
          startupProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
          {{- if .takesTraffic }}
          lifecycle:
            preStop: { sleep: { seconds: 5 } }
          {{- end }}
          resources: {{ toYaml .resources | nindent 12 }}
          securityContext:
            {{- include "varai.container-security" . | nindent 12 }}
          volumeMounts:
            {{- include "varai.mounts" . | nindent 12 }}
      volumes:
        {{- include "varai.volumes" . | nindent 8 }}
{{- end -}}

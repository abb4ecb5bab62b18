{{- define "varai.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "varai.chart-labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: varai-sync
{{- end -}}

{{/* What selects the pods of one workload. Takes { root, service, lane? }. */}}
{{- define "varai.selector" -}}
app.kubernetes.io/name: varai-sync
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- with .lane }}
varai-sync/lane: {{ . }}
{{- end }}
{{- end -}}

{{/* Name of one workload. Takes { root, service, lane? }. */}}
{{- define "varai.workload-name" -}}
{{- include "varai.fullname" .root }}-{{ .service }}{{ with .lane }}-{{ . }}{{ end -}}
{{- end -}}

{{- define "varai.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "varai.service-account" -}}
{{- .Values.serviceAccount.name | default (include "varai.fullname" .) -}}
{{- end -}}

{{/* Named by its content, so that another policy starts new pods. Takes the root. */}}
{{- define "varai.policy-name" -}}
{{- include "varai.fullname" . }}-policy-{{ .Values.policy | sha256sum | trunc 8 -}}
{{- end -}}

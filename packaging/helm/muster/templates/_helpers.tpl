{{- define "muster.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "muster.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "muster.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "muster.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "muster.selectorLabels" -}}
app.kubernetes.io/name: {{ include "muster.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "muster.labels" -}}
{{ include "muster.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "muster.serviceAccount" -}}
{{- default (include "muster.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{- define "muster.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{- define "muster.check" -}}
{{- if and .Values.secrets.keys (not .Values.secrets.existingSecret) }}
{{- fail "secrets.keys needs secrets.existingSecret" }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) (not .Values.store.existingSecret) }}
{{- fail "several replicas need PostgreSQL: set store.existingSecret" }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) (not (has "server-key" .Values.secrets.keys)) }}
{{- fail "several replicas need one server key: add server-key to secrets.existingSecret and secrets.keys" }}
{{- end }}
{{- end }}

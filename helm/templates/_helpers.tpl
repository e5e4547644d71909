{{- define "fleet-gateway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "fleet-gateway.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "fleet-gateway.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "fleet-gateway.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "fleet-gateway.selector" -}}
app.kubernetes.io/name: {{ include "fleet-gateway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "fleet-gateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "fleet-gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "fleet-gateway.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "fleet-gateway.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* Whether the door is on the pod's loopback, where no Service reaches it. */}}
{{- define "fleet-gateway.onLoopback" -}}
{{- if or (hasPrefix "127." .Values.door.address) (eq .Values.door.address "::1") (eq .Values.door.address "localhost") }}true{{ end }}
{{- end }}

{{- /* The port of the pod behind the Service's, empty where there is none. */}}
{{- define "fleet-gateway.targetPort" -}}
{{- if .Values.service.targetPort }}
{{- .Values.service.targetPort }}
{{- else if not (include "fleet-gateway.onLoopback" .) }}
{{- "door" }}
{{- end }}
{{- end }}

{{- /* What the gateway reads: its own settings, the TLS bundles, and whatever else is said. */}}
{{- define "fleet-gateway.settings" -}}
{{- $pem := dict }}
{{- range $name, $bundle := .Values.bundles }}
{{- $folder := printf "file:/etc/fleet-gateway/bundles/%s/" $name }}
{{- $entry := dict }}
{{- with $bundle.truststore }}
{{- $_ := set $entry "truststore" (dict "certificate" (print $folder .)) }}
{{- end }}
{{- if $bundle.certificate }}
{{- $_ := set $entry "keystore" (dict "certificate" (print $folder $bundle.certificate) "private-key" (print $folder $bundle.privateKey)) }}
{{- end }}
{{- $_ := set $pem $name $entry }}
{{- end }}
{{- $settings := dict "gateway" .Values.gateway }}
{{- if $pem }}
{{- $_ := set $settings "spring" (dict "ssl" (dict "bundle" (dict "pem" $pem))) }}
{{- end }}
{{- mergeOverwrite (deepCopy .Values.config) $settings | toYaml }}
{{- end }}

{{- /* Refuses a secret that is written out, without repeating it: it would stand in the ConfigMap, and in the release. */}}
{{- define "fleet-gateway.keysAreReferred" -}}
{{- $places := dict "defaults" (default dict .Values.gateway.defaults) "cloud" (default dict .Values.gateway.cloud) }}
{{- range $name, $machine := .Values.gateway.machines }}
{{- $_ := set $places (print "machines." $name) (default dict $machine) }}
{{- end }}
{{- $secrets := dict }}
{{- range $place, $holder := $places }}
{{- $_ := set $secrets (print "gateway." $place ".credentials.key") (default dict $holder.credentials).key }}
{{- end }}
{{- $source := default dict (default dict .Values.config.spring).datasource }}
{{- $_ := set $secrets "config.spring.datasource.password" $source.password }}
{{- range $where, $secret := $secrets }}
{{- if and $secret (not (regexMatch "^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$" (toString $secret))) }}
{{- fail (printf "%s must be the name of a variable, such as ${ROVER_KEY}, which secretEnv takes from a secret; or, for a key, name a file of secretFiles as key-file" $where) }}
{{- end }}
{{- end }}
{{- if regexMatch "(?i)(password=|//[^/@]*:[^/@]*@)" (toString (default "" $source.url)) }}
{{- fail "config.spring.datasource.url must hold no password: give it as config.spring.datasource.password, such as ${DATABASE_PASSWORD}, which secretEnv takes from a secret" }}
{{- end }}
{{- end }}

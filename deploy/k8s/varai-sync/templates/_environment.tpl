{{/*
What each service is given, and nothing more: a consumer holds no webhook secret. The master key is for those who keep
keys or sealed events in the vault: sync-core reads events that were too large for Kafka, ml-collector makes names and
pseudonyms that nobody can trace back.
Takes { root, service }; yields a list of needs in JSON.
*/}}
{{- define "varai.needs" -}}
{{- if hasPrefix "ingest-" .service -}}["kafka", "mongo", "redis", "stores", "masterKey"]
{{- else if eq .service "sync-core" }}["kafka", "mongo", "redis", "masterKey", "policy"]
{{- else if eq .service "ml-collector" }}["kafka", "mongo", "redis", "masterKey"]
{{- else -}}["kafka", "mongo"]
{{- end -}}
{{- end -}}

{{/* Takes { root, service, lane?, spool?, collect?, training? }. Secrets come as files, so that they show in no pod description and no child process. */}}
{{- define "varai.environment" -}}
{{- $needs := include "varai.needs" . | fromJsonArray -}}
{{- $values := .root.Values -}}
- { name: NODE_ENV, value: production }
- { name: HOST, value: 0.0.0.0 }
- { name: PORT, value: "8080" }
- { name: VARAI_LOG_LEVEL, value: {{ $values.logLevel }} }
{{- with .spool }}
- { name: VARAI_SPOOL, value: /var/lib/varai/spool }
- { name: VARAI_SPOOL_MIB, value: {{ .maxMebibytes | quote }} }
{{- end }}
{{- with .collect }}
- { name: VARAI_COLLECT_REQUESTS_PER_ADDRESS, value: {{ .requestsPerAddress | int64 | quote }} }
- { name: VARAI_COLLECT_EVENTS_PER_KEY, value: {{ .eventsPerKey | int64 | quote }} }
- { name: VARAI_TRUSTED_PROXIES, value: {{ .trustedProxies | int64 | quote }} }
{{- end }}
{{- with .training }}
- { name: VARAI_ML_K, value: {{ .k | int64 | quote }} }
- { name: VARAI_ML_SETTLE, value: {{ .settleSeconds | int64 | quote }} }
- { name: VARAI_ML_RELEASE_EVERY, value: {{ .releaseEverySeconds | int64 | quote }} }
- { name: VARAI_ML_QUEUE_ROWS, value: {{ .queueRows | int64 | quote }} }
{{- end }}
{{- with .lane }}
- { name: LANES, value: {{ . }} }
{{- end }}
{{- if has "kafka" $needs }}
{{- with $values.kafka }}
- { name: KAFKA_BROKERS, value: {{ join "," (required "kafka.brokers: name at least one broker, host:port" .brokers) | quote }} }
- { name: SCHEMA_REGISTRY_URL, value: {{ required "kafka.registryUrl: where the schema registry answers" .registryUrl | quote }} }
- { name: VARAI_TOPIC_PREFIX, value: {{ .topicPrefix | quote }} }
{{- if .tls.enabled }}
- { name: KAFKA_TLS, value: "true" }
{{- end }}
{{- if .tls.caSecret }}
- { name: KAFKA_TLS_CA_FILE, value: /etc/varai/secrets/kafka-ca.crt }
{{- end }}
{{- if .tls.clientSecret }}
- { name: KAFKA_TLS_CERT_FILE, value: /etc/varai/secrets/kafka-tls.crt }
- { name: KAFKA_TLS_KEY_FILE, value: /etc/varai/secrets/kafka-tls.key }
{{- end }}
{{- with .sasl }}
{{- if .existingSecret }}
- { name: KAFKA_SASL_MECHANISM, value: {{ .mechanism }} }
- name: KAFKA_SASL_USERNAME
  valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: username } }
- { name: KAFKA_SASL_PASSWORD_FILE, value: /etc/varai/secrets/kafka-password }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if has "mongo" $needs }}
- { name: MONGO_DATABASE, value: {{ $values.mongo.database | quote }} }
{{- if $values.mongo.existingSecret }}
- { name: MONGO_URL_FILE, value: /etc/varai/secrets/mongo-url }
{{- else }}
- { name: MONGO_URL, value: {{ required "mongo: give url or existingSecret" $values.mongo.url | quote }} }
{{- end }}
{{- end }}
{{- if has "redis" $needs }}
{{- if $values.redis.existingSecret }}
- { name: REDIS_URL_FILE, value: /etc/varai/secrets/redis-url }
{{- else }}
- { name: REDIS_URL, value: {{ required "redis: give url or existingSecret" $values.redis.url | quote }} }
{{- end }}
{{- end }}
{{- if has "stores" $needs }}
- { name: VARAI_STORES, value: /etc/varai/stores/stores.yaml }
{{- end }}
{{- if has "masterKey" $needs }}
- { name: VARAI_MASTER_KEY_FILE, value: /etc/varai/secrets/master-key }
{{- end }}
{{- if eq .service "sync-core" }}
- { name: VARAI_TOLD_RECORDS, value: {{ join "," $values.toldRecords | quote }} }
{{- end }}
{{- if and (has "policy" $needs) $values.policy }}
- { name: VARAI_POLICY, value: /etc/varai/policy/policy.yaml }
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes { root, service }; the secrets that the service reads as files, as sources of one projected volume. */}}
{{- define "varai.secret-sources" -}}
{{- $needs := include "varai.needs" . | fromJsonArray -}}
{{- with .root.Values }}
{{- if has "kafka" $needs }}
{{- with .kafka.tls.caSecret }}
- secret: { name: {{ . }}, items: [{ key: ca.crt, path: kafka-ca.crt }] }
{{- end }}
{{- with .kafka.tls.clientSecret }}
- secret: { name: {{ . }}, items: [{ key: tls.crt, path: kafka-tls.crt }, { key: tls.key, path: kafka-tls.key }] }
{{- end }}
{{- with .kafka.sasl.existingSecret }}
- secret: { name: {{ . }}, items: [{ key: password, path: kafka-password }] }
{{- end }}
{{- end }}
{{- if and (has "mongo" $needs) .mongo.existingSecret }}
- secret: { name: {{ .mongo.existingSecret }}, items: [{ key: {{ .mongo.secretKey }}, path: mongo-url }] }
{{- end }}
{{- if and (has "redis" $needs) .redis.existingSecret }}
- secret: { name: {{ .redis.existingSecret }}, items: [{ key: {{ .redis.secretKey }}, path: redis-url }] }
{{- end }}
{{- if has "masterKey" $needs }}
- secret:
    name: {{ required "masterKey.existingSecret: a secret with the master key" .masterKey.existingSecret }}
    items: [{ key: {{ .masterKey.secretKey }}, path: master-key }]
{{- end }}
{{- end }}
{{- end -}}

FROM otel/opentelemetry-collector-opampsupervisor:0.158.0 AS supervisor
FROM otel/opentelemetry-collector-contrib:0.159.0 AS collector

FROM alpine:3.22
COPY --from=supervisor /usr/local/bin/opampsupervisor /usr/local/bin/opampsupervisor
COPY --from=collector /otelcol-contrib /usr/local/bin/otelcol-contrib
RUN mkdir -p /var/lib/otelcol/supervisor && chown 10001:10001 /var/lib/otelcol/supervisor
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/opampsupervisor", "--config", "/etc/otelcol/supervisor.yaml"]

FROM grafana/grafana:11.2.0
USER root
RUN apk add --no-cache curl
# grafana
USER 472

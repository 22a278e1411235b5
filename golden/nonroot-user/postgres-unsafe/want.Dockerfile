FROM postgres:16-alpine
COPY schema.sql /docker-entrypoint-initdb.d/10-schema.sql
# postgres
USER 70:70

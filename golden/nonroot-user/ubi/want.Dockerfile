FROM registry.access.redhat.com/ubi9/ubi:9.5
RUN dnf install -y nodejs && dnf clean all
WORKDIR /opt/app-root/src
COPY --chown=10001:10001 . .
RUN npm ci
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /opt/app-root/src
# appuser
USER 10001:10001
CMD ["node", "app.js"]

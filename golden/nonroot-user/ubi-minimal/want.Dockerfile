FROM registry.access.redhat.com/ubi9/ubi-minimal
RUN microdnf install -y java-21-openjdk-headless && microdnf clean all
WORKDIR /deployments
COPY --chown=10001:10001 target/quarkus-app/ .
RUN echo 'appuser:x:10001:' >> /etc/group \
    && echo 'appuser:x:10001:10001::/home/appuser:/sbin/nologin' >> /etc/passwd \
    && mkdir -p /home/appuser \
    && chown 10001:10001 /deployments /home/appuser
# appuser
USER 10001:10001
CMD ["java", "-jar", "quarkus-run.jar"]

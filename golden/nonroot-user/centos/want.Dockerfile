FROM centos:7
RUN yum install -y java-1.8.0-openjdk-headless && yum clean all
COPY --chown=10001:10001 target/legacy.jar /opt/legacy/legacy.jar
WORKDIR /opt/legacy
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /opt/legacy
# appuser
USER 10001:10001
CMD ["java", "-jar", "legacy.jar"]

FROM eclipse-temurin:21-jre
ADD --chown=10001:10001 https://repo.example.com/releases/ledger-2.4.jar /ledger.jar
EXPOSE 8080
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["java", "-cp", "/ledger.jar", "com.example.Ledger"]

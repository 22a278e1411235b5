FROM tomcat:9-jre17
ENV TZ=Europe/Berlin
COPY --chown=10001:10001 shop.war webapps/ROOT.war
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /usr/local/tomcat/conf /usr/local/tomcat/webapps
# appuser
USER 10001:10001
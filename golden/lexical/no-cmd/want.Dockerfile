FROM tomcat:10-jdk21
COPY --chown=10001:10001 target/app.war webapps/app.war
EXPOSE 8080
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /usr/local/tomcat/conf /usr/local/tomcat/webapps
# appuser
USER 10001:10001

# end

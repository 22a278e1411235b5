FROM tomcat:8.5-jre8-alpine
COPY --chown=10001:10001 target/orders.war /usr/local/tomcat/webapps/
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /usr/local/tomcat/conf /usr/local/tomcat/temp /usr/local/tomcat/webapps
# appuser
USER 10001:10001
CMD ["catalina.sh", "run"]

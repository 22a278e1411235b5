FROM acme/jdk:21
COPY target/app.jar /srv/app.jar
# svc
USER 1700
CMD ["java", "-jar", "/srv/app.jar"]

FROM jenkins/jenkins:lts
USER root
RUN apt-get update && apt-get install -y --no-install-recommends maven
COPY plugins.txt /usr/share/jenkins/ref/plugins.txt
# jenkins
USER 1000:1000

FROM httpd:2.4-alpine
RUN sed -i 's/^Listen 80$/Listen 8080/' /usr/local/apache2/conf/httpd.conf
COPY ./public-html/ /usr/local/apache2/htdocs/
EXPOSE 8080
RUN chown 82:82 /usr/local/apache2/logs
# www-data
USER 82:82

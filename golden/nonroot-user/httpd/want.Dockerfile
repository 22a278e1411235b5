FROM httpd:2.4
RUN sed -i 's/^Listen 80$/Listen 8080/' conf/httpd.conf
COPY site/ htdocs/
EXPOSE 8080
RUN chown 33:33 /usr/local/apache2/logs
# www-data
USER 33:33

FROM httpd:2.4
COPY httpd.conf /usr/local/apache2/conf/httpd.conf
COPY site/ /usr/local/apache2/htdocs/
RUN chown 33:33 /usr/local/apache2/logs
# www-data
USER 33:33

FROM httpd:2.4
COPY vhosts.conf /usr/local/apache2/conf/extra/vhosts.conf
RUN echo "Include conf/extra/vhosts.conf" >> /usr/local/apache2/conf/httpd.conf
RUN chown 33:33 /usr/local/apache2/logs
# www-data
USER 33:33

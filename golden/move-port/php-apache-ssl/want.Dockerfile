FROM php:8.2-apache
RUN a2enmod ssl && a2ensite default-ssl
COPY --chown=33:33 src/ /var/www/html/
EXPOSE 80 443
# www-data
USER 33:33

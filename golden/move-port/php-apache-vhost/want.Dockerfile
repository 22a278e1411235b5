FROM php:8.2-apache
ENV APACHE_RUN_DIR=/tmp APACHE_LOCK_DIR=/tmp APACHE_PID_FILE=/tmp/apache2.pid
RUN sed -i 's/^Listen 80$/Listen 8080/' /etc/apache2/ports.conf
RUN a2enmod rewrite headers
COPY docker/vhost.conf /etc/apache2/sites-available/000-default.conf
COPY --chown=33:33 src/ /var/www/html/
HEALTHCHECK CMD curl -f http://localhost:8080/health.php || exit 1
# www-data
USER 33:33

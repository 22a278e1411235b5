FROM php:8.3-apache
ENV APACHE_RUN_DIR=/tmp APACHE_LOCK_DIR=/tmp APACHE_PID_FILE=/tmp/apache2.pid
RUN sed -i 's/^Listen 80$/Listen 8080/' /etc/apache2/ports.conf \
    && sed -i 's/<VirtualHost \*:80>/<VirtualHost *:8080>/' /etc/apache2/sites-available/000-default.conf
ENV APACHE_DOCUMENT_ROOT=/var/www/html/public
RUN sed -ri -e 's!/var/www/html!${APACHE_DOCUMENT_ROOT}!g' /etc/apache2/sites-available/*.conf
RUN docker-php-ext-install pdo_mysql && a2enmod rewrite
COPY --chown=33:33 . /var/www/html/
EXPOSE 8080
# www-data
USER 33:33

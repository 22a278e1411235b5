FROM php:8.3-fpm
COPY php.ini /usr/local/etc/php/
COPY opcache.ini /usr/local/etc/php/conf.d/
COPY --chown=33:33 . /var/www/html
# www-data
USER 33:33

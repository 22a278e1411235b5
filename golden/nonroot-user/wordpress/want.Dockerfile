FROM wordpress:6-php8.2-fpm
COPY theme /usr/src/wordpress/wp-content/themes/acme
# www-data
USER 33:33

FROM acme/odoo:12
USER root
RUN usermod -u 1500 odoo
# odoo
USER 1500

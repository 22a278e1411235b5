FROM python:3.12-slim
RUN <<EOF
#!/usr/bin/env python3
import os
print(os.uname())
EOF
RUN python3 - <<'PY' 3<<X
USER = "root"
PY
CMD x
X
WORKDIR /app
COPY --chown=10001:10001 . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["python", "main.py"]

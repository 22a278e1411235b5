FROM python:3.12-slim
ENV WINDOWS_ROOT=C:\\
# nobody
USER 65534
CMD ["python", "-V"]

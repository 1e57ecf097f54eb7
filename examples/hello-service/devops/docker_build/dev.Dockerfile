ARG BASE_IMAGE=relsh-base:python
FROM ${BASE_IMAGE}

# Containers write nothing into the source that is mounted at /app.
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

ARG POETRY_MODE=no_update
ARG INSTALL_DIND=False
ARG CLEAN_UP_INSTALLATION=True
ENV POETRY_MODE=${POETRY_MODE} INSTALL_DIND=${INSTALL_DIND} CLEAN_UP_INSTALLATION=${CLEAN_UP_INSTALLATION}
COPY devops/docker_build/freeze.py /install/
RUN python3 /install/freeze.py

WORKDIR /app
EXPOSE 8080
CMD ["python3", "-m", "hello"]
LABEL hello-service.stage=dev

# Every release has another version: what stands above keeps its place in the cache.
ARG AM_CONTAINER_VERSION
ENV AM_CONTAINER_VERSION=${AM_CONTAINER_VERSION}
LABEL org.opencontainers.image.title=hello-service org.opencontainers.image.version=${AM_CONTAINER_VERSION}

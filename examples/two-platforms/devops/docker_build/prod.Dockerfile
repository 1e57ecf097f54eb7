ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY changelog.txt /app/changelog.txt

ARG PROD_VERSION
LABEL org.opencontainers.image.version=${PROD_VERSION}

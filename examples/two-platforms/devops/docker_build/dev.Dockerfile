FROM scratch
ARG TARGETARCH
COPY check-${TARGETARCH} /check
COPY changelog.txt /changelog.txt
CMD ["/check"]

ARG AM_CONTAINER_VERSION
LABEL org.opencontainers.image.title=two-platforms org.opencontainers.image.version=${AM_CONTAINER_VERSION}

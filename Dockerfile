# syntax=docker/dockerfile:1
# One image for every role: a program, the C library and nothing else, run by nobody in particular.
#
#   docker build --tag signet .
#   docker run --read-only --volume $PWD/deploy/signet.toml:/etc/signet/signet.toml:ro … signet    (docs/operators.md)

FROM node:22-bookworm-slim AS console
WORKDIR /source
COPY docs/openapi.json docs/openapi.json
COPY console/ console/
RUN cd console && npm ci --no-audit --no-fund && npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
COPY --from=console /source/console/dist console/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --locked --profile dist --package signet --bin signet \
    && cp target/dist/signet /signet \
    && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /signet /usr/local/bin/signet
# The store and the sealing key; the only folder that is written to, and never with mail.
COPY --from=build --chown=65532:65532 /data /var/lib/signet
USER 65532
WORKDIR /var/lib/signet
VOLUME /var/lib/signet
EXPOSE 25 8443 9090
# The drain may take as long as a next hop's answer.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s \
    CMD ["/usr/local/bin/signet", "health", "--config", "/etc/signet/signet.toml"]
ENTRYPOINT ["/usr/local/bin/signet"]
CMD ["run", "--config", "/etc/signet/signet.toml"]

# syntax=docker/dockerfile:1
# The gateway's image: pages, then the binary that holds them, then nothing but the binary.

FROM node:22.21.1-bookworm AS pages
# ffmpeg makes the clip of /watch in two renditions.
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN ./build

FROM rust:1.95.0-bookworm AS binary
# librdkafka is built from source, over the system's OpenSSL.
RUN apt-get update && apt-get install -y --no-install-recommends cmake libssl-dev pkg-config && rm -rf /var/lib/apt/lists/*
# The image's own toolchain, without the components that only development needs.
ENV RUSTUP_TOOLCHAIN=1.95.0
WORKDIR /build
COPY . .
COPY --from=pages /build/web/dist web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin playhead && cp target/release/playhead /playhead

FROM debian:12.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin playhead \
    && install --directory --owner 10001 --mode 0700 /var/lib/playhead/spool
COPY --from=binary /playhead /usr/local/bin/playhead
USER 10001
# The public port, and the operators'.
EXPOSE 8080 9464
ENTRYPOINT ["playhead"]
CMD ["serve"]

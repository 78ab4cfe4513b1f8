# The sidecar as one native file in a small image that runs as nobody in particular. The file is published first, on the host:
#
#   dotnet publish src/SpendGuard.Sidecar -c Release -r linux-x64 -p:PublishAot=true -o artifacts/native
#   docker build -t spendguard .
#   docker run --rm --network host -e OPENAI_API_KEY -e CAP_PRICING_SOURCE=bundled -v spendguard:/data spendguard
#
# It runs under any user id of group 0 (docker run --user 12345:0, OpenShift), and with a read-only file system (--read-only): only /data
# is written to.
#
# CI cannot build images, so that this file is checked by hand only. What is in the image is checked: ./test.sh publishes the native
# file in the same way and runs the sidecar's tests against it.
#
# Outside hosted mode it listens on the loopback address only, so callers share its network: the host's as above, or a pod's.

FROM debian:stable-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates openssl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --gid 0 --home-dir /data --no-create-home spendguard \
    && install --directory --owner 10001 --group 0 --mode 2770 /data
# For any user, whatever the umask was that it was published with.
COPY --chmod=0755 artifacts/native/SpendGuard.Sidecar /usr/local/bin/spendguard-sidecar
USER 10001:0
WORKDIR /data
# Where native libraries are unpacked that cannot be loaded from memory.
ENV HOME=/data \
    XDG_DATA_HOME=/data/.local \
    CAP_SQLITE_PATH=/data/spendguard.db
VOLUME /data
# What one user id writes, the next one of the group can write too.
ENTRYPOINT ["/bin/sh", "-c", "umask 0007 && exec /usr/local/bin/spendguard-sidecar \"$@\"", "spendguard-sidecar"]

# Sourced with $AREA, an empty folder, in namespaces of its own: what is written to /etc, /opt, /run and /var stays here,
# and whatever was started ends with the script.
set -euo pipefail
mount -t tmpfs tmpfs "$AREA"
for folder in etc opt run var; do
    mkdir -p "$AREA/$folder/upper" "$AREA/$folder/work"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$AREA/$folder/upper,workdir=$AREA/$folder/work" "/$folder"
done
mkdir -p "$AREA/pids" /run/postgresql
export PATH="$STAND_INS:$PROGRAMS:/usr/sbin:/usr/bin:/sbin:/bin"
useradd --system postgres 2>/dev/null || true
chown postgres /run/postgresql
install -d -o postgres /var/pg
runuser -u postgres -- initdb -D /var/pg/data --auth=peer -E UTF8 --locale=C.UTF-8 >/dev/null
runuser -u postgres -- pg_ctl -w -s -D /var/pg/data -o "-c listen_addresses= -k /run/postgresql" -l /var/pg/log start
grep -q " $NAME\$" /etc/hosts || echo "127.0.0.1 $NAME" >> /etc/hosts
export PGHOST=/var/run/postgresql  # where Debian's programs look; those of the wheel look in /tmp
export DJANGO_SUPERUSER_PASSWORD=only-for-tests-42

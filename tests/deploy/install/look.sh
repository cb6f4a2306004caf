# What has to be true of an installed directory.
ask() { curl --silent --show-error --cacert "/etc/letsencrypt/live/$NAME/fullchain.pem" --retry 30 --retry-connrefused --retry-delay 1 "$@"; }
[ "$(ask -o /dev/null -w '%{http_code}' "https://$NAME/institutions/")" = 200 ]
ask "https://$NAME/institutions.csv" | grep -q "Kazan Federal University"
[ "$(ask -o /dev/null -w '%{http_code} %{redirect_url}' "http://$NAME/")" = "301 https://$NAME/" ]
ask -D - -o /dev/null "https://$NAME/admin/login/" | grep -q "set-cookie: __Host-csrftoken="
[ "$(runuser -u directory -- head -c 7 .env)" = "# Every" ]
! runuser -u nobody -- cat .env 2>/dev/null

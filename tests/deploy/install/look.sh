# What has to be true of an installed directory. Answers go to a file: curl tells /dev/null to be empty before it asks
# again, which it cannot be told, and fails.
ask() { curl --silent --show-error --cacert "/etc/letsencrypt/live/$NAME/fullchain.pem" --retry 30 --retry-connrefused --retry-delay 1 "$@"; }
[ "$(ask -o "$AREA/answer" -w '%{http_code}' "https://$NAME/institutions/")" = 200 ]
ask "https://$NAME/institutions.csv" | grep -q "Kazan Federal University"
[ "$(ask -o "$AREA/answer" -w '%{http_code} %{redirect_url}' "http://$NAME/")" = "301 https://$NAME/" ]
ask -D - -o "$AREA/answer" "https://$NAME/admin/login/" | grep -q "set-cookie: __Host-csrftoken="
[ "$(runuser -u directory -- head -c 7 .env)" = "# Every" ]
! runuser -u nobody -- cat .env 2>/dev/null

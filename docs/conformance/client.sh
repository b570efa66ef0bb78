#!/bin/sh
# Calls `cleangov serve` with curl and openssl alone; prints the answer, then its status.
#
#   OFFICER=chen ONCE=gate-0001 PASS= sh client.sh ADDRESS KEY_ID KEY_FILE PATH [BODY_FILE]
#
# OFFICER is percent-encoded; ONCE is the Idempotency-Key; without a file it is a GET.
set -eu
address=${1%/} key_id=$2 key=$(cat "$3") path=$4 file=${5:-/dev/null}
officer=${OFFICER:-} once=${ONCE:-} pass=${PASS:-}
method=POST
[ "$file" != /dev/null ] || method=GET

at=$(date +%s)
nonce=$(openssl rand -hex 12)
digest=$(openssl dgst -sha256 -r <"$file" | cut -d ' ' -f 1)
base=/${address#*://*/}
signature=$(printf '%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s' CLEANGOV-HMAC-SHA256-1 \
  "$key_id" "$method" "$base$path" "$digest" "$at" "$nonce" "$officer" "$once" "$pass" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -r | cut -d ' ' -f 1)

# A header with an empty value is not sent by curl, as it should be.
set -- -H "CleanGov-Key: $key_id" -H "CleanGov-Time: $at" -H "CleanGov-Nonce: $nonce" \
  -H "CleanGov-Officer: $officer" -H "Idempotency-Key: $once" -H "CleanGov-Pass: $pass" \
  -H "CleanGov-Signature: $signature" -H 'Content-Type: application/json'
[ "$method" = GET ] || set -- "$@" --data-binary "@$file"
curl --silent --show-error --max-time 30 --write-out '\n%{http_code}\n' "$@" "$address$path"

# sh verify.sh KEYFILE, in the unpacked folder: says "good" with status 0, or not. KEYFILE: name+id+base64, from elsewhere.
set -eu; export LC_ALL=C; t=$(mktemp -d); trap 'rm -rf "$t"' EXIT; key=$(cat "$1"); name=${key%%+*}
sha() { openssl dgst -sha256 -binary > "$t/up"; mv "$t/up" "$1"; }; hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }
bytes() { printf %s "$1" | openssl base64 -d -A > "$t/h"; [ "$(openssl base64 -A -in "$t/h")" = "$1" ]; }
climb() { # INDEX LAST NODE HASH...: NODE becomes the root (RFC 9162, 2.1.3.2)
  i=$1 n=$2 x=$3; shift 3; [ "$i" -le "$n" ]
  for h; do
    [ "$n" -gt 0 ]; bytes "$h"; set -- "$x" "$t/h"
    if [ $((i % 2)) = 1 ] || [ "$i" = "$n" ]; then
      set -- "$t/h" "$x"; while [ $((i % 2)) = 0 ] && [ "$i" -gt 0 ]; do i=$((i / 2)) n=$((n / 2)); done; fi
    { printf '\001'; cat "$@"; } | sha "$x"; i=$((i / 2)) n=$((n / 2)); done; [ "$n" = 0 ]; }
proven() { # NAME: the file is a leaf under the head, at $at; its hash is $t/leaf
  sed '1,/^$/d' "$1.tlog-proof" | cmp - "$t/head"; { printf '\000'; cat "$1.json"; } | sha "$t/leaf"; cp "$t/leaf" "$t/root"
  [ "$(sed -n 1p "$1.tlog-proof")" = c2sp.org/tlog-proof@v1 ]; at=$(sed -n '2s/^index //p' "$1.tlog-proof")
  climb "$at" $((size - 1)) "$t/root" $(sed '1,2d;/^$/,$d' "$1.tlog-proof"); [ "$(openssl base64 -A -in "$t/root")" = "$root" ]; }
find . -type f ! -name SHA256SUM | cut -c 3- | sort | xargs sha256sum | sha256sum | cmp - SHA256SUM
sed '1,/^$/d' index.tlog-proof > "$t/head"; sed '/^$/,$d' "$t/head" > "$t/text"; size=$(sed -n 2p "$t/text")
root=$(sed -n 3p "$t/text"); [ "$(sed -n 1p "$t/text")" = "$name" ]; count=$(ls entries/*.json | wc -l); bytes "${key#*+*+}"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; tail -c 32 "$t/h"; } > "$t/key"; head -c 32 /dev/zero > "$t/chain"
sed -n "s|^— $name ||p" "$t/head" | while read -r s; do bytes "$s"; tail -c 64 "$t/h" > "$t/s"; openssl pkeyutl -verify -pubin \
  -keyform DER -inkey "$t/key" -rawin -in "$t/text" -sigfile "$t/s" || :; done | grep -q Verified
for e in entries/*.json; do proven "${e%.json}"; { printf 'cleangov chain\000'; cat "$t/chain" "$t/leaf"; } | sha "$t/chain"; done
proven index; last=$at; for o in own/*.json; do [ -e "$o" ] || break; proven "${o%.json}"; last=$((last + 1)) # own leaves
  [ "$at" = "$last" ]; grep -q '"meta":"' "$o"; done; [ "$last" = $((size - 1)) ] # alone are newer than the index
of=$(sed 's/.*,"of":\(\[.*\]\),"path":.*/\1/' case.json); { printf 'cleangov case\000'; printf %s "$of"; } | sha "$t/case"
id=$(hex "$t/case"); item=$id$(printf %016x "$count")$(hex "$t/chain"); bytes "$(sed 's/{"bucket":"\([^"]*\)",.*/\1/' case.json)"
[ "$(hex "$t/h" | fold -w 144 | grep "^$id")" = "$item" ]; { printf '\000'; cat "$t/h"; } | sha "$t/page"
grep -q "^{\"bucket\":\"[^\"]*\",\"count\":$count,\"of\":.*],\"v\":1}$" case.json
climb $((0x${id%"${id#????}"})) 65535 "$t/page" $(sed 's/.*,"path":\["\([^]]*\)"\].*/\1/;s/","/ /g' case.json)
grep -q "\"meta\":\"index\".*\"root\":\"$(hex "$t/page")\"" index.json; echo "good: all $count entries of $of, in a log of $size"

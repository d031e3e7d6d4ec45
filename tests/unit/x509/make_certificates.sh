#!/bin/sh
# Makes authorities and certificates with the OpenSSL command line: make_certificates.sh DIR STATEMENT
# For each of rsa, p256, sm2: ca.pem, leaf.pem, short.pem (long expired), cross.sig over STATEMENT, other.sig by another key, good.crl,
# partial.crl and delta.crl (of some certificates only), revoked.crl, good.ocsp, revoked.ocsp.
set -e
dir=$1
statement=$2

key() { # key KIND FILE
    case $1 in
        rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$2" ;;
        p256) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$2" ;;
        sm2) openssl genpkey -quiet -algorithm SM2 -out "$2" ;;
    esac
}

sign() { # sign KIND KEY OUT
    case $1 in
        sm2) openssl pkeyutl -sign -inkey "$2" -in "$statement" -out "$3" -rawin -digest sm3 -pkeyopt distid:1234567812345678 ;;
        *) openssl dgst -sha256 -sign "$2" -out "$3" "$statement" ;;
    esac
}

for kind in rsa p256 sm2; do
    at=$dir/$kind
    mkdir -p "$at/db"
    digest=sha256
    option=
    if [ $kind = sm2 ]; then
        digest=sm3
        option='-sigopt distid:1234567812345678 -vfyopt distid:1234567812345678'
        signing='-sigopt distid:1234567812345678'
    else
        signing=
    fi
    cat > "$at/ca.cnf" <<CONF
[ca]
default_ca = here
[here]
dir = $at
database = $at/db/index.txt
serial = $at/db/serial
new_certs_dir = $at/db
certificate = $at/ca.pem
private_key = $at/ca.key
default_md = $digest
policy = any
x509_extensions = leaf
crl_extensions = crl
default_crl_days = 3650
unique_subject = no
[any]
commonName = supplied
organizationName = optional
[leaf]
basicConstraints = CA:FALSE
authorityKeyIdentifier = keyid
[crl]
authorityKeyIdentifier = keyid
[partial]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@point
[point]
onlyCA = TRUE
[delta]
authorityKeyIdentifier = keyid
2.5.29.27 = critical,ASN1:INTEGER:1
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
CONF
    : > "$at/db/index.txt"
    echo 1000 > "$at/db/serial"
    key $kind "$at/ca.key"
    # shellcheck disable=SC2086
    openssl req -new -x509 -key "$at/ca.key" -$digest $signing -days 7300 -subj "/O=Test/CN=$kind authority" -config "$at/ca.cnf" \
        -addext basicConstraints=critical,CA:TRUE -addext subjectKeyIdentifier=hash -out "$at/ca.pem"
    for name in leaf short; do
        key $kind "$at/$name.key"
        # shellcheck disable=SC2086
        openssl req -new -key "$at/$name.key" -$digest $signing -subj "/O=Test/CN=$kind $name" -config "$at/ca.cnf" -out "$at/$name.csr"
    done
    issue="openssl ca -batch -notext -config $at/ca.cnf $option"
    $issue -startdate 20250101000000Z -enddate 20400101000000Z -in "$at/leaf.csr" -out "$at/leaf.pem" 2> "$at/log"
    $issue -startdate 20250101000000Z -enddate 20250201000000Z -in "$at/short.csr" -out "$at/short.pem" 2>> "$at/log"
    key $kind "$at/other.key"
    sign $kind "$at/leaf.key" "$at/cross.sig"
    sign $kind "$at/other.key" "$at/other.sig"
    answer() { # answer OUT
        openssl ocsp -index "$at/db/index.txt" -rsigner "$at/ca.pem" -rkey "$at/ca.key" -CA "$at/ca.pem" -issuer "$at/ca.pem" \
            -cert "$at/leaf.pem" -no_nonce -ndays 3650 -rmd $digest -respout "$1" > "$at/ocsp.log" 2>&1
    }
    # shellcheck disable=SC2086
    openssl ca -config "$at/ca.cnf" $signing -gencrl -out "$at/good.crl" 2>> "$at/log"
    for list in partial delta; do
        # shellcheck disable=SC2086
        openssl ca -config "$at/ca.cnf" $signing -gencrl -crlexts $list -out "$at/$list.crl" 2>> "$at/log"
    done
    answer "$at/good.ocsp" || rm -f "$at/good.ocsp"
    # shellcheck disable=SC2086
    openssl ca -config "$at/ca.cnf" $option -revoke "$at/leaf.pem" -crl_reason keyCompromise 2>> "$at/log"
    # shellcheck disable=SC2086
    openssl ca -config "$at/ca.cnf" $signing -gencrl -out "$at/revoked.crl" 2>> "$at/log"
    answer "$at/revoked.ocsp" || rm -f "$at/revoked.ocsp"
done

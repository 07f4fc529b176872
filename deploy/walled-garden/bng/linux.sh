#!/bin/sh
# The routes of a Linux BNG to the walled gateway. Addresses and links as in the drawing of README.md: put yours.
#   linux.sh GATEWAY4 GATEWAY6 LINK  VOICE_GATEWAY4 VOICE_GATEWAY6 VOICE_LINK
set -eu

hand_over() { # hand_over MARK TABLE GATEWAY4 GATEWAY6 LINK
    for family in -4 -6; do
        ip $family rule del fwmark "$1" lookup "$2" 2>/dev/null || true
        ip $family rule add fwmark "$1" lookup "$2" priority "$2"
        # The link down: refused at once, and nothing leaks. Leave this line out to be lenient instead.
        ip $family route replace unreachable default metric 4278198272 table "$2"
    done
    ip -4 route replace default via "$3" dev "$5" table "$2"
    ip -6 route replace default via "$4" dev "$5" table "$2"
}

hand_over 0x77 177 "$1" "$2" "$3"
hand_over 0x78 178 "$4" "$5" "$6"

# RouterOS 7: hands subscribers of the lists isp-blocked and isp-blocked-voice to the walled gateway.
# Written from the manual, NOT yet tried on a router: try it with one test contract, IPv4 and IPv6, in and out.
# Put your own: the gateway's addresses (10.255.0.2, 2001:db8:ffff::2; voice 10.255.1.2, 2001:db8:ffff:1::2) and 10.0.0.5,
# the RADIUS server that may send CoA.

# CoA is off by default, and so is the usual port.
/radius incoming set accept=yes port=3799

# One table for each wall. check-gateway: with the gateway dead the route goes away and, with `lookup`, subscribers have
# internet until it is back. Lenient on purpose; `lookup-only-in-table` in the rules would be strict.
/routing table
add name=religa-wall fib
add name=religa-wall-voice fib
/ip route
add dst-address=0.0.0.0/0 gateway=10.255.0.2 routing-table=religa-wall check-gateway=ping
add dst-address=0.0.0.0/0 gateway=10.255.1.2 routing-table=religa-wall-voice check-gateway=ping
/ipv6 route
add dst-address=::/0 gateway=2001:db8:ffff::2 routing-table=religa-wall check-gateway=ping
add dst-address=::/0 gateway=2001:db8:ffff:1::2 routing-table=religa-wall-voice check-gateway=ping

# By source, before routing. Not what is for the router itself (dst-address-type).
/ip firewall mangle
add chain=prerouting src-address-list=isp-blocked dst-address-type=!local action=mark-routing new-routing-mark=religa-wall passthrough=no comment="religa: wall"
add chain=prerouting src-address-list=isp-blocked-voice dst-address-type=!local action=mark-routing new-routing-mark=religa-wall-voice passthrough=no comment="religa: wall with voice"
/ipv6 firewall mangle
add chain=prerouting src-address-list=isp-blocked dst-address-type=!local action=mark-routing new-routing-mark=religa-wall passthrough=no comment="religa: wall"
add chain=prerouting src-address-list=isp-blocked-voice dst-address-type=!local action=mark-routing new-routing-mark=religa-wall-voice passthrough=no comment="religa: wall with voice"

# FastTrack passes by the mangle rules, and a connection that is in FastTrack stays there when the block comes: leave the
# subscribers out of it altogether. Put the ranges you hand out.
/ip firewall address-list
add list=subscribers address=100.64.0.0/10
/ip firewall filter
set [find action=fasttrack-connection] src-address-list=!subscribers dst-address-list=!subscribers

# NAT: the portal has to see the inside address. Before the CGNAT rule, on the links to the gateway alone:
/ip firewall nat
add chain=srcnat out-interface=vlan-wall action=accept place-before=0 comment="religa: inside address"
add chain=srcnat out-interface=vlan-wall-voice action=accept place-before=0 comment="religa: inside address"

# IPv6. RADIUS puts the subscriber's IPv4 address into the list; whether your version puts the IPv6 prefix there, too, has
# to be tried. If it does not, this brings the IPv6 list into line with the IPv4 one, here every 10 s, for PPPoE with
# delegated prefixes (a binding of the DHCPv6 server bears the name of its PPPoE interface).
/system script
add name=religa-wall-ipv6 policy=read,write source={
  :foreach list in={"isp-blocked"; "isp-blocked-voice"} do={
    :local wanted [:toarray ""]
    :foreach session in=[/ppp active find] do={
      :local address [/ppp active get $session address]
      :local name [/ppp active get $session name]
      :if ([:len [/ip firewall address-list find list=$list address=$address]] > 0) do={
        :foreach binding in=[/ipv6 dhcp-server binding find server=("<pppoe-" . $name . ">")] do={
          :local prefix [/ipv6 dhcp-server binding get $binding address]
          :set ($wanted->[:tostr $prefix]) true
          :if ([:len [/ipv6 firewall address-list find list=$list address=$prefix]] = 0) do={
            /ipv6 firewall address-list add list=$list address=$prefix comment="religa"
          }
        }
      }
    }
    :foreach entry in=[/ipv6 firewall address-list find list=$list comment="religa"] do={
      :if (($wanted->[:tostr [/ipv6 firewall address-list get $entry address]]) != true) do={
        /ipv6 firewall address-list remove $entry
      }
    }
  }
}
/system scheduler add name=religa-wall-ipv6 interval=10s on-event=religa-wall-ipv6

/** One thing broken in the C code. The text must stand in the file exactly once. */
export interface Mutant {
  readonly what: string;
  /** Below bpf/. */
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
}

const mutant = (what: string, file: string, text: string, becomes: string): Mutant => ({ what, file, text, becomes });

export const MUTANTS: readonly Mutant[] = [
  mutant('a third VLAN tag is parsed', 'include/limits.h', 'NX_MAX_VLAN_TAGS 2', 'NX_MAX_VLAN_TAGS 3'),
  mutant('a ninth extension header is walked', 'include/limits.h', 'NX_MAX_EXT_HEADERS 8', 'NX_MAX_EXT_HEADERS 9'),
  mutant(
    'an authentication header is measured one word short',
    'stages/parse.h',
    '(header->reserved + 2) * 4',
    '(header->reserved + 1) * 4',
  ),
  mutant('TCP may begin at fragment offset 1', 'stages/parse.h', 'offset == 1 &&', 'offset == 2 &&'),
  mutant(
    'padding behind an IPv6 packet belongs to it',
    'stages/parse.h',
    'pkt->l3_end = pkt->l4 + sizeof(*ip) + payload;',
    'pkt->l3_end = frame->length;',
  ),
  mutant('a lying TCP data offset is believed', 'stages/transport.h', ' || tcp->doff * 4 > left', ''),
  mutant(
    'a lying UDP length is believed',
    'stages/transport.h',
    ' || (length > left && !(pkt->frag & NX_FRAG_FIRST))',
    '',
  ),
  mutant(
    'an IPv4 address may come as IPv6',
    'stages/sanity.h',
    'pkt->src.words[2] == bpf_htonl(0xffff)',
    'pkt->src.words[2] == 0xffff',
  ),
  mutant(
    'URG without ACK is a sane flag combination',
    'stages/sanity.h',
    'flags & (NX_TCP_FIN | NX_TCP_PSH | NX_TCP_URG) &&',
    'flags & (NX_TCP_FIN | NX_TCP_PSH) &&',
  ),
  mutant(
    'neighbour discovery comes from anywhere',
    'include/pkt.h',
    'pkt->hop_limit == 255 && !pkt->frag',
    '!pkt->frag',
  ),
  mutant(
    'bogons are judged before the whitelist',
    'netxfw.bpf.c',
    '?: nx_allow(pkt)\n\t    ?: nx_bogon(pkt)',
    '?: nx_bogon(pkt)\n\t    ?: nx_allow(pkt)',
  ),
  mutant(
    'the look-up behind an expired entry skips a prefix length',
    'stages/allow.h',
    'key.prefixlen = entry->prefixlen - 1;',
    'key.prefixlen = entry->prefixlen - 2;',
  ),
  mutant(
    'entries of the static lists never expire',
    'stages/allow.h',
    'if (!nx_expired(entry->expires_at, pkt->now))',
    'if (entry)',
  ),
  mutant(
    'dynamic blocks never expire',
    'stages/deny.h',
    'if (!entry || nx_expired(entry->expires_at, pkt->now))',
    'if (!entry)',
  ),
  mutant(
    'a dynamic block of an IPv6 /64 is not looked up',
    'stages/deny.h',
    'if (nx_dynamic_hit(&key, 64, pkt))',
    'if (false)',
  ),
  mutant(
    'a denied host in its second bucket passes',
    'stages/deny.h',
    'nx_hosts4_in(hash, addr) || nx_hosts4_in(nx_second_hash(hash), addr)',
    'nx_hosts4_in(hash, addr)',
  ),
  mutant(
    'a block of mixed entries is not asked about those that expire',
    'include/types.h',
    '(NX_INDEX_ALLOW | NX_INDEX_HOST | NX_INDEX_OTHER) << 4',
    '(NX_INDEX_ALLOW | NX_INDEX_HOST) << 4',
  ),
  mutant(
    'a block of mixed entries lets its hosts pass',
    'include/types.h',
    '(NX_INDEX_ALLOW | NX_INDEX_HOST | NX_INDEX_OTHER) << 4',
    '(NX_INDEX_ALLOW | NX_INDEX_OTHER) << 4',
  ),
  mutant(
    'a host that is denied by a network, too, is named as a host in some blocks',
    'stages/deny.h',
    'if (!entry->expires_at) {',
    'if (false) {',
  ),
  mutant(
    'a source that the kernel blocks itself gets no bit in front of its block',
    'stages/limit.h',
    'nx_touch(line, place);',
    '(void)place;',
  ),
  mutant('a bucket holds one packet less', 'include/bucket.h', 'if (next - now > depth)', 'if (next - now >= depth)'),
  mutant('an explanation takes from the bucket', 'include/bucket.h', 'if (cfg_explain || __sync_val', 'if (__sync_val'),
  mutant(
    'IPv6 sources are grouped one bit too wide',
    'stages/limit.h',
    'nx_half_mask(cfg_v6_prefix > 64 ? 64 : cfg_v6_prefix)',
    'nx_half_mask(cfg_v6_prefix > 64 ? 64 : cfg_v6_prefix - 1)',
  ),
  mutant(
    'the ICMP budget counts neighbour discovery',
    'stages/limit.h',
    '!bucket || nx_is_neighbour(pkt) || nx_is_mld(pkt)',
    '!bucket || nx_is_mld(pkt)',
  ),
  mutant(
    'the ports of a reply are swapped',
    'stages/conntrack.h',
    'key.src_port = pkt->dst_port;\n\t\tkey.dst_port = pkt->src_port;',
    'key.src_port = pkt->src_port;\n\t\tkey.dst_port = pkt->dst_port;',
  ),
  mutant(
    'a SYN answers an established flow',
    'stages/conntrack.h',
    'nx_is_syn(pkt) && flow->state != NX_FLOW_SYN_SENT',
    'false',
  ),
  mutant('a late fragment can be quoted', 'stages/conntrack.h', ' || ip->frag_off & bpf_htons(NX_IP_OFFSET)', ''),
  mutant(
    'an error may quote what another host sent',
    'stages/conntrack.h',
    'if (key.src.halves[0] != pkt->dst.halves[0] || key.src.halves[1] != pkt->dst.halves[1])',
    'if (false)',
  ),
  mutant(
    'a flow outlives its timeout',
    'include/flow.h',
    '!nx_older_than(flow->last_seen, pkt->now, nx_flow_timeout(flow, proto, t))',
    'true',
  ),
  mutant(
    'an outgoing SYN+ACK makes a flow',
    'stages/egress.h',
    'if (pkt->tcp_flags & NX_TCP_SYN && pkt->tcp_flags & NX_TCP_ACK)',
    'if (false)',
  ),
  mutant(
    'a late fragment is remembered for ever',
    'stages/fragment.h',
    '!first || nx_older_than(first->seen_at, pkt->now, t->frag_timeout)',
    '!first',
  ),
  mutant(
    'a dropped first fragment does not take back one that passed',
    'stages/fragment.h',
    'first.pass != cfg_default_deny && !bpf_map_lookup_elem(&frag_map, &key)',
    'first.pass != cfg_default_deny',
  ),
  mutant(
    'the port of a rule is read in the wrong byte order',
    'stages/rules.h',
    'nx_port_class(bpf_ntohs(pkt->dst_port))',
    'nx_port_class(pkt->dst_port)',
  ),
  mutant(
    'a rule for any protocol beats an equally long one for the protocol',
    'stages/rules.h',
    'any->prefixlen > specific->prefixlen',
    'any->prefixlen >= specific->prefixlen',
  ),
  mutant(
    'failsafe ports are open for UDP',
    'stages/policy.h',
    'pkt->proto == IPPROTO_TCP && nx_port_in(NX_PORTS_FAILSAFE_TCP',
    'nx_port_in(NX_PORTS_FAILSAFE_TCP',
  ),
  mutant(
    'multicast listener discovery comes from anywhere',
    'include/pkt.h',
    'pkt->hop_limit == NX_MLD_HOP_LIMIT &&',
    'true &&',
  ),
  mutant('monitor mode drops', 'stages/account.h', 'nx_is_drop(reason) && !would_drop ?', 'nx_is_drop(reason) ?'),
];

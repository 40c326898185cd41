/**
 * Layers of a packet as plain data. Every length, type and checksum that is left out is filled in correctly; one that is
 * given is written as it stands, so a packet can lie. Addresses default to the documentation ranges (RFC 5737, RFC 3849).
 */

/** Where packets come from and where the host is, unless a layer says otherwise. */
export const PEER4 = '192.0.2.1';
export const HOST4 = '198.51.100.1';
export const PEER6 = '2001:db8::1';
export const HOST6 = '2001:db8:1::1';

export interface EthLayer {
  readonly layer: 'eth';
  readonly src?: string;
  readonly dst?: string;
  /** EtherType, or the length of an 802.3 frame. */
  readonly type?: number;
}

export interface VlanLayer {
  readonly layer: 'vlan';
  readonly id: number;
  readonly priority?: number;
  /** EtherType by which the layer before announces this tag; default 0x8100. */
  readonly tpid?: number;
  /** EtherType of what follows. */
  readonly type?: number;
}

export interface ArpLayer {
  readonly layer: 'arp';
  readonly operation?: number;
  readonly sender?: string;
  readonly target?: string;
}

export interface LlcLayer {
  readonly layer: 'llc';
}

export interface Ipv4Layer {
  readonly layer: 'ipv4';
  readonly src?: string;
  readonly dst?: string;
  readonly version?: number;
  readonly tos?: number;
  readonly ttl?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly more?: boolean;
  /** Fragment offset in units of 8 bytes, as in the header. */
  readonly offset?: number;
  readonly protocol?: number;
  /** Bytes of options; padded with zeros to a multiple of four. */
  readonly options?: number;
  /** Header length in words of four bytes, as in the header. */
  readonly ihl?: number;
  readonly totalLength?: number;
  readonly checksum?: number;
}

export interface Ipv6Layer {
  readonly layer: 'ipv6';
  readonly src?: string;
  readonly dst?: string;
  readonly version?: number;
  readonly hopLimit?: number;
  readonly nextHeader?: number;
  readonly payloadLength?: number;
}

/** Hop-by-hop options, routing, destination options and AH; mobility and ESP end the chain. */
export interface ExtensionLayer {
  readonly layer: 'hopByHop' | 'routing' | 'destination' | 'ah' | 'mobility' | 'esp';
  readonly nextHeader?: number;
  /** Header bytes in all; default the smallest. */
  readonly bytes?: number;
  /** The length field as written. */
  readonly length?: number;
}

export interface FragmentLayer {
  readonly layer: 'fragment';
  readonly id?: number;
  /** In units of 8 bytes, as in the header. */
  readonly offset?: number;
  readonly more?: boolean;
  readonly nextHeader?: number;
}

export interface NoNextLayer {
  readonly layer: 'noNext';
}

export interface TcpLayer {
  readonly layer: 'tcp';
  readonly sport?: number;
  readonly dport?: number;
  /** Letters of FSRPAUEC; '' for none. Default 'S'. */
  readonly flags?: string;
  /** Bytes of options; padded to a multiple of four. */
  readonly options?: number;
  /** Data offset in words of four bytes, as in the header. */
  readonly dataOffset?: number;
  readonly checksum?: number;
}

export interface UdpLayer {
  readonly layer: 'udp';
  readonly sport?: number;
  readonly dport?: number;
  readonly length?: number;
  readonly checksum?: number;
}

export interface IcmpLayer {
  readonly layer: 'icmp' | 'icmp6';
  /** Default: echo request. */
  readonly type?: number;
  readonly code?: number;
  /** Echo identifier, bytes 4 and 5. */
  readonly id?: number;
  readonly seq?: number;
  readonly checksum?: number;
}

/** Bytes of an inner packet, as an ICMP error quotes them. */
export interface QuoteLayer {
  readonly layer: 'quote';
  readonly layers: readonly Layer[];
  /** Quote only so many bytes. */
  readonly bytes?: number;
}

/** Any other protocol: GRE, SCTP, or a number nobody uses. */
export interface ProtocolLayer {
  readonly layer: 'protocol';
  readonly number: number;
  readonly bytes: number;
}

export interface PayloadLayer {
  readonly layer: 'payload';
  readonly bytes: number | readonly number[];
}

/** Bytes behind the packet that no length counts, such as Ethernet padding. */
export interface TrailerLayer {
  readonly layer: 'trailer';
  readonly bytes: number;
}

export type Layer =
  | EthLayer
  | VlanLayer
  | ArpLayer
  | LlcLayer
  | Ipv4Layer
  | Ipv6Layer
  | ExtensionLayer
  | FragmentLayer
  | NoNextLayer
  | TcpLayer
  | UdpLayer
  | IcmpLayer
  | QuoteLayer
  | ProtocolLayer
  | PayloadLayer
  | TrailerLayer;

type Fields<T> = Omit<T, 'layer'>;

export const eth = (fields: Fields<EthLayer> = {}): EthLayer => ({ layer: 'eth', ...fields });
export const vlan = (id: number, fields: Omit<Fields<VlanLayer>, 'id'> = {}): VlanLayer => ({
  layer: 'vlan',
  id,
  ...fields,
});
/** An IEEE 802.1ad service tag. */
export const serviceTag = (id: number): VlanLayer => vlan(id, { tpid: 0x88a8 });
export const arp = (fields: Fields<ArpLayer> = {}): ArpLayer => ({ layer: 'arp', ...fields });
/** An LLC header; the frame before it gets a length instead of an EtherType. */
export const llc = (): LlcLayer => ({ layer: 'llc' });
export const ipv4 = (fields: Fields<Ipv4Layer> = {}): Ipv4Layer => ({ layer: 'ipv4', ...fields });
export const ipv6 = (fields: Fields<Ipv6Layer> = {}): Ipv6Layer => ({ layer: 'ipv6', ...fields });

const extension =
  (layer: ExtensionLayer['layer']) =>
  (fields: Fields<ExtensionLayer> = {}): ExtensionLayer => ({ layer, ...fields });
export const hopByHop = extension('hopByHop');
export const routing = extension('routing');
export const destination = extension('destination');
export const ah = extension('ah');
export const esp = extension('esp');
export const mobility = extension('mobility');
export const fragment = (fields: Fields<FragmentLayer> = {}): FragmentLayer => ({ layer: 'fragment', ...fields });
export const noNext = (): NoNextLayer => ({ layer: 'noNext' });

export const tcp = (fields: Fields<TcpLayer> = {}): TcpLayer => ({ layer: 'tcp', ...fields });
export const udp = (fields: Fields<UdpLayer> = {}): UdpLayer => ({ layer: 'udp', ...fields });
export const icmp = (fields: Fields<IcmpLayer> = {}): IcmpLayer => ({ layer: 'icmp', ...fields });
export const icmp6 = (fields: Fields<IcmpLayer> = {}): IcmpLayer => ({ layer: 'icmp6', ...fields });
export const quote = (layers: readonly Layer[], bytes?: number): QuoteLayer =>
  bytes === undefined ? { layer: 'quote', layers } : { layer: 'quote', layers, bytes };
export const protocol = (number: number, bytes = 8): ProtocolLayer => ({ layer: 'protocol', number, bytes });
export const gre = (): ProtocolLayer => protocol(47, 8);
export const sctp = (): ProtocolLayer => protocol(132, 12);
export const payload = (bytes: number | readonly number[]): PayloadLayer => ({ layer: 'payload', bytes });
export const trailer = (bytes: number): TrailerLayer => ({ layer: 'trailer', bytes });

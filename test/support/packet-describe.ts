import type { Layer } from './packet-layers.ts';
import { HOST4, HOST6, PEER4, PEER6 } from './packet-layers.ts';

/** One line for failure messages: `eth / vlan 10 / ipv4 192.0.2.1 > 198.51.100.1 / tcp 40000 > 80 S / payload 20`. */
export function describeLayers(stack: readonly Layer[]): string {
  return stack.map(describeLayer).join(' / ');
}

function describeLayer(layer: Layer): string {
  switch (layer.layer) {
    case 'vlan':
      return withRest(`vlan ${layer.id}`, layer, ['id']);
    case 'ipv4':
      return withRest(`ipv4 ${layer.src ?? PEER4} > ${layer.dst ?? HOST4}`, layer, ['src', 'dst']);
    case 'ipv6':
      return withRest(`ipv6 ${layer.src ?? PEER6} > ${layer.dst ?? HOST6}`, layer, ['src', 'dst']);
    case 'tcp': {
      const text = `tcp ${layer.sport ?? 40000} > ${layer.dport ?? 80} ${(layer.flags ?? 'S') || 'none'}`;
      return withRest(text, layer, ['sport', 'dport', 'flags']);
    }
    case 'udp':
      return withRest(`udp ${layer.sport ?? 40000} > ${layer.dport ?? 53}`, layer, ['sport', 'dport']);
    case 'icmp':
    case 'icmp6': {
      const type = layer.type ?? (layer.layer === 'icmp' ? 8 : 128);
      return withRest(`${layer.layer} type ${type}`, layer, ['type']);
    }
    case 'quote': {
      const cut = layer.bytes === undefined ? '' : ` cut to ${layer.bytes}`;
      return `quote(${describeLayers(layer.layers)})${cut}`;
    }
    case 'protocol':
      return `protocol ${layer.number}, ${layer.bytes} bytes`;
    case 'payload':
      return `payload ${typeof layer.bytes === 'number' ? layer.bytes : `[${layer.bytes.join(' ')}]`}`;
    default:
      return withRest(layer.layer, layer, []);
  }
}

/** Every field that the text does not show yet, as `name=value`. */
function withRest(text: string, layer: object, shown: readonly string[]): string {
  const rest = Object.entries(layer)
    .filter(([name]) => name !== 'layer' && !shown.includes(name))
    .map(([name, value]) => (value === true ? name : `${name}=${value}`));
  return [text, ...rest].join(' ');
}

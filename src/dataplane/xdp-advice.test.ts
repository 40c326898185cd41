import { describe, expect, it } from 'vitest';
import { adviseXdp } from './xdp-advice.ts';

// What the drivers of the kernel say, word for word.
describe('advice for a driver that refuses XDP', () => {
  it.each([
    ["Can't set XDP while host is implementing GRO_HW/CSUM, disable GRO_HW/CSUM first", 'ethtool -K nx9 rx-gro-hw off'],
    ["can't set XDP while HW-LRO is on, disable HW-LRO first", 'ethtool -K nx9 lro off'],
    ['Too few free TX rings available', 'ethtool -L nx9 combined 1'],
    [
      'Failed to set xdp program, the Rx/Tx channel count should be at most half of the maximum allowed channel count. The current queue count is: 8, the maximal queue count is: 8',
      'ethtool -L nx9 combined 4',
    ],
    [
      'Failed to set xdp program, the current MTU (9001) is larger than the maximum allowed MTU (3498) while xdp is on',
      'ip link set dev nx9 mtu 3498',
    ],
    ['MTU too large to enable XDP', 'ip link set dev nx9 mtu 1500'],
  ])('%s', (reason, command) => {
    expect(adviseXdp('nx9', reason)).toBe(command);
  });

  it.each(['Underlying driver does not support XDP in native mode', 'Peer MTU is too large to set XDP'])(
    'knows no command: %s',
    (reason) => {
      expect(adviseXdp('nx9', reason)).toBeUndefined();
    },
  );
});

import { expect, it } from 'vitest';
import { defaultRoutes4, defaultRoutes6 } from './default-interface.ts';

it('finds the default routes of IPv4 that are up', () => {
  const text = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	0102A8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
eth1	00000000	00000000	0001	0	0	50	000000FF	0	0	0
eth2	00000000	0101A8C0	0002	0	0	1	00000000	0	0	0
*	00000000	00000000	0201	0	0	1	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
`;
  expect(defaultRoutes4(text)).toEqual([
    { interface: 'wlan0', metric: 600 },
    { interface: 'eth0', metric: 100 },
  ]);
});

it('finds those of IPv6, and not the one that refuses', () => {
  const zero = '00000000000000000000000000000000';
  const text = `${zero} 00 ${zero} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo
20010db8000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth1
`;
  expect(defaultRoutes6(text)).toEqual([{ interface: 'eth0', metric: 1024 }]);
});

it('finds none in an empty table', () => {
  expect(defaultRoutes4('')).toEqual([]);
  expect(defaultRoutes6('')).toEqual([]);
});

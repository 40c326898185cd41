import { check } from './errors.ts';
import { withProgram } from './features.ts';
import { PROG_TYPE, XDP_ACTION } from './uapi.ts';
import { attachXdp, type XdpMode } from './xdp.ts';

/**
 * Attaches a program that passes every packet, and takes it off at once. Some drivers reset the card for it.
 * @throws BpfError as attachXdp does, with the driver's own reason
 */
export function tryXdp(ifindex: number, mode: XdpMode): void {
  const passing = [
    [0xb7, 0x00, 0, XDP_ACTION.PASS],
    [0x95, 0x00, 0, 0],
  ] as const;
  const loaded = withProgram(PROG_TYPE.XDP, passing, 0, (program) => {
    const link = attachXdp(program, ifindex, mode);
    link.detach();
    link[Symbol.dispose]();
    return 0;
  });
  check('load', loaded, { subject: 'an empty XDP program' });
}

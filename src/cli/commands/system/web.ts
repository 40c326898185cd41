import { NetxfwError } from '../../../model/errors.ts';
import { command } from '../../command.ts';
import type { WebDocument } from '../../documents.ts';

export default command({
  summary: 'Print where the web interface is, and how to get in',
  description: `The daemon serves it. One logs in with a token, which \`netxfw token create\` shows once. By default it
    listens on this host only; from elsewhere it is reached through ssh.`,
  examples: [{ run: 'netxfw web', note: 'the address' }],
  async run(context) {
    const { out, environment } = context;
    const sdk = await context.sdk();
    const { daemon, listeners } = await sdk.system.status();
    if (!daemon) throw new NetxfwError('DAEMON_UNREACHABLE', 'no daemon runs, which would serve the web interface');
    const web = listeners.find(({ name }) => name === 'web');
    if (web === undefined) {
      throw new NetxfwError('NOT_FOUND', 'the web interface is switched off', {
        hint: 'Set web.enabled: true in config.yaml and start the daemon anew.',
      });
    }
    if (web.problem !== null) throw new NetxfwError('PORT_IN_USE', `${web.address} is not served: ${web.problem}`);
    const tokens = await sdk.tokens.list();
    if (context.json) return out.json<WebDocument>({ url: web.address, tokens: tokens.length });
    await out.line(web.address);
    out.notice(
      tokens.length > 0
        ? 'log in with a token; another one: netxfw token create NAME'
        : 'make a token to log in with: netxfw token create NAME',
    );
    const { hostname, port } = new URL(web.address);
    if (environment.variables.SSH_CONNECTION !== undefined && /^(127\.|\[::1\]|localhost)/.test(hostname)) {
      out.notice(`from your own machine: ssh -L ${port}:${hostname}:${port} THIS-HOST, then open it there`);
    }
  },
});

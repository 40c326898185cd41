// Status of another host by its API: node remote.mjs URL TOKEN [FINGERPRINT]
// FINGERPRINT is the SHA-256 of its certificate, for one that no authority has signed:
//   openssl x509 -in cert.pem -noout -fingerprint -sha256
import { connect } from 'netxfw';

const [url, token, fingerprint] = process.argv.slice(2);
const netxfw = await connect({ url, token, ...(fingerprint === undefined ? {} : { fingerprint }) });
try {
  const { version, loaded, rules, warnings } = await netxfw.system.status();
  console.log(`netxfw ${version}, ${loaded ? 'loaded' : 'not loaded'}, ${rules.deny} denied`);
  for (const warning of warnings) console.log(`warning: ${warning}`);
} finally {
  await netxfw.close();
}

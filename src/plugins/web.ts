import { withoutCredentials } from '../model/config-secrets.ts';

/** How an address of the configuration is asked. */
export interface Asked {
  readonly url: string;
  /** User and password of the address, which fetch takes in no other way. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address for messages, which reach logs and readers. */
  readonly shown: string;
}

export function asked(address: string): Asked {
  const url = new URL(address);
  const { username, password } = url;
  const shown = withoutCredentials(address);
  if (username === '' && password === '') return { url: address, headers: {}, shown };
  const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  url.username = '';
  url.password = '';
  return { url: url.href, headers: { authorization: `Basic ${pair}` }, shown };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All of a body as text. @param refuse made when it has more bytes than it may have */
export async function wholeText(bytes: AsyncIterable<Uint8Array>, most: number, refuse: () => Error): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > most) throw refuse();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

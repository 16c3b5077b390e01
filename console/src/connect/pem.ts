/**
 * Text files with certificates and keys (PEM): what is in them is sorted into the chain and the key.
 */

export interface Pem {
  chain: string;
  key: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** The certificates and the key in a text, in their order; what is neither is left out. */
export function pemIn(text: string): Pem {
  const of = (what: RegExp) =>
    [...text.matchAll(BLOCK)]
      .filter(([, kind]) => what.test(kind!))
      .map(([block]) => `${block.replace(/\r\n?/g, "\n")}\n`)
      .join("");
  return { chain: of(/CERTIFICATE$/), key: of(/PRIVATE KEY$/) };
}

/** What files brought, over what was there: a file with a key alone leaves the chain as it is. */
export function withFiles(before: Pem, texts: string[]): Pem {
  const found = texts.map(pemIn);
  const chain = found.map((pem) => pem.chain).join("");
  const key = found.map((pem) => pem.key).join("");
  return { chain: chain || before.chain, key: key || before.key };
}

import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { MusterError } from '../../model/index.ts';
import type { AuthorityPem } from './authority-source.ts';
import type { Signer } from './sign-certificate.ts';

const certificatePem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
const keyPemBlock = /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----.+?-----END \1-----/s;

/** The first certificate of a PEM text, if it is an authority's. Throws `CA_INVALID`, naming `what`. */
export function loadAuthorityCertificate(text: string, what: string): X509Certificate {
  const pem = certificatePem.exec(text)?.[0];
  if (pem === undefined) throw invalid(`${what} holds no PEM certificate`);
  try {
    const certificate = new X509Certificate(pem);
    if (certificate.ca) return certificate;
  } catch (cause) {
    throw invalid(`${what} holds a certificate that cannot be read`, cause);
  }
  throw invalid(`the certificate in ${what} is not an authority's (basicConstraints CA:TRUE)`);
}

/** The authority's certificate with its key, fit to sign. Throws `CA_INVALID` where the two do not belong together. */
export async function loadSigner({ certPem, keyPem }: AuthorityPem, passphrase?: string): Promise<Signer> {
  const certificate = loadAuthorityCertificate(certPem, 'the certificate authority');
  const key = loadKey(keyPem, passphrase);
  if (!certificate.checkPrivateKey(key)) throw invalid('the key is not the certificate’s');
  const algorithm = algorithmOf(key);
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const imported = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  return { certPem: certificate.toString(), key: imported, algorithm };
}

function loadKey(text: string, passphrase: string | undefined): KeyObject {
  const [pem, label] = keyPemBlock.exec(text) ?? [];
  if (pem === undefined) throw invalid('there is no PEM private key');
  const isEncrypted = label === 'ENCRYPTED PRIVATE KEY' || pem.includes('Proc-Type: 4,ENCRYPTED');
  if (isEncrypted && passphrase === undefined)
    throw invalid('the key is encrypted and ca.passphrase is not set');
  if (!isEncrypted && passphrase !== undefined)
    throw invalid('ca.passphrase is set, but the key is not encrypted');
  try {
    return createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch (cause) {
    throw invalid('the key cannot be read, or ca.passphrase is not its passphrase', cause);
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  const curve = asymmetricKeyDetails?.namedCurve;
  if (asymmetricKeyType === 'ed25519') return { name: 'Ed25519' };
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (curve === 'prime256v1') return { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  if (curve === 'secp384r1') return { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
  if (curve === 'secp521r1') return { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' };
  throw invalid('the key is none of RSA, EC on P-256, P-384 or P-521, and Ed25519');
}

function invalid(message: string, cause?: unknown): MusterError {
  return new MusterError('CA_INVALID', `certificate authority: ${message}`, {
    disposition: 'stalled',
    hint: 'Give a CA certificate with its own key in PEM; an encrypted key (PKCS#8) needs MUSTER_CA_PASSPHRASE.',
    cause,
  });
}

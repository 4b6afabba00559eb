import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const certificatePem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The authorities in the listener's certificate file, or its own certificate where it signed itself, in PEM; empty where
 * the file names none, or there is no such file. An end certificate is left out: it is replaced more often than agents
 * are told.
 */
export async function readServerAuthorities(certFile: string | undefined): Promise<string> {
  if (certFile === undefined) return '';
  const text = await readFile(certFile, 'utf8').catch(() => '');
  return [...text.matchAll(certificatePem)]
    .map(([pem]) => pem)
    .filter(isAuthority)
    .map((pem) => `${pem}\n`)
    .join('');
}

function isAuthority(pem: string): boolean {
  try {
    const certificate = new X509Certificate(pem);
    return certificate.ca || certificate.checkIssued(certificate);
  } catch {
    return false;
  }
}

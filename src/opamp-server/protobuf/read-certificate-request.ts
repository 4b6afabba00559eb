import { messageLimits } from './limits.ts';
import { readBytes, readNested, type Scope } from './reader.ts';
import { connectionSettingsRequest as tags } from './tags.ts';

/**
 * The CSR of a ConnectionSettingsRequest at the reader's position, cut where it is longer than any can be; undefined
 * for a request about nothing that Muster knows, which is to be ignored (C-CSR-1).
 */
export function readCertificateRequest(scope: Scope): Uint8Array | undefined {
  let csr: Uint8Array | undefined;
  readNested(scope, 1, (tag) => {
    if (tag !== tags.opamp) return false;
    readNested(scope, 2, (inner) => {
      if (inner !== tags.certificateRequest) return false;
      csr ??= new Uint8Array();
      readNested(scope, 3, (innermost) => {
        if (innermost !== tags.csr) return false;
        csr = readBytes(scope, messageLimits.csrBytes);
        return true;
      });
      return true;
    });
    return true;
  });
  return csr;
}

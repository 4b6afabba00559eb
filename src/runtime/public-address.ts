import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, isIPv4, isIPv6, type LookupFunction } from 'node:net';

const mappedIpv4 = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/i;
const privateNetworks = createPrivateNetworks();

/** Whether an address is not out on the internet: this machine, private, link-local, shared, reserved or multicast. */
export function isPrivateAddress(address: string): boolean {
  const bare = mappedIpv4.exec(address)?.[1] ?? address.replace(/%.*$/, '');
  return isIPv4(bare) ? privateNetworks.check(bare) : !isIPv6(bare) || privateNetworks.check(bare, 'ipv6');
}

/** Throws where the host of a URL is itself a private address; names are judged by `lookupPublic`. */
export function refusePrivateHost({ hostname }: URL): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isPrivateAddress(host)) throw new PrivateAddressError(host);
}

/**
 * Resolves a name for a connection, and fails where it leads to a private address: judged when it is connected to, so
 * that a name that changes its mind between check and use gains nothing.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const found = addresses.find(({ address }) => isPrivateAddress(address));
    const [first] = addresses;
    if (found || !first) return callback(new PrivateAddressError(hostname), '');
    return options.all
      ? callback(null, addresses satisfies LookupAddress[])
      : callback(null, first.address, first.family);
  });
};

/** A host was to be connected to that is not out on the internet. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';

  constructor(host: string) {
    super(`${host} has a private address`);
  }
}

function createPrivateNetworks(): BlockList {
  const list = new BlockList();
  for (const network of [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
    ...['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3'],
    ...['::/127', '64:ff9b::/96', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
  ]) {
    const [net = '', prefix] = network.split('/');
    list.addSubnet(net, Number(prefix), isIPv6(net) ? 'ipv6' : 'ipv4');
  }
  return list;
}

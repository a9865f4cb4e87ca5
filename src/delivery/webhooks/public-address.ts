import ipaddr from 'ipaddr.js';

/** The only block that is given out for the public IPv6 internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');
const GLOBAL_UNICAST_BITS = 3;

/**
 * Whether an IP address belongs to the public internet: no loopback, private, link-local, carrier, multicast,
 * documentation or translated range, and neither is the IPv4 address that an IPv6 one stands for. False for what is no
 * address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST, GLOBAL_UNICAST_BITS);
}

/** The address that a host of a URL is by itself; null when it is a name. */
export function literalAddress(hostname: string): string | null {
  const text = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(text) ? text : null;
}

const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)\.?$/i;

/**
 * What is wrong with the URL of an endpoint; null when nothing is. Names are looked up only when something is sent:
 * what they stand for may change.
 */
export function endpointUrlProblem(text: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(text)) return 'must be a URL such as https://example.org/hooks';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must start with https:// or http://';
  if (url.username || url.password) return 'must not carry a user or password';
  if (url.hash) return 'must not have a fragment';
  if (allowPrivate) return null;
  const address = literalAddress(url.hostname);
  if (address === null)
    return LOCAL_NAME.test(url.hostname)
      ? 'must name a host on the public internet, unless NBA_WEBHOOK_ALLOW_PRIVATE=true'
      : null;
  return isPublicAddress(address)
    ? null
    : `must not be a private address (${address}), unless NBA_WEBHOOK_ALLOW_PRIVATE=true`;
}

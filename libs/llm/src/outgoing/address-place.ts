import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/**
 * Where an address lies. `inside`: this machine or a private network. `forbidden`: nobody's model server, but where clouds
 * hand out credentials and machines talk to themselves.
 */
export type AddressPlace = 'public' | 'inside' | 'forbidden';

const INSIDE_V4 = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
] as const;
const FORBIDDEN_V4 = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  // Metadata services outside the link-local range: Alibaba Cloud, Volcengine, Oracle, Azure.
  ['100.100.100.200', 32],
  ['100.96.0.96', 32],
  ['192.0.0.192', 32],
  ['168.63.129.16', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
const INSIDE_V6 = [
  ['::1', 128],
  ['fc00::', 7],
] as const;
const FORBIDDEN_V6 = [
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  // Metadata services: AWS, Google, Oracle, Scaleway.
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  ['fd00:c1::a9fe:a9fe', 128],
  ['fd00:42::42', 128],
  // Old ways to write an IPv4 address inside an IPv6 one (compatible, 6to4, Teredo, a NAT's own): no server lives there.
  ['::', 96],
  ['2002::', 16],
  ['2001::', 32],
  ['64:ff9b:1::', 48],
] as const;

type Ranges = readonly (readonly [string, number])[];

/** The list knows `::ffff:a.b.c.d` as `a.b.c.d` by itself; the form of NAT64 networks is added. */
function listOf(v4: Ranges, v6: Ranges): BlockList {
  const list = new BlockList();
  for (const [net, bits] of v4) {
    list.addSubnet(net, bits, 'ipv4');
    list.addSubnet(`64:ff9b::${net}`, 96 + bits, 'ipv6');
  }
  for (const [net, bits] of v6) list.addSubnet(net, bits, 'ipv6');
  return list;
}

const own = listOf([], [['::1', 128]]);
const forbidden = listOf(FORBIDDEN_V4, FORBIDDEN_V6);
const inside = listOf(INSIDE_V4, INSIDE_V6);

/** The place of an IP address; what is none is forbidden. */
export function placeOfIp(text: string): AddressPlace {
  const address = text.replace(/%.*$/, '');
  const version = isIP(address);
  if (version === 0) return 'forbidden';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (own.check(address, family)) return 'inside';
  if (forbidden.check(address, family)) return 'forbidden';
  return inside.check(address, family) ? 'inside' : 'public';
}

/** The IP address a URL names itself, in whatever notation: `URL` has read decimal, octal and hexadecimal forms by then. */
export function literalIp(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? null : host;
}

/** Names that mean something in a house's own network only. */
const HOUSE_NAME = /^(?:[^.]+|.*\.(?:localhost|localdomain|local|lan|internal|intranet|corp|home\.arpa|svc))\.?$/i;
const NAME_LOOKUP_MS = 3_000;

/** Where a URL leads as far as can be told now; of a name that does not resolve yet, what the name says. */
export async function placeOfUrl(url: URL): Promise<AddressPlace> {
  const ip = literalIp(url);
  if (ip !== null) return placeOfIp(ip);
  const places = (await resolve(url.hostname)).map(placeOfIp);
  if (places.includes('forbidden')) return 'forbidden';
  if (places.includes('inside')) return 'inside';
  return places.length === 0 && HOUSE_NAME.test(url.hostname) ? 'inside' : 'public';
}

async function resolve(name: string): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<[]>((done) => (timer = setTimeout(() => done([]), NAME_LOOKUP_MS)));
  const found = lookup(name, { all: true }).catch(() => []);
  const addresses = await Promise.race([found, late]);
  clearTimeout(timer);
  return addresses.map(({ address }) => address);
}

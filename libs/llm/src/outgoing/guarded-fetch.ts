import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { Agent, fetch as undiciFetch, type RequestInit as UndiciInit } from 'undici';
import { type AddressPlace, literalIp, placeOfIp } from './address-place.js';

/** How far a call may go: `inside` also to this machine and private networks, which the installation's admin has allowed. */
export type Reach = 'public' | 'inside';

/** The call went nowhere further: not to this address, or not on to where the server pointed. */
export class MisdirectedError extends Error {
  override readonly name = 'MisdirectedError';

  constructor(readonly code: 'provider_address_refused' | 'provider_redirects') {
    super(code);
  }
}

type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

function isRefused(place: AddressPlace, reach: Reach): boolean {
  return place === 'forbidden' || (place === 'inside' && reach === 'public');
}

/**
 * Resolves a name for a connection and refuses it where any of its addresses is out of reach: looked at when connecting,
 * so that a name that means another address by then gets nothing.
 */
export function guardedLookup(reach: Reach, resolve: Resolve = dns.lookup) {
  return (
    name: string,
    options: LookupOptions,
    done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const refused = addresses.some(({ address }) => isRefused(placeOfIp(address), reach));
      if (refused || addresses.length === 0) return done(new MisdirectedError('provider_address_refused'), []);
      if (options.all) return done(null, addresses);
      done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

const agents = {
  public: new Agent({ connect: { lookup: guardedLookup('public') } }),
  inside: new Agent({ connect: { lookup: guardedLookup('inside') } }),
};

/** A server may tidy up its own addresses so often. */
const MAX_HOPS = 3;

/**
 * `fetch` for texts and keys: never to forbidden addresses, to inside ones only where allowed, and on by a redirect only
 * within the same origin and with the same method and body.
 * @throws MisdirectedError, also as the cause of fetch's own error
 */
export function guardedFetch(reach: Reach): typeof fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      const ip = literalIp(url);
      if (ip !== null && isRefused(placeOfIp(ip), reach)) throw new MisdirectedError('provider_address_refused');
      const response = await send(url, init, reach);
      const next = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (next === null) return response;
      await response.body?.cancel();
      url = onward(url, next, response.status);
    }
    throw new MisdirectedError('provider_redirects');
  };
}

/** Node's own fetch is undici, but takes no dispatcher of another copy; the two differ in their types only. */
function send(url: URL, init: RequestInit | undefined, reach: Reach): Promise<Response> {
  const guarded = { ...init, redirect: 'manual', dispatcher: agents[reach] } as UndiciInit;
  return undiciFetch(url.href, guarded) as unknown as Promise<Response>;
}

function onward(from: URL, location: string, status: number): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const asAsked = status === 307 || status === 308;
  if (to?.origin !== from.origin || !asAsked) throw new MisdirectedError('provider_redirects');
  return to;
}

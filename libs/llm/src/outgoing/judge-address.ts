import { DomainError } from '@qingnang/kernel';
import { placeOfUrl } from './address-place.js';

/**
 * Whether a model server's address lies inside, as the installation's admin enters it.
 * @throws DomainError `provider.address_refused` (422)
 */
export async function isInsideAddress(baseUrl: string): Promise<boolean> {
  const place = await placeOfUrl(new URL(baseUrl));
  if (place !== 'forbidden') return place === 'inside';
  throw new DomainError({
    code: 'provider.address_refused',
    status: 422,
    field: '/baseUrl',
    detail:
      'No model server is reached at this address (link-local, metadata or unspecified range): enter the server’s own.',
  });
}

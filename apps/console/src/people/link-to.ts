/** A link to one of the console's first pages. The token stays behind the `#`, so that it reaches no server's log. */
export function linkTo(page: 'invite' | 'reset-password', token: string): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname}#/${page}/${token}`;
}

import type { AcceptInvite, InvitePreview, ResetPassword } from '@qingnang/contracts';
import { readJson, send } from '../providers/send';
import { beginSession } from './session';

/** What an invite link invites to, before anything is typed. */
export async function previewInvite(token: string): Promise<InvitePreview> {
  return readJson(await send('/auth/invite', { method: 'POST', body: { token } }));
}

/** Makes the account and signs it in. */
export async function acceptInvite(input: AcceptInvite): Promise<void> {
  await beginSession(await send('/auth/accept-invite', { method: 'POST', body: input }));
}

export async function resetPassword(input: ResetPassword): Promise<void> {
  await send('/auth/reset-password', { method: 'POST', body: input });
}

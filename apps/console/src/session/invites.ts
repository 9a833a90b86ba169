import type { AcceptInvite, ChangePassword, InvitePreview, ResetPassword } from '@qingnang/contracts';
import { api } from '../providers/http';
import { readJson, send } from '../providers/send';
import { beginSession, loadMe } from './session';

/** What an invite link invites to, before anything is typed. */
export async function previewInvite(token: string): Promise<InvitePreview> {
  return readJson(await send('/auth/invite', { method: 'POST', body: { token } }));
}

/** Makes the account and signs it in. */
export async function acceptInvite(input: AcceptInvite): Promise<void> {
  await beginSession(await send('/auth/accept-invite', { method: 'POST', body: input }));
}

/** Joins the project of an invite with the account that is signed in. */
export async function joinByInvite(token: string): Promise<void> {
  await api.post('/me/invites', { token });
  await loadMe();
}

/** Ends my other sessions. */
export async function changePassword(input: ChangePassword): Promise<void> {
  await api.post('/me/password', input);
}

export async function resetPassword(input: ResetPassword): Promise<void> {
  await send('/auth/reset-password', { method: 'POST', body: input });
}

import { newPassword } from '@qingnang/contracts';

/** Key of the sentence that says what is wrong with a new password, `null` when nothing is. */
export function passwordFault(password: string, repeated: string): string | null {
  if (!newPassword.safeParse(password).success) return 'auth.password_short';
  return password === repeated ? null : 'auth.passwords_differ';
}

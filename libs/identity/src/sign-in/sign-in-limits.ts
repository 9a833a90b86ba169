import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { KEYS, SETTINGS, type Keys, type Settings } from '@qingnang/config';
import type { Queryable } from '@qingnang/database';
import { DataSource } from 'typeorm';
import { countAttempt, countInWindow, forgetAttempts, takeBackFromWindow } from './attempts.js';
import { isKnownDevice } from './known-devices.js';
import { networkOf } from './network-of.js';
import { tokenHash } from './secrets.js';

/** Failures on an account from everywhere, or from an address on all accounts, that are many times one person's slips. */
const PRESSURE_FACTOR = 10;

/** An attempt that has been counted; `succeeded` takes it back. */
export interface CountedAttempt {
  succeeded(): Promise<void>;
}

/**
 * How often one may guess. Counted is the pair of account and address, so neither a stranger elsewhere nor a colleague
 * behind the same address can lock anybody out; a browser in which the account has signed in before has a count of its
 * own. Guessing spread over many addresses or many accounts leaves each new pair a single free try. Accounts that don't
 * exist share a fixed number of counters, so that invented logins cannot fill the table.
 */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(KEYS) private readonly keys: Keys,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Counts an attempt before the password is looked at. @throws DomainError 429 with the seconds to wait */
  async count(
    who: { personId: string | undefined; login: string },
    from: { address: string; device: string | undefined },
  ): Promise<CountedAttempt> {
    const free = this.settings.signInAttempts;
    if (await isKnownDevice(this.dataSource, who.personId, from.device)) {
      const key = `${accountKey(who.personId!)}device:${tokenHash(from.device!)}`;
      await countAttempt(this.dataSource, key, free);
      return { succeeded: () => forgetAttempts(this.dataSource, key) };
    }
    const network = networkOf(from.address);
    const account = who.personId ?? `nobody:${this.bucket(who.login)}`;
    const pair =
      who.personId === undefined
        ? `sign-in:nobody:${this.bucket(`${network} ${who.login}`)}`
        : `${accountKey(who.personId)}${this.bucket(network)}`;
    const wholes = [`sign-in:account:${account}`, `sign-in:address:${this.bucket(network)}`];
    const counts = [];
    for (const key of wholes) counts.push(await countInWindow(this.dataSource, key));
    const pressed = counts.some((count) => count > free * PRESSURE_FACTOR);
    await countAttempt(this.dataSource, pair, pressed ? 1 : free);
    return {
      succeeded: async () => {
        await forgetAttempts(this.dataSource, pair);
        for (const key of wholes) await takeBackFromWindow(this.dataSource, key);
      },
    };
  }

  /** One of 65,536 counters, by a keyed hash: nobody can choose to share one with somebody else. */
  private bucket(text: string): string {
    return createHmac('sha256', this.keys.signingKey).update(`bucket:${text}`).digest('hex').slice(0, 4);
  }
}

const accountKey = (personId: string): string => `sign-in:${personId}:`;

/** For who has a new password: what was guessed at the old one no longer counts. */
export async function forgetSignInAttempts(tx: Queryable, personId: string): Promise<void> {
  await tx.query('delete from attempt_delay where key like $1', [`${accountKey(personId)}%`]);
  await tx.query('delete from rate_counter where key = $1', [`sign-in:account:${personId}`]);
}

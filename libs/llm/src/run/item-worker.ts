import type { DataSource } from 'typeorm';
import { DomainError } from '@qingnang/kernel';
import { BudgetExhaustedError } from '../call/budgets.js';
import { chatTarget } from '../wire/chat-target.js';
import { sendChat } from '../wire/send-chat.js';
import { onceThereIsRoom } from './once-there-is-room.js';
import { SubjectGoneError } from '../job/llm-purpose.js';
import type { ClaimedItem } from './claim-items.js';
import type { LlmOptions, OpenJob } from './engine-options.js';
import { endItem, retryItem } from '../outcome/item-outcome.js';
import { countFault } from '../outcome/job-fault.js';
import { type Prepared, prepareCall } from './prepare-call.js';
import { recordOutcome } from '../outcome/record-outcome.js';
import { settleAnswer } from '../outcome/settle-answer.js';

/** Why the whole job should pause, as a code; null where it should not. */
export type PauseReason = string | null;

/** Takes one item as far as it goes: ask, keep the answer, store what it says. */
export class ItemWorker {
  constructor(
    private readonly dataSource: DataSource,
    private readonly options: LlmOptions,
    private readonly owner: string,
  ) {}

  /** Asks for a claimed item. Each step is a transaction of its own, so that a kill loses no more than the step at hand. */
  async ask(open: OpenJob, item: ClaimedItem, signal: AbortSignal): Promise<PauseReason> {
    const prepared = await this.prepare(open, item);
    if (prepared.kind === 'pause') return prepared.code;
    if (prepared.kind === 'cached') return this.store(open, item);
    if (prepared.kind !== 'send') return null;
    const target = chatTarget(open.provider, open.model, this.options.timeoutMs);
    const outcome = await sendChat(target, prepared.body, item.idempotencyKey, signal);
    const { owner, options, dataSource } = this;
    const sent = {
      open,
      item,
      callId: prepared.callId,
      asked: prepared.body,
      owner,
      leaseSeconds: options.leaseSeconds,
    };
    // It is paid for: on a full disk it is kept in hand until it can be written down.
    const after = await onceThereIsRoom(() => dataSource.transaction((tx) => recordOutcome(tx, sent, outcome)), signal);
    if (after === 'answered') return this.store(open, item);
    return after === 'elsewhere' ? null : after.pause;
  }

  private async prepare(open: OpenJob, item: ClaimedItem): Promise<Prepared | { kind: 'pause'; code: PauseReason }> {
    try {
      const prepared = await this.dataSource.transaction((tx) => prepareCall(tx, open, item, this.owner, this.options));
      if (prepared.kind === 'stopped') await this.giveBack(item, null);
      return prepared;
    } catch (error) {
      if (error instanceof BudgetExhaustedError) {
        await this.giveBack(item, error.code);
        return { kind: 'pause', code: error.code };
      }
      return { kind: 'pause', code: await this.endByError(open, item, error) };
    }
  }

  private async giveBack(item: ClaimedItem, code: string | null): Promise<void> {
    await this.dataSource.transaction((tx) => retryItem(tx, item, { delayMs: 0, code, free: true }));
  }

  private async endByError(open: OpenJob, item: ClaimedItem, error: unknown): Promise<PauseReason> {
    if (isRefusedByDatabase(error)) {
      await this.dataSource.transaction((tx) => endItem(tx, item, 'failed', 'storage_refused', null));
      return null;
    }
    if (!(error instanceof DomainError)) throw error;
    const { code, message } = error;
    if (error instanceof SubjectGoneError) {
      await this.dataSource.transaction((tx) => endItem(tx, item, 'skipped', code, message));
      return null;
    }
    return this.dataSource.transaction(async (tx) => {
      await endItem(tx, item, 'failed', code, message);
      return (await countFault(tx, open.job.id, { code })) ? code : null;
    });
  }

  /** Settles an answer that is on record, be it our own or one a dead worker left. */
  async store(open: OpenJob, claimed: ClaimedItem): Promise<PauseReason> {
    try {
      return await this.dataSource.transaction((tx) => settleAnswer(tx, open, claimed));
    } catch (error) {
      return this.endByError(open, claimed, error);
    }
  }
}

/** Values that cannot be stored (classes 22 and 23 of SQLSTATE) will not be storable next time either. */
function isRefusedByDatabase(error: unknown): boolean {
  const code = (error as { driverError?: { code?: unknown } } | null)?.driverError?.code;
  return typeof code === 'string' && /^2[23]/.test(code);
}

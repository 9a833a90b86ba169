import type { EntityManager } from 'typeorm';
import type { LlmPurposeName } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import type { LlmRequest } from '../call/llm-request.js';
import type { LlmItemEntity } from './llm-item.entity.js';
import type { LlmJobEntity } from './llm-job.entity.js';

/** What a purpose can say of a job before it starts; prices are added by the engine. */
export interface PurposeEstimate {
  subjects: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  egressRefused: number;
  alreadyDone: number;
  tooLong: number;
}

/** What the engine knows of the provider that a purpose may need to know. */
export interface PurposeContext {
  /** Text sent there leaves the house. */
  outside: boolean;
  /** Of the job's model; 0 = unknown. */
  contextTokens: number;
  textOnly: boolean;
}

export interface LlmAnswer {
  callId: string;
  text: string;
  rehearsal: boolean;
  model: string;
  providerId: string;
}

export interface LlmResult {
  type: string;
  id: string;
}

/**
 * One kind of model work, registered by the library that knows its subjects. The engine does all else: claims, leases,
 * budgets, retries, the ledger.
 */
export interface LlmPurpose {
  readonly purpose: LlmPurposeName;
  /** Whether an equal question answered before may serve; never for candidates, whose point is to differ. */
  readonly cacheable: boolean;

  /** Throws a DomainError (422) on a filter or settings it cannot work with. Reads, writes nothing. */
  estimate(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<PurposeEstimate>;

  /**
   * Writes the items out, once, when the job starts: `insert into llm_item … select …`, ids by {@link itemIdSql}, key `<id>.1`.
   * Items whose text may not leave are written as `skipped` with error code `egress_refused`.
   */
  writeItems(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<void>;

  /**
   * The question. Throws {@link SubjectGoneError} to skip the item, any other DomainError to fail it.
   * The same item must give the same question, since it may be sent twice under one key.
   */
  buildRequest(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<LlmRequest>;

  /** Keeps the answer, in this transaction. Throws {@link UnparsableAnswerError} to have it bought anew (three times at most). */
  store(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity, answer: LlmAnswer): Promise<LlmResult>;

  /** Told once when the last item has ended, in the transaction that ends the job. */
  ended?(tx: EntityManager, job: LlmJobEntity): Promise<void>;
}

/** The answer is not in the form asked for. */
export class UnparsableAnswerError extends DomainError {
  constructor(detail: string) {
    super({ code: 'unparsable', status: 502, detail });
  }
}

/** The subject was withdrawn, erased or answered otherwise since the job started: nothing to ask. */
export class SubjectGoneError extends DomainError {
  constructor(code: string, detail: string) {
    super({ code, status: 409, detail });
  }
}

/** The purposes of this process. Libraries register theirs when their module starts. */
export class PurposeRegistry {
  private readonly byName = new Map<LlmPurposeName, LlmPurpose>();

  register(purpose: LlmPurpose): void {
    const known = this.byName.get(purpose.purpose);
    if (known && known !== purpose) throw new Error(`two handlers for the purpose ${purpose.purpose}`);
    this.byName.set(purpose.purpose, purpose);
  }

  get(name: LlmPurposeName): LlmPurpose {
    const purpose = this.byName.get(name);
    if (!purpose) throw new Error(`no handler for the purpose ${name}`);
    return purpose;
  }
}
